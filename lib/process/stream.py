# Streams: what a program reads and writes, whatever stands behind it.
#
# A stream is shared by the processes that inherit it: dup() counts a holder, close() drops one, and the last one
# closes what is behind. write() never waits: a stream that has taken enough says so by `full`, and the kernel does
# not resume a process whose stdout is full (DESIGN section 4). read() waits for the first byte only.
#
# Files and texts as streams are in process.files, pipes in process.pipe, terminals in process.terminal.

import gc

from micropython import const

from base.errors import Failure
from process import cpu
from process.process import evict

CHUNK = const(1024)  # bytes that a reader takes at a time
LINES_CHUNK = const(2048)  # as many where the lines become objects: each takes sixty bytes besides its text
LINE_MAX = const(131072)  # bytes in one line; a longer one is an error (POSIX LINE_MAX asks for 2048)

_COPIES = const(4)  # of a long line: what reads, changes and writes it


def longer(data, more, limit=LINE_MAX, name=""):
    """data and more, the beginning of a line; Failure where that is too long for the limit or for the memory."""
    size = len(data) + len(more)
    if size > LINES_CHUNK and size * _COPIES > gc.mem_free():
        gc.collect()
        limit = min(limit, gc.mem_free() // _COPIES)
    if size <= limit:
        try:
            return data + more
        except MemoryError:  # a heap in small pieces
            evict(True)
        try:
            return data + more
        except MemoryError:
            pass
    raise Failure(name, "line too long")


def piece(data, start, end):
    """data[start:end], after an eviction where the heap is in pieces that are smaller."""
    try:
        return data[start:end]
    except MemoryError:
        evict(True)
        return data[start:end]


def encoded(data):
    """Text as bytes, those that were no UTF-8 as they were (see base.surrogates); what is no text remains."""
    if isinstance(data, str):
        data = data.encode()
        if b"\xed" in data:
            from base.surrogates import exact  # late: rare

            return exact(data)
    return data


class Stream:
    """Base of all streams; alone it is /dev/null: reads are at the end, writes vanish."""

    path = ""  # of a file
    full = False  # True while a writer should wait
    terminal = None  # the Terminal behind this stream, if there is one
    most = 0  # bytes read at a time, where the stream lets its reader choose

    def __init__(self):
        self.holders = 1
        self.rest = b""  # read but not yet taken: the start of a line

    def dup(self):
        """One more holder of this stream."""
        self.holders += 1
        return self

    def close(self):
        """One holder less; the last one releases what is behind."""
        self.holders -= 1
        if not self.holders:
            self.release()

    def release(self):
        """Let go of what is behind the stream."""

    def isatty(self):
        """True where a person sits at the other end."""
        return self.terminal is not None

    def write(self, data):
        """Take str or bytes. Raises OSError where they cannot be kept."""

    async def drain(self):
        """Wait until the stream is not full."""

    async def fill(self):
        """The next bytes from what is behind, b"" at the end."""
        return b""

    async def read(self, n=0):
        """What is there, at most n bytes if n is given; at least one byte, b"" at the end."""
        data = self.rest or await self.fill()
        if n and len(data) > n:
            self.rest = data[n:]
            return data[:n]
        self.rest = b""
        return data

    async def readline(self, limit=LINE_MAX):
        """One line with its newline (the last one may lack it); b"" at the end."""
        data = self.rest
        while True:
            end = data.find(b"\n") + 1
            if end:
                self.rest = piece(data, end, len(data))
                return data[:end]
            more = await self.fill()
            if not more:
                self.rest = b""
                return data
            data = longer(data, more, limit, self.path)

    async def block(self, limit=LINE_MAX):
        """The whole lines that are there, as they stand (the last one may lack its newline); b"" at the end.

        What is searched or counted in one piece costs less than line by line.
        """
        data = self.rest
        if data and cpu.current.stdout.full:  # fill(), which gives way then, may not be needed
            await cpu.current.stdout.drain()
        while True:
            end = data.rfind(b"\n") + 1
            if end:
                # About as many at a time, since short ones would take all memory as objects.
                while (count := data.count(b"\n", 0, end)) > LINES_CHUNK // 16:
                    cut = data.rfind(b"\n", 0, end * (LINES_CHUNK // 16) // count) + 1
                    if not cut:  # the first line is the longest
                        break
                    end = cut
                if end == len(data):
                    self.rest = b""
                    return data
                self.rest = piece(data, end, len(data))
                return piece(data, 0, end)
            more = await self.fill()
            if not more:
                self.rest = b""
                return data
            data = longer(data, more, limit, self.path) if data else more

    async def lines(self, limit=LINE_MAX):
        """The lines that are there, without their newlines; an empty list at the end.

        One wait serves many lines: `while batch := await stream.lines(): for line in batch:`.
        """
        if self.most > LINES_CHUNK:
            self.most = LINES_CHUNK
        data = await self.block(limit)
        return (data[:-1] if data[-1] == 10 else data).split(b"\n") if data else []
