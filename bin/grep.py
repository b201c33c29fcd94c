# grep - print the lines that match a pattern
# usage: grep [-EFPabchHilLnoqrRsvwxyzZ] [-m COUNT] [-A N] [-B N] [-C N | -COUNT] [-d ACTION] PATTERN [FILE...]
# usage: grep [OPTION...] -e PATTERN... [-f FILE...] [FILE...]
#
# Search each FILE, or standard input; with -r all files below each, or below the working directory.
#   -E  extended regular expressions    -F  fixed strings              -i  ignore case
#   -P  Perl's expressions: \d \w \s \b \K, *? ++, (?:...), (?i), look-around, \1
#   -w  whole words only                -x  whole lines only           -v  the lines that do not match
#   -c  only their number               -l  only the names of files    -L  the names of files without any
#   -o  only the matching parts         -n  line numbers               -b  offsets in bytes
#   -h  never the file's name           -H  always the file's name     -m COUNT  stop after COUNT lines
#   -q  no output, only the status      -s  no messages about unreadable files      -R  as -r      -y  as -i
#   -a  lines of files with NUL bytes, too: otherwise only a message that the file matches
#   -z  lines end with NUL              -Z  NUL instead of a newline after a file's name
#   -A N, -B N, -C N  N lines after, before, around each match too; -COUNT is short for -C COUNT
#   -d ACTION  for directories: read (an error), skip, or recurse like -r
#   --label=NAME  the name of standard input
#   --include=GLOB, --exclude=GLOB, --exclude-dir=GLOB  which files -r reads
#   --color[=always]  highlight matches; without always on a terminal only
# Status: 0 lines were found, 1 none, 2 an error.
# Deviations: no back-references but with -P.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/grep.html

from base.errors import Failure, Usage
from base.paths import basename, isdir, normal
from program import complain, inputs, odd, options, status
from regex.matcher import Matcher

proc = None

# Words in one string: a tuple of them takes three times as much memory.
LONG = (
    "after-context=A before-context=B byte-offset=b color colorless context=C count=c exclude: "
    "directories=d exclude-dir: extended-regexp=E file=f files-with-matches=l files-without-match=L fixed-strings=F "
    "ignore-case=i include: invert-match=v label: line-number=n line-regexp=x max-count=m "
    "no-filename=h no-messages=s null=Z perl-regexp=P null-data=z only-matching=o quiet=q recursive=r regexp=e text=a "
    "with-filename=H word-regexp=w"
)

VIRTUAL = ("/dev", "/proc")  # not searched below: the files of /dev have no end

_LIT = b"\x1b[01;31m\x1b[K%s\x1b[m\x1b[K"


async def __main__(args):
    opts, files = options([when(arg) for arg in args], "A:B:C:EFHLPRZabcd:e:f:hilm:noqrsvwxyz", LONG, "C")
    if "y" in opts:
        opts.given["i"] = True
    patterns = opts.all("e")
    if "f" in opts:
        for _, stream in inputs([opts["f"]]):
            while batch := await stream.lines():
                patterns.extend([line.decode() for line in batch])
        if status():
            return 2
    elif not patterns:
        if not files:
            raise Usage("missing pattern")
        patterns = [files.pop(0)]
    if "P" in opts:
        from regex.perl import PerlMatcher  # late: rarely used

        matcher = PerlMatcher(patterns, "i" in opts, "w" in opts, "x" in opts)
        opts.given.pop("i", None)  # the patterns ignore case themselves
    else:
        matcher = Matcher(patterns, "E" in opts, "F" in opts, "i" in opts, "w" in opts, "x" in opts)
    names = files
    titles = len(files) > 1
    if opts["d"] == "skip":
        names = [name for name in files if not isdir(name)]
    elif "r" in opts or "R" in opts or opts["d"] == "recurse":
        names = files_below(files, opts["include"], opts["exclude"], opts["exclude-dir"])
        titles = titles or not files or isdir(files[0])
    out = proc.stdout
    if "z" in opts:
        from text.swap import Swapped  # late: only for -z

        out = Swapped(out)
    search = Search(matcher, opts, out, ("H" in opts or titles) and "h" not in opts)
    for name, stream in inputs(names, quiet="s" in opts):
        if "z" in opts:
            stream = Swapped(stream)
        name = (opts["label"] or "(standard input)") if name == "-" else name
        try:
            await search.stream(stream, name)
        except (Failure, OSError) as e:  # a line is too long, a card was removed
            complain(name, e)
        if search.found and "q" in opts:
            return 0
    return 2 if status() else 0 if search.found else 1


def files_below(tops, include=None, exclude=None, without=None):
    """Yield the paths of files below tops, or below the working directory.

    include and exclude are patterns of the names of files, without of directories.
    """
    from base.files import Walk  # late: most searches name their files
    from text.pattern import match

    for top in tops or ["."]:
        try:
            walk = Walk(top, odd)
            for path, directory, depth in walk:
                name = basename(path)
                if directory:
                    if depth and (without and match(without, name) or normal(path, proc.cwd) in VIRTUAL):
                        walk.prune()
                elif directory is not None and (not include or match(include, name)):
                    if not exclude or not match(exclude, name):
                        yield path if tops else path[2:]
        except OSError as e:
            complain(top, e)


def when(arg):
    """Make --color without =always apply to terminals only."""
    if arg[:7] != "--color" or arg == "--color=always":
        return arg[:7] if arg[:7] == "--color" else arg
    return "--color" if arg[8:] != "never" and proc.stdout.isatty() else "--colorless"


class Search:
    """One run of grep. found: a line has been selected."""

    def __init__(self, matcher, opts, out, titles):
        """opts: the options of grep; titles: print the file name before each line."""
        self.matcher = matcher
        self.out = out
        self.titles = titles
        self.fold = "i" in opts
        self.invert = "v" in opts
        self.only = "o" in opts
        self.numbers = "n" in opts
        self.offsets = "b" in opts
        self.counts = "c" in opts
        self.names = "l" in opts
        self.others = "L" in opts
        self.ending = b"\0" if "Z" in opts else b"\n"  # after a file name printed alone
        self.silent = "q" in opts or "l" in opts or "L" in opts
        self.text = "a" in opts or "z" in opts  # do not treat NUL as a sign of a binary file
        self.limit = opts.number("m", -1)
        around = opts.number("C", 0)
        self.after = opts.number("A", around)
        self.before = opts.number("B", around)
        # If every match contains one fixed text, find that; else test each line.
        self.jumps = matcher.needle and not self.invert and not self.after and not self.before
        self.color = "color" in opts and not self.invert
        self.found = False

    async def stream(self, stream, name):
        """Search one stream."""
        self.title = name.encode()
        self.count = 0  # lines selected
        self.line = 0  # lines before the block
        self.byte = 0  # bytes before the block
        self.shown = 0  # the last line printed (context)
        self.still = 0  # trailing context lines still to print
        self.waiting = []  # leading context before a possible match: (number, offset, line)
        self.binary = False  # it has a NUL: do not print its lines
        look = self.jump if self.jumps else self.each
        fold = None
        if self.fold:
            from text.case import lower as fold  # late: most patterns are case-sensitive
        while self.limit and (data := await stream.block()):
            out = []
            self.binary = self.binary or not self.text and b"\0" in data
            done = look(data, fold(data) if fold else data, out)
            if out:
                self.out.write(b"".join(out))
            if done:
                break
            self.byte += len(data)
        if self.count:
            self.found = True
        if self.counts and not self.silent:
            self.out.write(b"%s%d\n" % (self.title + b":" if self.titles else b"", self.count))
        if self.names and self.count or self.others and not self.count:
            self.out.write(self.title + self.ending)

    def jump(self, data, text, out):
        """Go from one occurrence of the needle to the next. Return True to stop."""
        matcher = self.matcher
        needle = matcher.needle
        at = text.find(needle)
        counted = 0  # lines are counted up to this offset
        while at >= 0:
            start = (text.rfind(b"\n", 0, at) + 1) if at else 0
            end = text.find(b"\n", at)
            if end < 0:
                end = len(text)
            if matcher.sure or matcher.test(text[start:end]):
                if self.numbers:
                    self.line += data.count(b"\n", counted, start)
                    counted = start
                if self.chosen(data[start:end], text[start:end], self.line + 1, self.byte + start, out):
                    return True
            at = text.find(needle, end + 1)
        if self.numbers:
            self.line += data.count(b"\n", counted)
        return False

    def each(self, data, text, out):
        """Test every line. Return True to stop."""
        matcher = self.matcher
        context = self.after or self.before
        if not self.invert and not context and not matcher.may(text):
            if self.numbers:
                self.line += data.count(b"\n")
            return False
        lines = text.split(b"\n")
        if not lines[-1]:
            lines.pop()
        given = data.split(b"\n") if self.fold else lines
        test = matcher.test
        wanted = not self.invert
        offset = self.byte
        for i, line in enumerate(lines):
            self.line += 1
            if self.count != self.limit and test(line) == wanted:
                if context and not (self.silent or self.counts or self.binary):
                    self.lead(out)
                    self.shown = self.line
                    self.still = self.after
                if self.chosen(given[i], line, self.line, offset, out) and not self.still:
                    return True
            elif self.still:
                self.still -= 1
                self.shown = self.line
                out.append(self.prefix(b"-", self.line, offset) + given[i] + b"\n")
                if not self.still and self.count == self.limit:
                    return True
            elif self.before:
                self.waiting.append((self.line, offset, given[i]))
                if len(self.waiting) > self.before:
                    del self.waiting[0]
            offset += len(line) + 1
        return False

    def lead(self, out):
        """Print the leading context, after -- if lines are left out between it and the last line printed."""
        first = self.waiting[0][0] if self.waiting else self.line
        if self.shown and first > self.shown + 1 or self.found and not self.shown:
            out.append(b"--\n")
        for number, offset, line in self.waiting:
            out.append(self.prefix(b"-", number, offset) + line + b"\n")
        self.waiting = []

    def chosen(self, line, text, number, offset, out):
        """Handle a selected line. Return True to stop."""
        self.count += 1
        if self.silent:
            return True
        if self.binary and not self.counts:
            proc.complain(self.title.decode(), "binary file matches")
            return True
        if not self.counts:
            if self.color and not self.only:
                out.append(self.prefix(b":", number, offset) + self.lit(line, text) + b"\n")
            elif not self.only:
                out.append(self.prefix(b":", number, offset) + line + b"\n")
            elif not self.invert:
                for start, end in self.spans(text):
                    part = line[start:end]
                    if self.color:
                        part = _LIT % part
                    out.append(self.prefix(b":", number, offset + start) + part + b"\n")
        return self.count == self.limit

    def spans(self, text):
        """Yield (start, end) of the non-empty matches in a line."""
        at = 0
        while at <= len(text) and (span := self.matcher.span(text, at)):
            at = span[1]
            if span[0] == at:
                at += 1
            else:
                yield span

    def lit(self, line, text):
        """Return the line with its matches in colour."""
        parts = []
        at = 0
        for start, end in self.spans(text):
            parts.append(line[at:start] + _LIT % line[start:end])
            at = end
        return b"".join(parts) + line[at:]

    def prefix(self, sign, number, offset):
        """Return the prefix of a line."""
        text = self.title + sign if self.titles else b""
        if self.numbers:
            text += b"%d%s" % (number, sign)
        if self.offsets:
            text += b"%d%s" % (offset, sign)
        return text
