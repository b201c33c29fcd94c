# grep - print the lines that match a pattern
# usage: grep [-EFabchHilLnoqrRsvwxyzZ] [-m COUNT] [-A N] [-B N] [-C N | -COUNT] [-d ACTION] PATTERN [FILE...]
# usage: grep [OPTION...] -e PATTERN... [-f FILE...] [FILE...]
#
# Search each FILE, or standard input; with -r all files below each, or below the working directory.
#   -E  extended regular expressions    -F  plain text                 -i  upper and lower case are the same
#   -w  whole words only                -x  whole lines only           -v  the lines that do not match
#   -c  only their number               -l  only the names of files    -L  the names of files without any
#   -o  only what matched               -n  line numbers               -b  offsets in bytes
#   -h  never the file's name           -H  always the file's name     -m COUNT  stop after COUNT lines
#   -q  nothing, only the status        -s  no word about files that cannot be read      -R  as -r      -y  as -i
#   -a  lines of a file with NUL bytes too: otherwise it is only said that the file matches
#   -z  lines end with NUL              -Z  NUL instead of a newline behind a name that stands alone
#   -A N, -B N, -C N  N lines after, before, around each match too; -COUNT is short for -C COUNT
#   -d ACTION  with directories: read (an error), skip, or recurse as -r does
#   --label=NAME  what standard input is called
#   --include=GLOB, --exclude=GLOB, --exclude-dir=GLOB  which files -r reads
#   --color[=always]  show what matched; without always on a terminal only
# Status: 0 lines were found, 1 none, 2 an error.
# Deviations: no back-references; -i knows ASCII only.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/grep.html

from base.errors import Failure, Usage
from base.paths import isdir
from program import complain, inputs, options, status
from text.match import Matcher
from text.search import Search

proc = None

# Words in one string: a tuple of them takes three times as much memory.
LONG = (
    "after-context=A before-context=B byte-offset=b color=+ colorless=~ context=C count=c exclude=^ "
    "directories=d exclude-dir=/ extended-regexp=E file=f files-with-matches=l files-without-match=L fixed-strings=F "
    "ignore-case=i include=& invert-match=v label=@ line-number=n line-regexp=x max-count=m "
    "no-filename=h no-messages=s null=Z null-data=z only-matching=o quiet=q recursive=r regexp=e text=a "
    "with-filename=H word-regexp=w"
)


async def __main__(args):
    opts, files = options([when(arg) for arg in args], "A:B:C:EFHLRZabcd:e:f:hilm:noqrsvwxyz+~^:/:&:@:", LONG, "C")
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
    matcher = Matcher(patterns, "E" in opts, "F" in opts, "i" in opts, "w" in opts, "x" in opts)
    names = files
    titles = len(files) > 1
    if opts["d"] == "skip":
        names = [name for name in files if not isdir(name)]
    elif "r" in opts or "R" in opts or opts["d"] == "recurse":
        from text.tree import files_below  # late: most searches name their files

        names = files_below(files, opts["&"], opts["^"], opts["/"])
        titles = titles or not files or isdir(files[0])
    out = proc.stdout
    if "z" in opts:
        from text.swap import Swapped

        out = Swapped(out)
    search = Search(matcher, opts, out, ("H" in opts or titles) and "h" not in opts)
    for name, stream in inputs(names, quiet="s" in opts):
        if "z" in opts:
            stream = Swapped(stream)
        name = (opts["@"] or "(standard input)") if name == "-" else name
        try:
            await search.stream(stream, name)
        except (Failure, OSError) as e:  # a line that is too long, a card that is gone
            complain(name, e)
        if search.found and "q" in opts:
            return 0
    return 2 if status() else 0 if search.found else 1


def when(arg):
    """--color without =always is for terminals."""
    if arg[:7] != "--color" or arg == "--color=always":
        return arg[:7] if arg[:7] == "--color" else arg
    return "--color" if arg[8:] != "never" and proc.stdout.isatty() else "--colorless"
