# Unified diffs (POSIX diff -u): read hunk by hunk and applied to the lines of a file.

from base.errors import Failure

NO_NEWLINE = b"\\"


class Hunk:
    """One hunk: the old lines and the new ones."""

    def __init__(self, line, reverse):
        """line: b"@@ -1,3 +1,4 @@..."."""
        try:
            places = line.split()
            begin, size = _span(places[1], b"-")
            other, after = _span(places[2], b"+")
        except (ValueError, IndexError):
            raise Failure("", "no hunk of a unified diff: " + line.decode().strip())
        self.left = [size, after]  # lines still to be read
        if reverse:
            begin, size = other, after
        self.begin = begin - 1 if size else begin  # index of its first line
        self.reverse = reverse
        self.marks = bytearray()  # " ", "-" or "+" for each line
        self.lines = []

    def wants(self):
        """Return whether lines are missing."""
        return self.left[0] > 0 or self.left[1] > 0

    def add(self, line):
        """Add a line with its mark."""
        mark = line[:1]
        if mark == b"\n":  # an empty context line whose blank was stripped
            mark, line = b" ", b" \n"
        if mark not in (b" ", b"-", b"+"):
            raise Failure("", "the hunk ends too early: " + line.decode().strip())
        if mark != b"+":
            self.left[0] -= 1
        if mark != b"-":
            self.left[1] -= 1
        if self.reverse and mark != b" ":
            mark = b"+" if mark == b"-" else b"-"
        self.marks.extend(mark)
        self.lines.append(line[1:])

    def cut(self):
        """Remove the newline of the last line."""
        if self.lines and self.lines[-1][-1:] == b"\n":
            self.lines[-1] = self.lines[-1][:-1]

    def side(self, other, begin=0, end=0):
        """Return the old (other: b"+") or new lines (b"-"), without begin and end lines of context."""
        return [self.lines[i] for i in range(begin, len(self.lines) - end) if self.marks[i] != other[0]]

    def context(self):
        """Return how many lines of context it begins and ends with."""
        n = len(self.marks)
        return n - len(self.marks.lstrip(b" ")), n - len(self.marks.rstrip(b" "))

    def flip(self):
        """Reverse the hunk."""
        for i in range(len(self.marks)):
            mark = self.marks[i]
            if mark != 32:
                self.marks[i] = 43 + 45 - mark

    def place(self, lines, moved, least, fuzz):
        """Apply the hunk to lines where it fits best: (index, fuzz, index after it), or None if it fits nowhere.

        moved: offset of the previous hunk from its expected line; least: minimal index.
        """
        head, tail = self.context()
        most = max(head, tail)
        for loose in range(min(fuzz, most) + 1):
            begin = loose + head - most
            end = loose + tail - most
            # Less context at one end than at the other: the hunk is at the start or end of the file.
            only = 0 if begin < 0 and self.begin <= 0 else -1 if end < 0 else None
            begin, end = max(begin, 0), max(end, 0)
            old = self.side(b"+", begin, end)
            at = _find(lines, old, self.begin + moved + begin, least + begin, only)
            if at is not None:
                new = self.side(b"-", begin, end)
                if new and new[-1][-1:] != b"\n" and at + len(old) < len(lines):
                    new[-1] += b"\n"  # lines follow
                lines[at : at + len(old)] = new
                return at - begin, loose, at + len(new)
        return None

    def text(self):
        """Yield the lines of the hunk for a reject file."""
        yield f"@@ -{self.begin + 1},{len(self.side(b'+'))} +{self.begin + 1},{len(self.side(b'-'))} @@\n"
        for i in range(len(self.lines)):
            line = self.lines[i]
            yield self.marks[i : i + 1] + line
            if line[-1:] != b"\n":
                yield b"\n\\ No newline at end of file\n"


class Reader:
    """Reads a patch; line is the next line, empty at the end."""

    line = b""
    any = False

    def __init__(self, stream):
        self.stream = stream

    async def next(self):
        self.line = await self.stream.readline()
        self.any = self.any or len(self.line) > 0
        return self.line

    async def header(self, reverse):
        """Return the names after --- and +++ of the next file, the old one first; None at the end."""
        while self.line or await self.next():
            old = self.line
            await self.next()
            if old[:4] == b"--- " and self.line[:4] == b"+++ ":
                names = [_name(old), _name(self.line)]
                await self.next()
                return names[::-1] if reverse else names
        return None

    async def hunk(self, reverse):
        """Return the hunk that begins here, or None."""
        if self.line[:3] != b"@@ ":
            return None
        found = Hunk(self.line, reverse)
        while found.wants():
            if not await self.next():
                raise Failure("", "the patch ends in the middle of a hunk", 2)
            if self.line[:1] == NO_NEWLINE:
                found.cut()
            else:
                found.add(self.line)
        if (await self.next())[:1] == NO_NEWLINE:
            found.cut()
            await self.next()
        return found


def _name(line):
    """Return the file name in a header line, without timestamp or quotes."""
    text = line[4:].rstrip(b"\r\n")
    if text[:1] == b'"':
        return text[1:].split(b'"', 1)[0].decode()
    return text.split(b"\t", 1)[0].rstrip().decode()


def apply(lines, hunks, fuzz, say=None):
    """Apply hunks to lines and return those that failed. say() reports hunks with an offset or fuzz."""
    rejected = []
    moved = least = 0
    grown = 0  # lines added by the previous hunks
    for number, hunk in enumerate(hunks, 1):
        size = len(lines)
        found = hunk.place(lines, moved + grown, least, fuzz)
        if not found:
            rejected.append(hunk)
            if say:
                say(f"Hunk #{number} FAILED at {hunk.begin + 1}.\n")
            continue
        at, loose, least = found
        moved = at - hunk.begin - grown
        if say and (moved or loose):
            text = f" with fuzz {loose}" * (loose > 0) + f" (offset {moved} line{'s' * (abs(moved) != 1)})" * (
                moved != 0
            )
            say(f"Hunk #{number} succeeded at {at + 1}{text}.\n")
        grown += len(lines) - size
    return rejected


def is_applied(lines, hunks):
    """Return whether the reversed hunks apply: the file is already patched."""
    for hunk in hunks:
        hunk.flip()
    try:
        return not apply(lines[:], hunks, 0)
    finally:
        for hunk in hunks:
            hunk.flip()


def _span(text, mark):
    """Parse -1,3 as (first line, number of lines). A number alone is one line."""
    if text[:1] != mark:
        raise ValueError
    first, comma, count = text[1:].partition(b",")
    return int(first), int(count) if comma else 1


def _find(lines, old, wanted, least, only):
    """Return the index nearest to wanted where old occurs. only: 0 at the start of the file, -1 at its end."""
    most = len(lines) - len(old)
    if only is not None:
        wanted = only and most
        least, most = max(least, wanted), wanted
    elif not old:
        return max(min(wanted, most), least)
    away = 0
    while True:
        low, high = wanted - away, wanted + away
        if least <= high <= most and lines[high : high + len(old)] == old:
            return high
        if away and least <= low <= most and lines[low : low + len(old)] == old:
            return low
        away += 1
        if low <= least and high >= most:
            return None
