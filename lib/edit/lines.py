# A text in memory: lines in blocks of about a kilobyte, so that it takes little more than its size and a change moves
# few bytes. The open block is a list of lines; the others are bytes.

from micropython import const

_BLOCK = const(2048)  # bytes at which a block is split
_LINES = const(64)  # lines at which it is split: each costs a few dozen bytes while its block is open


class Lines:
    """The lines of a text. total may be 0, which is shown as one empty line."""

    def __init__(self):
        self.blocks = []  # bytes: lines with "\n" between them
        self.counts = []  # the lines of each
        self.total = 0
        self.size = 0  # bytes, with a newline after each line
        self.open = None  # the lines of the open block
        self.changed = False  # the open block differs from its bytes in blocks
        self.number = 0  # index of the open block
        self.first = 0  # number of its first line

    def append(self, data):
        """Append whole lines: bytes with newlines; the last line may lack one."""
        if data[-1:] == b"\n":
            data = data[:-1]
        self.close()
        self.total += data.count(b"\n") + 1
        self.size += len(data) + 1
        start = 0
        while start <= len(data):
            end = start - 1
            count = 0
            while count < _LINES and end < len(data):
                end = data.find(b"\n", end + 1)
                end = end if end >= 0 else len(data)
                count += 1
            self.blocks.append(data[start:end])
            self.counts.append(count)
            start = end + 1

    def __getitem__(self, row):
        if not self.total:
            return b""
        at = row - self.first if self._has(row) else self._seek(row)
        return self.open[at]

    def get(self, row, end):
        """Return the lines from row up to end."""
        return [self[k] for k in range(row, min(end, self.total))]

    def splice(self, row, end, new):
        """Replace the lines from row up to end by the list new; return the old ones."""
        end = min(end, self.total)
        row = min(row, end)
        old = []
        added = sum([len(line) + 1 for line in new])
        if not self.total:
            self.blocks, self.counts = [b""], [0]
            self.open, self.number, self.first = [], 0, 0
        while True:
            at = self._seek(max(min(row, self.total - 1), 0)) if self.total else 0
            if row == self.total:
                at = len(self.open)
            self.changed = True
            part = self.open[at : at + end - row - len(old)]
            old.extend(part)
            last = len(old) == end - row
            self.open[at : at + len(part)] = new if last else ()
            self.total -= len(part)
            if last:
                break
        self.total += len(new)
        self.size += added - sum([len(line) + 1 for line in old])
        if len(new) > 32:
            self.close()
        return old

    def close(self):
        """Convert the open block to bytes."""
        if not self.changed:
            self.open = None
            return
        self.changed = False
        lines, k = self.open, self.number
        pieces = []
        start = size = 0
        for i in range(len(lines)):
            size += len(lines[i]) + 1
            if size > _BLOCK or i + 1 - start >= _LINES or i == len(lines) - 1:
                pieces.append((b"\n".join(lines[start : i + 1]), i + 1 - start))
                start, size = i + 1, 0
        self.blocks[k : k + 1] = [piece[0] for piece in pieces]
        self.counts[k : k + 1] = [piece[1] for piece in pieces]
        self.open = None

    def _has(self, row):
        return self.open is not None and 0 <= row - self.first < len(self.open)

    def _seek(self, row):
        """Open the block that contains row. Return the index of row in it."""
        if self._has(row):
            return row - self.first
        self.close()
        first = k = 0
        while row >= first + self.counts[k]:
            first += self.counts[k]
            k += 1
        self.open = self.blocks[k].split(b"\n")
        self.number, self.first = k, first
        return row - first

    def pieces(self):
        """Yield the text in pieces of whole lines, without the last newline of each."""
        self.close()
        for k in range(len(self.blocks)):
            yield self.blocks[k]

    def strip_returns(self):
        """Strip the final "\\r" of all lines, if all have one. Return whether they had."""
        for data in self.pieces():
            if data[-1:] != b"\r" or data.count(b"\n") != data.count(b"\r\n"):
                return False
        for k in range(len(self.blocks)):
            self.blocks[k] = self.blocks[k].replace(b"\r\n", b"\n")[:-1]
        self.size -= self.total
        return self.total > 0
