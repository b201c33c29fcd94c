# What sed reads and writes: the lines of its operands as one input, and outputs that keep a missing last newline missing.

from micropython import const

from base.errors import Failure
from process.stream import CHUNK, LINE_MAX, longer
from program import complain, inputs

FLUSH = const(32)  # lines that wait before they are written
_SHORT = const(8)  # bytes of a line, of which many make large lists


class Output:
    """Where lines go; the last line of an input may lack its newline, which comes when there is more."""

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
        """Text that has its newlines."""
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
    """The lines of some files, as if they were one."""

    def __init__(self, files, mark):
        self.streams = inputs(files)
        self.stream = None
        self.name = "-"
        self.mark = mark
        self.queue = []  # lines that have been read
        self.next = 0  # of them
        self.size = CHUNK  # bytes read at a time: each line becomes an object, however short it is
        self.rest = []  # the pieces of a line that goes on
        self.complete = True  # the line given last had its newline
        self.cut = False  # the last line of queue has none
        self.out = None  # what is written before a read

    async def more(self):
        """True where another line is there."""
        while self.next >= len(self.queue):
            if self.stream is None:
                found = next(self.streams, None)
                if not found:
                    return False
                self.name, self.stream = found
                self.stream.most = CHUNK  # its lines become objects
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
        """The next line; only where more() has said so."""
        self.next += 1
        self.complete = not (self.cut and self.next == len(self.queue))
        if not self.complete:
            self.cut = False
        return self.queue[self.next - 1]


class Written:
    """A file that w writes: opened when there is something, but made empty at once."""

    def __init__(self, path):
        from base.files import opened  # late: few scripts write files

        path = path.decode()
        self.file = opened(path, "wb", path)

    def write(self, data):
        if self.file.write(data) != len(data):
            raise OSError(28)  # ENOSPC

    def close(self):
        self.file.close()
