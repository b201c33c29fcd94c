# A file of a pack (lib/packs.py) as a program opens it: with lines, characters and a position. Imports do without,
# which leaves a board from packs that runs a program 1.6 kB more.

import io

from deflate import RAW, DeflateIO
from micropython import const

_WINDOW_BITS = const(11)
_SKIP = const(256)  # bytes that are read over at a time
_EINVAL = const(22)
_EROFS = const(30)


class PackFile(io.IOBase):
    """A file in the stream at which an open pack stands, behind `before` bytes of it; read anew from there to go back."""

    def __init__(self, pack, size, before, text):
        self.pack = pack
        self.start = pack.tell()
        self.before = before
        self.size = size
        self.text = text
        self.rewind()

    def rewind(self):
        self.pack.seek(self.start)
        self.stream = DeflateIO(self.pack, RAW, _WINDOW_BITS)
        self.at = -self.before
        self.skip_to(0)

    def take(self, size):
        """At most so many bytes, all where size is negative."""
        left = self.size - self.at
        data = self.stream.read(left if size < 0 else min(size, left))
        self.at += len(data)
        return data

    def read(self, size=-1):
        size = -1 if size is None else size
        data = self.take(size)
        if not self.text:
            return data
        data = (data + self.take(missing(data))).decode()
        while len(data) < size:  # some characters have several bytes
            more = self.take(size - len(data))
            if not more:
                break
            data += (more + self.take(missing(more))).decode()
        return data

    def readline(self, size=-1):
        left = self.size - self.at
        # With a limit the interpreter takes so much memory at once. What is cut off is the beginning of another file.
        line = self.stream.readline(-1 if size is None or size < 0 else min(size, left))[:left]
        self.at += len(line)
        return line.decode() if self.text else line

    def readlines(self):
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readinto(self, buffer):
        count = self.stream.readinto(memoryview(buffer)[: self.size - self.at])
        self.at += count
        return count

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        target = offset + (self.at if whence == 1 else self.size if whence == 2 else 0)
        if target < 0:
            raise OSError(_EINVAL)
        target = min(target, self.size)
        if target < self.at:
            self.rewind()
        self.skip_to(target)
        return self.at

    def skip_to(self, target):
        buffer = memoryview(bytearray(min(_SKIP, target - self.at)))
        while self.at < target:
            count = self.stream.readinto(buffer[: target - self.at])  # self.readinto() takes more of the C stack
            if not count:
                break
            self.at += count

    def write(self, data):
        raise OSError(_EROFS)

    def flush(self):
        """Nothing waits to be written."""

    def close(self):
        self.pack.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ioctl(self, request, argument):
        """For the interpreter's own readers: 4 is close, 3 asks what is ready."""
        if request == 4:
            self.close()
        return argument & 1 if request == 3 else 0


def missing(data):
    """How many bytes the last character lacks."""
    for back in range(1, min(len(data), 3) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            return max(2 + (byte >= 0xE0) + (byte >= 0xF0) - back, 0)
        if byte < 0x80:
            break
    return 0
