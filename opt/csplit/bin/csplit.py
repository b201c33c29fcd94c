# csplit - cut a file into parts at lines or patterns
# usage: csplit [-ksqz] [-f PREFIX] [-n DIGITS] FILE PATTERN...
#
# The parts are xx00, xx01 ...; their sizes are printed. A PATTERN ends a part:
#   N  in front of line N      /EXPR/[+N|-N]  in front of the next line that matches, N lines further      %EXPR%[+N|-N]  as that,
#   but nothing is written      {N}  the pattern before it N times more, {*} as often as it matches
#   -f PREFIX  instead of xx      -n DIGITS  in the names (2)      -k  keep the parts after an error
#   -s, -q  no sizes      -z  no empty parts
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/csplit.html

import os

from base.errors import Failure, Usage
from program import integer, open_input, options
from regex.finder import Finder

proc = None

LINES_MAX = 2000  # lines buffered for a pattern with -N
PARTS_MAX = 1000


class Parts:
    """Writes the parts."""

    def __init__(self, opts):
        self.prefix = opts["f"] or "xx"
        self.digits = opts.number("n", 2)
        self.quiet = "s" in opts or "q" in opts
        self.elide = "z" in opts
        self.names = []
        self.file = None
        self.size = 0

    def open(self):
        if len(self.names) >= PARTS_MAX:
            raise Failure("", f"more than {PARTS_MAX} parts")
        name = f"{self.prefix}{len(self.names):0{self.digits}d}"
        self.file = open(name, "wb")
        self.names.append(name)
        self.size = 0

    def write(self, line):
        if not self.file:
            self.open()
        if self.file.write(line) != len(line):
            raise OSError(28)  # ENOSPC
        self.size += len(line)

    def close(self):
        """Complete a part."""
        if not self.file and not self.elide:
            self.open()
        if self.file:
            self.file.close()
            self.file = None
            if not self.quiet:
                proc.stdout.write(f"{self.size}\n")

    def remove(self):
        if self.file:
            self.file.close()
        for name in self.names:
            os.remove(name)


class Lines:
    """The input lines, with lookahead."""

    def __init__(self, stream):
        self.stream = stream
        self.waiting = []
        self.number = 0  # lines returned so far

    async def more(self, count):
        """Return whether at least count lines are available, reading ahead."""
        while len(self.waiting) < count:
            line = await self.stream.readline()
            if not line:
                return False
            if len(self.waiting) >= LINES_MAX:
                raise Failure("", f"more than {LINES_MAX} lines without a match")
            self.waiting.append(line)
        return True

    def take(self):
        self.number += 1
        return self.waiting.pop(0)


async def __main__(args):
    opts, words = options(args, "ksqzf:n:", "keep-files=k quiet=q silent=s elide-empty-files=z prefix=f digits=n")
    if len(words) < 2:
        raise Usage("missing operand")
    steps = parsed(words[1:])
    parts = Parts(opts)
    stream = open_input(words[0])
    try:
        lines = Lines(stream)
        for text, kind, value, offset, times in steps:
            done = 0
            while times is None or done <= times:
                try:
                    await part(lines, parts, kind, value, offset, done)
                except EOFError:
                    if times is None and done:
                        break
                    raise Failure(text, "line number out of range" if kind == "n" else "match not found")
                done += 1
        while await lines.more(1):
            parts.write(lines.take())
        parts.close()
    except (Failure, OSError):
        if "k" in opts:
            parts.close()
        else:
            parts.remove()
        raise
    finally:
        stream.close()


def parsed(words):
    """Parse the patterns: [(text, kind, value, offset, repetitions or None)]."""
    steps = []
    for word in words:
        if word[:1] == "{" and word[-1:] == "}" and steps:
            times = None if word == "{*}" else integer(word[1:-1])
            steps[-1] = steps[-1][:4] + (times,)
        elif word[:1] in ("/", "%"):
            end = word.rfind(word[0])
            if end < 1:
                raise Usage(f"closing delimiter '{word[0]}' missing", word)
            offset = integer(word[end + 1 :] or "0")
            steps.append((word, word[0], Finder(word[1:end]), offset, 0))
        elif word.isdigit() and int(word):
            steps.append((word, "n", int(word), 0, 0))
        else:
            raise Usage("invalid pattern", word)
    return steps


async def part(lines, parts, kind, value, offset, done):
    """Write one part. Raise EOFError if the input ends first."""
    if kind == "n":
        goal = value * (done + 1)
        while lines.number < goal - 1:
            if not await lines.more(1):
                raise EOFError
            parts.write(lines.take())
        if not await lines.more(1):
            raise EOFError
        return parts.close()
    at = 1 if lines.number else 0  # skip the line that ended the last part
    while True:
        if not await lines.more(at + 1):
            while kind == "/" and lines.waiting:
                parts.write(lines.take())
            raise EOFError
        if value.search(lines.waiting[at].rstrip(b"\n")):
            break
        at += 1
    count = at + offset
    if count < 0 or not await lines.more(count):
        raise EOFError
    for _ in range(count):
        line = lines.take()
        if kind == "/":
            parts.write(line)
    if kind == "/":
        parts.close()
