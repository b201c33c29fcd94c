# Pipes: bytes from one process to another, with back-pressure.
#
# A pipe is full at _PIPE_BUF bytes, so the kernel does not resume the writer until the reader
# has taken them. A plain function cannot be suspended: what it writes beyond _MEMORY_MAX goes to a file in /tmp,
# which the reader empties when it has taken what is in memory.

import asyncio
import os

from micropython import const

from base.errors import Failure
from process.stream import CHUNK, Stream, encoded

_PIPE_BUF = const(2048)  # bytes after which the writer waits
_CHUNK_MAX = const(512)  # bytes up to which small writes are joined
_MEMORY_MAX = const(8192)  # bytes in memory, for a writer that cannot be suspended
_SPILL_MAX = const(1048576)  # bytes in the spill file

_EPIPE = const(32)

_spills = 0  # spill files so far, which number their names


class Pipe:
    """The bytes between a PipeWriter and a PipeReader."""

    def __init__(self):
        # In pieces, since a heap in small holes may have no room for one long one: bytes as they were written, or bytearrays
        # of at most _CHUNK_MAX, to which small writes are added.
        self.chunks = []
        self.size = 0  # bytes in the chunks
        self.spill = None  # a SpillFile once memory is used up
        self.writing = True  # False once the last writer has closed it
        self.reading = True  # False once the last reader has closed it
        self.ready = asyncio.Event()  # data or the end of file
        self.room = asyncio.Event()  # space, or no reader
        self.reader = PipeReader(self)
        self.writer = PipeWriter(self)


class PipeReader(Stream):
    """The end that reads."""

    def __init__(self, pipe):
        super().__init__()
        self.pipe = pipe

    def release(self):
        pipe = self.pipe
        pipe.reading = False
        pipe.chunks.clear()
        pipe.size = 0
        if pipe.spill:
            pipe.spill.close()
            pipe.spill = None
        pipe.writer.full = False
        pipe.room.set()

    async def fill(self):
        pipe = self.pipe
        while not pipe.chunks:
            if pipe.spill:
                data = pipe.spill.take()
                if data:
                    return data
                pipe.spill.close()
                pipe.spill = None
                pipe.writer.full = False
                pipe.room.set()
                continue
            if not pipe.writing:
                return b""
            pipe.ready.clear()
            await pipe.ready.wait()
        data = pipe.chunks.pop(0)
        if not isinstance(data, bytes):
            data = bytes(data)
        pipe.size -= len(data)
        if pipe.writer.full and pipe.size < _PIPE_BUF and not pipe.spill:
            pipe.writer.full = False
            pipe.room.set()
        return data


class PipeWriter(Stream):
    """The end that writes."""

    def __init__(self, pipe):
        super().__init__()
        self.pipe = pipe

    def release(self):
        self.pipe.writing = False
        self.pipe.ready.set()

    def write(self, data):
        pipe = self.pipe
        if not pipe.reading:
            raise OSError(_EPIPE)
        data = encoded(data)
        if not data:  # who reads takes nothing for the end
            return
        if pipe.spill or (pipe.chunks and pipe.size + len(data) > _MEMORY_MAX):
            if not pipe.spill:
                pipe.spill = SpillFile()
            pipe.spill.write(data)
        else:
            last = pipe.chunks[-1] if pipe.chunks else None
            if last is not None and len(last) + len(data) <= _CHUNK_MAX:
                last.extend(data)
            elif isinstance(data, bytes) and len(data) >= _CHUNK_MAX:
                pipe.chunks.append(data)
            else:
                pipe.chunks.append(bytearray(data))
            pipe.size += len(data)
        if not self.full and pipe.size >= _PIPE_BUF:
            self.full = True
            pipe.room.clear()
        pipe.ready.set()

    async def drain(self):
        if self.full:  # once only: of several writers each would else find that another one has filled it
            await self.pipe.room.wait()


class SpillFile:
    """The overflow of a pipe, a queue in a file that is removed when empty."""

    def __init__(self):
        global _spills
        _spills += 1
        self.path = f"/tmp/.pipe{_spills}"
        self.file = open(self.path, "w+b")
        self.taken = 0
        self.size = 0

    def write(self, data):
        self.size += len(data)
        if self.size - self.taken > _SPILL_MAX:
            raise Failure("", f"pipe: more than {_SPILL_MAX} bytes waiting for the reader")
        self.file.seek(0, 2)
        self.file.write(data)

    def take(self):
        self.file.seek(self.taken)
        data = self.file.read(CHUNK)
        self.taken += len(data)
        return data

    def close(self):
        self.file.close()
        os.remove(self.path)
