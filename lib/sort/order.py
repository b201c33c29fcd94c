# The order of lines by sort's options and keys, and checking it (-c, -C).
#
# A line becomes a tuple that compares as the line should: its keys, then a tie-breaker. list.sort() of MicroPython is a
# quicksort that is neither stable nor fast on sorted lists. So tuples never compare equal where that would show, and the
# list is shuffled first.

from os import urandom

from micropython import const

from base.errors import Failure, Usage
from process.stream import CHUNK

_FLAGS = "bdfghiMnrV"
_MIX = const(1103515245)  # a linear congruential generator is random enough here


class Order:
    """Compares lines by the options of sort."""

    def __init__(self, opts):
        flags = "".join([letter for letter in _FLAGS if letter in opts])
        if "R" in opts:
            flags += f"R{urandom(1)[0]}{urandom(1)[0]}"  # each run has its own random order
        self.mark = opts["t"].encode() if opts["t"] else None
        if self.mark == b"\\0":
            self.mark = b"\0"
        if self.mark and len(self.mark.decode()) != 1:
            raise Usage("expected one character", "-t")
        self.unique = "u" in opts
        self.stable = "s" in opts or self.unique
        self.keys = []
        given = opts.all("k")
        if given or flags.replace("r", ""):
            from sort import keys  # late: saves 10 kB when whole lines are compared

            self.values = keys.values
            self.keys = [keys.key(text, flags) for text in given] or [(1, 0, None, 0, flags, "b" in flags, False)]
        self.backwards = "r" in opts
        if self.stable and self.keys:  # the tie-breaker is not reversed with the keys
            self.backwards = "r" in self.keys[0][4]

    def keyed(self, line, number):
        """Return the tuple that represents a line; number is its position in the input."""
        values = self.values(line, self.keys, self.mark, self.backwards) if self.keys else []
        if self.stable and values:
            values.append(-number if self.backwards else number)
        values.append(line)
        return tuple(values)

    def sort(self, lines, number):
        """Sort lines in place and return those to keep (-u). The first one has position `number` in the input."""
        if self.keys:
            for i, line in enumerate(lines):
                lines[i] = self.keyed(line, number + i)
        _shuffle(lines)
        lines.sort(reverse=self.backwards)
        if self.keys:
            last = None
            for i, item in enumerate(lines):
                lines[i] = item[-1]
                if self.unique:
                    if item[:-2] == last:
                        lines[i] = None
                    last = item[:-2]
        elif self.unique:
            last = None
            for i, line in enumerate(lines):
                if line == last:
                    lines[i] = None
                last = line
        return [line for line in lines if line is not None] if self.unique else lines

    def merge(self, runs):
        """Merge runs, iterators of sorted lines, and yield the lines. Runs are in input order."""
        heads = []
        for i, run in enumerate(runs):
            for line in run:
                heads.append((self.keyed(line, i), i, run))
                break
        last = None
        count = len(self.keys) or 1
        while heads:
            best = 0
            for k in range(1, len(heads)):
                item, other = heads[k][0], heads[best][0]
                if (other < item) if self.backwards else (item < other):
                    best = k
            item, i, run = heads[best]
            if not self.unique or item[:count] != last:
                yield item[-1]
                last = item[:count]
            for line in run:
                heads[best] = (self.keyed(line, i), i, run)
                break
            else:
                del heads[best]


def _shuffle(items):
    seed = 12345
    for i in range(len(items) - 1, 0, -1):
        seed = (seed * _MIX + 12345) & 0x3FFFFFFF
        j = (seed >> 8) % (i + 1)
        items[i], items[j] = items[j], items[i]


async def check(order, name, stream, silent):
    """Return 0 if the lines of a stream are in order, else 1; a Failure names the first one, unless silent."""
    stream.most = CHUNK
    last = None
    number = 0
    while batch := await stream.lines():
        for line in batch:
            number += 1
            if last is not None and _is_wrong(order, last, line):
                if silent:
                    return 1
                raise Failure(f"{name}:{number}", "disorder: " + line.decode())
            last = line
    return 0


def _is_wrong(order, before, line):
    """Return whether line must not follow before."""
    if order.keys:
        a, b = order.keyed(before, 0), order.keyed(line, 0)
        if order.stable:
            a, b = a[:-2], b[:-2]
    else:
        a, b = before, line
    if order.unique and a == b:
        return True
    return a < b if order.backwards else b < a
