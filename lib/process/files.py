# Streams besides pipes and terminals: files, text as input, and captured output.

import asyncio

from micropython import const

import base
from base import generation
from base.errors import Failure
from process import cpu
from process.process import evict
from process.stream import CHUNK, Stream, encoded

_CHUNK_MAX = const(4096)
_SPARE = const(8)  # bytes in one free piece, for each that is read, with which longer pieces are read
_TURN = const(8)  # chunks that are read from a file before other tasks run
_ENOSPC = const(28)
_SAVE_MS = const(5000)  # interval at which open files are flushed

_saving = False  # the task for that is running


class FileStream(Stream):
    """A file opened in binary mode."""

    most = _CHUNK_MAX  # bytes read at a time; may be lowered to save memory

    def __init__(self, file, path=""):
        super().__init__()
        self.file = file
        self.path = path  # for lsof
        self.turn = 0  # chunks read since other tasks could run
        self.chunk = CHUNK  # grows while reading: a long file is read in longer pieces
        self.unsaved = False

    def release(self):
        if self.unsaved:
            generation.unsaved.remove(self)
        self.file.close()

    def write(self, data):
        data = encoded(data)
        written = self.file.write(data)
        if written is not None and written < len(data):
            raise OSError(_ENOSPC)  # a full file system returns a short count
        if not self.unsaved:
            unsaved(self)

    async def fill(self):
        # A file never waits, so a long one would keep everybody else from running: give way now and then,
        # and at once when what this process wrote has not been read.
        self.turn += 1
        if self.turn > _TURN or cpu.current.stdout.full:
            self.turn = 0
            await asyncio.sleep_ms(0)
            if self.chunk < self.most:
                from process import memory  # late: not before the first program

                if memory.has_piece(_SPARE * self.chunk):
                    self.chunk *= 2
                else:
                    self.most = self.chunk
        try:
            return self.file.read(self.chunk)
        except MemoryError:  # a heap in small pieces
            evict(True)
            self.most = self.chunk = CHUNK // 2
            return self.file.read(self.chunk)
        except OSError as e:  # a card that has been pulled out
            raise OSError(e.errno, self.path) if self.path and e.errno else e

    def seek(self, offset, whence=0):
        """Move to offset (whence as os.SEEK_*); bytes read ahead are dropped."""
        self.rest = b""
        return self.file.seek(offset, whence)


def unsaved(stream):
    """Note that a stream has unflushed output."""
    global _saving
    stream.unsaved = True
    generation.unsaved.append(stream)
    if not _saving:
        _saving = True
        base.schedule(saver())


def save(name=""):
    """Flush unsaved output: of all files, or of those that may be the file called name.

    littlefs shows others what has been written when the file is closed or synchronised, and so does a power cut.
    """
    for stream in list(generation.unsaved):
        if not name or not stream.path or stream.path.endswith(name):
            stream.unsaved = False
            generation.unsaved.remove(stream)
            try:
                stream.file.flush()
            except (OSError, AttributeError):  # close() reports it; a device may lack flush()
                pass


async def saver():
    """Flush periodically, as long as there is unsaved output."""
    global _saving
    try:
        while generation.unsaved:
            await asyncio.sleep_ms(_SAVE_MS)
            save()
    finally:
        _saving = False


class Capture(Stream):
    """Captures output up to a limit, for command substitution."""

    def __init__(self, limit):
        super().__init__()
        self.limit = limit
        self.data = bytearray()

    def write(self, data):
        data = encoded(data)
        if len(self.data) + len(data) > self.limit:
            raise Failure("", f"output longer than {self.limit} bytes")
        self.data.extend(data)


class Text(Stream):
    """Reads from a string: here-documents and the command line's -c."""

    def __init__(self, data):
        super().__init__()
        self.rest = encoded(data)
