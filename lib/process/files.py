# Streams that are no pipe and no terminal: files, a text that is read, and output that is kept.

import asyncio

from micropython import const

import base
from base import generation
from base.errors import Failure
from process import cpu
from process.stream import CHUNK, Stream

_CHUNK_MAX = const(4096)
_TURN = const(8)  # chunks that a reader of a file takes before it gives way to other tasks
_ENOSPC = const(28)
_SAVE_MS = const(5000)  # what a file that stays open has been given is on the flash after this time

_saving = False  # the task that sees to that runs


class FileStream(Stream):
    """A file of a file system, opened in binary mode."""

    most = _CHUNK_MAX  # bytes read at a time; who needs the memory for something else sets less

    def __init__(self, file, path=""):
        super().__init__()
        self.file = file
        self.path = path  # for lsof
        self.turn = 0  # chunks read since this stream gave way
        self.chunk = CHUNK  # grows with what has been read: a long file is read in longer pieces
        self.unsaved = False

    def release(self):
        if self.unsaved:
            generation.unsaved.remove(self)
        self.file.close()

    def write(self, data):
        if isinstance(data, str):
            data = data.encode()
        written = self.file.write(data)
        if written is not None and written < len(data):
            raise OSError(_ENOSPC)  # the file system says so by a short count
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
                self.chunk *= 2
        try:
            return self.file.read(self.chunk)
        except MemoryError:  # a heap in small pieces
            self.most = self.chunk = CHUNK // 2
            return self.file.read(self.chunk)
        except OSError as e:  # a card that has been pulled out
            raise OSError(e.errno, self.path) if self.path and e.errno else e

    def seek(self, offset, whence=0):
        """Move to offset (whence as os.SEEK_*); bytes read ahead are dropped."""
        self.rest = b""
        return self.file.seek(offset, whence)


def unsaved(stream):
    """A stream has output that its file does not have yet."""
    global _saving
    stream.unsaved = True
    generation.unsaved.append(stream)
    if not _saving:
        _saving = True
        base.schedule(saver())


def save(name=""):
    """Give the file systems what they do not have yet: of all files, or of those that may be the one called name.

    littlefs shows others what has been written when the file is closed or synchronised, and so does a power cut.
    """
    for stream in list(generation.unsaved):
        if not name or not stream.path or stream.path.endswith(name):
            stream.unsaved = False
            generation.unsaved.remove(stream)
            try:
                stream.file.flush()
            except (OSError, AttributeError):  # who closes it hears of it; a device may have nothing to flush
                pass


async def saver():
    """Save from time to time, while there is something."""
    global _saving
    try:
        while generation.unsaved:
            await asyncio.sleep_ms(_SAVE_MS)
            save()
    finally:
        _saving = False


class Capture(Stream):
    """Keeps what is written, up to a limit: command substitution."""

    def __init__(self, limit):
        super().__init__()
        self.limit = limit
        self.data = bytearray()

    def write(self, data):
        if len(self.data) + len(data) > self.limit:
            raise Failure("", f"output longer than {self.limit} bytes")
        self.data.extend(data)


class Text(Stream):
    """Reads from a string: here-documents and the command line's -c."""

    def __init__(self, data):
        super().__init__()
        self.rest = data.encode() if isinstance(data, str) else data
