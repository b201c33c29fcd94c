# The flash of the simulated board: a block device over an image file, which can lose its power at any write.

from micropython import const

BLOCK = const(4096)
_ERASED = b"\xff" * BLOCK


class Mapped:
    """An image that the host has mapped into memory: no system calls, and nothing copied twice."""

    def __init__(self, address, size):
        import uctypes

        self.size = size
        self.memory = memoryview(uctypes.bytearray_at(address, size))

    def read(self, at, buffer):
        buffer[:] = self.memory[at : at + len(buffer)]

    def write(self, at, data):
        self.memory[at : at + len(data)] = data


class Opened:
    """An image as an open file, for an interpreter that the host cannot hand memory to."""

    def __init__(self, path, size):
        self.size = size
        self.file = open(path, "r+b")

    def read(self, at, buffer):
        self.file.seek(at)
        self.file.readinto(buffer)

    def write(self, at, data):
        self.file.seek(at)
        self.file.write(data)


class Flash:
    """MicroPython's extended block device protocol. Each write and each erase counts as one."""

    def __init__(self, store, cut_at=0, torn=False):
        self.store = store
        self.writes = 0
        self.cut_at = cut_at  # the number of the write that is lost with the power; 0: none
        self.torn = torn  # the first half of that write reaches the flash
        self.dead = False  # the power is gone: nothing is written any more

    def readblocks(self, block, buffer, offset=0):
        if self.dead:
            raise OSError(5)
        self.store.read(block * BLOCK + offset, buffer)

    def writeblocks(self, block, data, offset=0):
        self._put(block * BLOCK + offset, data)

    def ioctl(self, op, arg):
        if op == 4:
            return self.store.size // BLOCK
        if op == 5:
            return BLOCK
        if op == 6:
            self._put(arg * BLOCK, _ERASED)
            return 0

    def _put(self, at, data):
        if self.dead:
            raise OSError(5)
        self.writes += 1
        if self.writes == self.cut_at:
            if self.torn:
                self.store.write(at, memoryview(data)[: len(data) // 2])
            import power

            power.cut()
        self.store.write(at, data)


def attach(part):
    """The store that the host described: (address, size) or (path, size)."""
    where, size = part
    return Mapped(where, size) if isinstance(where, int) else Opened(where, size)
