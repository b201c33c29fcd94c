# /dev: devices as files. Reading and writing them is what cat and echo do; docs/files.md lists them.

import io
import os

from base.modules import preload
from kernel.virtual import Report
from process import cpu

_PLAIN = ("adc/", "full", "gpio/", "led", "null", "random", "stderr", "stdin", "stdout", "tty", "urandom", "zero")
_CHUNK = 1024
_ENXIO = 6
_ENOSPC = 28
_CHARACTER = 0x2000  # a device, in the bits of stat


def find(parts):
    """The node at a path: see kernel.virtual."""
    if not parts:
        return _PLAIN
    name = parts[0]
    if name in ("gpio", "adc"):
        if len(parts) == 1:
            preload("base.config", "base.board")
            from kernel import devpins  # late: only for pins

            return devpins.names(name)
        return Node(name, parts[1]) if len(parts) == 2 else None
    return Node(name, None) if name in _PLAIN and len(parts) == 1 else None


class Node:
    """A device that can be opened."""

    kind = _CHARACTER

    def __init__(self, name, number):
        self.name = name
        self.number = number

    def open(self, mode):
        if self.name in ("gpio", "adc", "led"):
            from kernel import devpins  # late: only for pins

            writing = "w" in mode or "a" in mode or "+" in mode
            device = devpins.device(self.name, self.number, writing)
            if not writing:
                return Report(device.read).open(mode)
        else:
            device = {"tty": Tty, "stdin": Tty, "stdout": Tty, "stderr": Tty}.get(self.name, Device)(self.name)
        device.text = "b" not in mode
        return device


class Device(io.IOBase):
    """An open device; the base of all, and itself null, zero, full and random."""

    text = False  # opened for str and not for bytes

    def __init__(self, name):
        self.name = name

    def take(self, n):
        """At most n bytes."""
        if self.name == "null":
            return b""
        n = min(n, _CHUNK)
        return os.urandom(n) if "random" in self.name else bytes(n)

    def put(self, data):
        """Use the bytes that were written."""
        if self.name == "full":
            raise OSError(_ENOSPC)

    def read(self, n=-1):
        data = self.take(_CHUNK if n is None or n < 0 else n)
        return "".join([chr(c) for c in data]) if self.text else data

    def readline(self, n=-1):
        return self.read(n)

    def readinto(self, buffer, n=None):
        data = self.take(len(buffer) if n is None else n)
        buffer[: len(data)] = data
        return len(data)

    def write(self, data):
        self.put(data.encode() if isinstance(data, str) else bytes(data))
        return len(data)

    def ioctl(self, request, argument):
        return 0

    def seek(self, offset, whence=0):
        return 0

    def tell(self):
        return 0

    def flush(self):
        pass

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


class Tty(Device):
    """The terminal of the process that opens it, or one of its streams."""

    def __init__(self, name):
        super().__init__(name)
        self.stream = cpu.current.tty if name == "tty" else getattr(cpu.current, name)
        if not self.stream:
            raise OSError(_ENXIO)

    def take(self, n):
        return cpu.block(self.stream.read(n))

    def readline(self, n=-1):
        data = cpu.block(self.stream.readline())
        return data.decode() if self.text else data

    def put(self, data):
        self.stream.write(data)
