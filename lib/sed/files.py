# What sed reads and writes: its operands as one stream of lines, and outputs that preserve a missing final newline.

from micropython import const

from base.errors import Failure
from process.stream import CHUNK, LINE_MAX, longer
from program import complain, inputs

FLUSH = const(32)  # buffered parts before a write
_SHORT = const(8)  # bytes; lines shorter than this make long lists, so less is read at a time


class Output:
    """Buffered output. A missing final newline is written only when more lines follow."""

    def __init__(self, stream, mark):
        self.stream = stream
        self.mark = mark
        self.owes = False
        self.parts = []

    def line(self, data, complete=True):
        if self.owes:
            self.parts.append(self.mark)
        self.parts.append(data)
        if complete:
            self.parts.append(self.mark)
        self.owes = not complete
        if len(self.parts) > FLUSH:
            self.flush()

    def text(self, data):
        """Write text that contains its newlines."""
        if self.owes:
            self.parts.append(self.mark)
            self.owes = False
        self.parts.append(data)
        if len(self.parts) > FLUSH:
            self.flush()

    def flush(self):
        if self.parts:
            self.stream.write(b"".join(self.parts))
            self.parts = []


class Input:
    """Concatenated input files, line by line."""

    def __init__(self, files, mark):
        self.streams = inputs(files)
        self.stream = None
        self.name = "-"
        self.mark = mark
        self.queue = []  # lines read ahead
        self.next = 0  # index of the next one
        self.size = CHUNK  # bytes per read; smaller for short lines, since each becomes an object
        self.rest = []  # pieces of an incomplete line
        self.complete = True  # the last line returned ended with a newline
        self.cut = False  # the last line of the queue does not
        self.out = None  # flushed before each read

    async def more(self):
        """Return whether there is another line, reading ahead if necessary."""
        while self.next >= len(self.queue):
            if self.stream is None:
                found = next(self.streams, None)
                if not found:
                    return False
                self.name, self.stream = found
                self.stream.most = CHUNK  # the lines become objects: read little at a time
            self.out.flush()
            data = await self.stream.read(self.size)
            self.next = 0
            if not data:
                self.cut = len(self.rest) > 0
                self.queue = [b"".join(self.rest)] if self.cut else []
                self.rest = []
                self.stream = None
            elif self.mark in data:
                self.queue = data.split(self.mark)
                last = self.queue.pop()
                self.size = CHUNK if len(self.queue) * _SHORT < len(data) else CHUNK // 4
                if self.rest:
                    self.rest.append(self.queue[0])
                    self.queue[0] = b"".join(self.rest)
                self.rest = [last] if last else []
            else:
                self.queue = []
                try:
                    self.rest = [longer(self.rest[0] if self.rest else b"", data, LINE_MAX, self.name)]
                except Failure as e:
                    complain(self.name, e)
                    self.rest = []
                    self.stream = None
        return True

    async def line(self):
        """Return the next line. Call it only after more() has returned True."""
        self.next += 1
        self.complete = not (self.cut and self.next == len(self.queue))
        if not self.complete:
            self.cut = False
        return self.queue[self.next - 1]


class Written:
    """A file written by w. It is truncated even if nothing is written."""

    def __init__(self, path):
        from base.files import opened  # late: few scripts write files

        path = path.decode()
        self.file = opened(path, "wb", path)

    def write(self, data):
        if self.file.write(data) != len(data):
            raise OSError(28)  # ENOSPC

    def close(self):
        self.file.close()
