# gzip files (RFC 1952): streams that decompress and writers that compress.

import asyncio
import io
import os
from binascii import crc32

import deflate
from micropython import const

from base.errors import Failure
from process import cpu, memory
from process.stream import CHUNK, Stream

SIZE_MAX = const(67108864)  # limit for the decompressed size, in bytes
MAGIC = b"\x1f\x8b"

_WINDOW_MAX = const(15)  # bits: 32 KiB


def window(file):
    """Return the window bits that a file needs. Its content may be smaller than 32 KiB: the trailer has the size."""
    file.seek(-4, 2)
    packed = file.seek(0, 1) + 4
    tail = file.read(4)
    file.seek(0)
    size = tail[0] | tail[1] << 8 | tail[2] << 16 | tail[3] << 24
    bits = 8
    while bits < _WINDOW_MAX and 1 << bits < size:
        bits += 1
    return bits if packed < size + 64 else _WINDOW_MAX  # else it has several members


class Inflating(Stream):
    """Decompresses a file opened in binary mode. Members are concatenated."""

    def __init__(self, file, name):
        super().__init__()
        self.file = file
        self.name = name
        self.size = 0
        self.bits = window(file) if file.seek(0, 2) > 18 else _WINDOW_MAX
        self.source = None
        file.seek(0)
        self.begin()

    def begin(self):
        """Start the next member. Return False after the last one."""
        here = self.file.seek(0, 1)
        magic = self.file.read(2)
        if magic != MAGIC:
            if self.source or (here and not magic):
                return False  # trailing garbage is ignored
            raise Failure(self.name, "not in gzip format")
        self.file.seek(here)
        self.source = deflate.DeflateIO(self.file, deflate.GZIP, self.bits)
        try:
            self.ahead = self.unpack()
        except MemoryError:  # the window needs contiguous memory
            memory.evict()
            self.file.seek(here)
            self.source = deflate.DeflateIO(self.file, deflate.GZIP, self.bits)
            self.ahead = self.unpack()
        return True

    def unpack(self):
        try:
            return self.source.read(CHUNK)
        except (OSError, EOFError):
            raise Failure(self.name, "invalid compressed data")

    def release(self):
        self.source = None
        self.file.close()

    async def fill(self):
        await asyncio.sleep_ms(0)
        while self.source:
            data, self.ahead = self.ahead or self.unpack(), b""
            if data:
                self.size += len(data)
                if self.size > SIZE_MAX:
                    raise Failure(self.name, f"expands to more than {SIZE_MAX} bytes")
                return data
            if not self.begin():
                break
        return b""


async def spool(stream):
    """Copy a stream to a temporary file, which is removed when it is closed."""
    if hasattr(stream, "file") and not stream.rest:
        return stream.file
    file = Spool(f"/tmp/.gz{cpu.current.pid}")
    try:
        while data := await stream.read():
            if file.write(data) != len(data):
                raise OSError(28)  # ENOSPC
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


class Spool(io.IOBase):
    """A temporary file."""

    def __init__(self, path):
        self.path = path
        self.file = open(path, "w+b")
        self.write = self.file.write
        self.seek = self.file.seek
        self.read = self.file.read

    def readinto(self, buffer):
        return self.file.readinto(buffer)

    def ioctl(self, request, argument):
        return 0 if request == 4 else -1  # close

    def close(self):
        if self.file:
            self.file.close()
            self.file = None
            os.remove(self.path)


class Sink(io.IOBase):
    """The file that DeflateIO writes to."""

    def __init__(self, write):
        self.put = write

    def write(self, data):
        self.put(bytes(data))
        return len(data)


class Deflating:
    """Compresses data and passes it to the function write."""

    def __init__(self, write, name=""):
        self.put = write
        self.sum = self.size = 0
        write(
            MAGIC + (b"\x08\x08" if name else b"\x08\0") + b"\0\0\0\0\0\xff" + (name.encode() + b"\0" if name else b"")
        )
        self.packer = packer(write)

    def write(self, data):
        self.sum = crc32(data, self.sum)
        self.size += len(data)
        self.packer.write(data)

    def close(self):
        self.packer.close()
        tail = bytes([value >> shift & 255 for value in (self.sum, self.size) for shift in (0, 8, 16, 24)])
        self.put(tail)


def packer(write):
    """Return a raw deflate compressor that passes its output to the function write."""
    if hasattr(deflate.DeflateIO, "write"):
        return deflate.DeflateIO(Sink(write), deflate.RAW, 12)
    from archive.squeeze import Squeeze  # late: only if the firmware cannot compress

    return Squeeze(write)
