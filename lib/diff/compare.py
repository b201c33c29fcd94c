# Differences between two texts: lines as hashes, their longest common subsequence, and the changes in between.
#
# The algorithm is Myers' (An O(ND) Difference Algorithm, 1986) in linear space, with a list instead of recursion: it
# takes some bytes of memory for a line, and time proportional to size times differences.

import asyncio
import os
from array import array
from binascii import crc32

from micropython import const

from base.errors import Failure
from process import cpu
from process.stream import CHUNK

LINES_MAX = const(30000)
TURN = const(64)  # rounds before yielding to other tasks

_FAR = const(0x3FFFFFFF)


class Lines:
    """The lines of a file: their hashes and offsets."""

    def __init__(self, name, path, same):
        """path: None for a missing file; same: normalizes a line before it is compared."""
        self.name = name
        self.path = path
        self.same = same
        self.sums = array("I")
        self.places = array("I")
        self.kept = None  # the text of a stream that cannot be read again
        self.file = None
        self.binary = False
        self.complete = True  # the last line ends with a newline

    async def read(self):
        if self.path is None:
            return
        if self.path == "-":
            parts = []
            stream = cpu.current.stdin
            while line := await stream.readline():
                parts.append(line)
                self.take(line)
            self.kept = parts
            return
        if os.stat(self.path)[0] & 0x4000:
            raise OSError(21)  # EISDIR
        self.file = open(self.path, "rb")
        rest = b""
        while data := self.file.read(1024):
            lines = (rest + data).split(b"\n")
            rest = lines.pop()
            for line in lines:
                self.take(line + b"\n")
            await asyncio.sleep_ms(0)
        if rest:
            self.take(rest)

    place = 0

    def take(self, line):
        if len(self.sums) >= LINES_MAX:
            raise Failure(self.name, f"more than {LINES_MAX} lines", 2)
        if len(self.sums) < 8 and b"\0" in line:
            self.binary = True
        self.complete = line[-1:] == b"\n"
        self.sums.append(crc32(self.same(line)))
        self.places.append(self.place)
        self.place += len(line)

    def __len__(self):
        return len(self.sums)

    def __getitem__(self, i):
        """Return the text of a line."""
        if self.kept is not None:
            return self.kept[i]
        self.file.seek(self.places[i])
        end = self.places[i + 1] if i + 1 < len(self.places) else self.place
        return self.file.read(end - self.places[i])

    def close(self):
        if self.file:
            self.file.close()


async def equal(one, other):
    """Return whether two files have the same bytes."""
    if os.stat(one)[6] != os.stat(other)[6]:
        return False
    with open(one, "rb") as a, open(other, "rb") as b:
        while data := a.read(CHUNK):
            if data != b.read(CHUNK):
                return False
            await asyncio.sleep_ms(0)
    return True


async def changes(a, b, context=0):
    """Return [(begin, end, begin, end)]: lines of a that are replaced by lines of b.

    Changes do not slide into the common prefix and suffix by more than context lines.
    """
    old, new = bytearray(len(a) + 1), bytearray(len(b) + 1)  # flags: the line is changed
    first = last = 0
    most = min(len(a), len(b))
    while first < most and a.sums[first] == b.sums[first]:
        first += 1
    while last < most - first and a.sums[len(a) - 1 - last] == b.sums[len(b) - 1 - last]:
        last += 1
    await _compare(a.sums, b.sums, old, new, first, last)
    first, last = max(first - context, 0), max(last - context, 0)
    _shift(a.sums, old, new, first, len(a) - last)
    _shift(b.sums, new, old, first, len(b) - last)
    found = []
    i = k = 0
    while i < len(a) or k < len(b):
        start, begin = i, k
        while old[i]:
            i += 1
        while new[k]:
            k += 1
        if i > start or k > begin:
            found.append((start, i, begin, k))
        else:
            i += 1
            k += 1
    return found


async def _compare(a, b, old, new, first, last):
    """Mark the changed lines. The first and last lines are known to be equal."""
    # Furthest reaching points on each diagonal x - y, forward and backward.
    size = len(a) - first - last + len(b) - first - last + 3
    forward, backward = array("i", bytes(4 * size)), array("i", bytes(4 * size))
    origin = len(b) - first - last + 1
    waiting = [(first, len(a) - last, first, len(b) - last)]
    while waiting:
        x, right, y, low = waiting.pop()
        while x < right and y < low and a[x] == b[y]:
            x += 1
            y += 1
        while x < right and y < low and a[right - 1] == b[low - 1]:
            right -= 1
            low -= 1
        if x == right:
            for k in range(y, low):
                new[k] = 1
        elif y == low:
            for k in range(x, right):
                old[k] = 1
        else:
            middle = await _middle(a, b, x, right, y, low, forward, backward, origin)
            waiting.append((middle[0], right, middle[1], low))
            waiting.append((x, middle[0], y, middle[1]))


async def _middle(a, b, left, right, top, low, forward, backward, origin):
    """Return a point on a shortest edit path (the middle snake)."""
    least, most = left - low, right - top
    middle, other = left - top, right - low
    first = last = middle
    begin = end = other
    odd = (middle - other) & 1
    forward[middle + origin] = left
    backward[other + origin] = right
    turn = 0
    while True:
        turn += 1
        if turn > TURN:
            turn = 0
            await asyncio.sleep_ms(0)
        if first > least:
            first -= 1
            forward[first - 1 + origin] = -1
        else:
            first += 1
        if last < most:
            last += 1
            forward[last + 1 + origin] = -1
        else:
            last -= 1
        for d in range(last, first - 1, -2):
            at = d + origin
            lower, upper = forward[at - 1], forward[at + 1]
            x = upper if lower < upper else lower + 1
            y = x - d
            while x < right and y < low and a[x] == b[y]:
                x += 1
                y += 1
            forward[at] = x
            if odd and begin <= d <= end and backward[at] <= x:
                return x, y
        if begin > least:
            begin -= 1
            backward[begin - 1 + origin] = _FAR
        else:
            begin += 1
        if end < most:
            end += 1
            backward[end + 1 + origin] = _FAR
        else:
            end -= 1
        for d in range(end, begin - 1, -2):
            at = d + origin
            lower, upper = backward[at - 1], backward[at + 1]
            x = lower if lower < upper else upper - 1
            y = x - d
            while left < x and top < y and a[x - 1] == b[y - 1]:
                x -= 1
                y -= 1
            backward[at] = x
            if not odd and first <= d <= last and x <= forward[at]:
                return x, y


def _shift(sums, changed, other, low, n):
    """Slide ambiguous changes between low and n down and merge them, as readers expect."""
    i = j = low
    while True:
        while i < n and not changed[i]:
            while other[j]:
                j += 1
            j += 1
            i += 1
        if i == n:
            return
        start = i
        while changed[i]:
            i += 1
        while other[j]:
            j += 1
        while True:
            length = i - start
            while start > low and sums[start - 1] == sums[i - 1]:
                start -= 1
                i -= 1
                changed[start], changed[i] = 1, 0
                while start > low and changed[start - 1]:
                    start -= 1
                j -= 1
                while j >= 0 and other[j]:
                    j -= 1
            together = i if j > 0 and other[j - 1] else n
            while i != n and sums[start] == sums[i]:
                changed[start], changed[i] = 0, 1
                start += 1
                i += 1
                while changed[i]:
                    i += 1
                j += 1
                while other[j]:
                    together = i
                    j += 1
            if length == i - start:
                break
        while together < i:
            start -= 1
            i -= 1
            changed[start], changed[i] = 1, 0
            j -= 1
            while j >= 0 and other[j]:
                j -= 1
