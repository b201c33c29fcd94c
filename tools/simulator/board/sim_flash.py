# The flash of the simulated board: a block device over an image file, which can lose its power at any write.

from micropython import const

BLOCK = const(4096)
ERASED = b"\xff" * BLOCK


class Flash:
    """MicroPython's extended block device protocol over a file. Each write and each erase counts as one.

    Nothing here may allocate: the garbage collector closes files that a program has left open, which writes their
    last bytes, and while it runs the heap is locked. (A board's flash is driven in C.)
    """

    def __init__(self, path, size, cut_at=0, torn=False):
        self.file = open(path, "r+b")
        self.path = path
        self.size = size
        self.writes = 0
        self.cut_at = cut_at  # the number of the write that is lost with the power; 0: none
        self.torn = torn  # the first half of that write reaches the flash
        self.dead = False  # the power is gone: nothing is written any more
        self.power = None  # the pipe to the host, which power.connect gives
        self.last_words = b"writes %d\ncut\n" % cut_at
        self.chip = self  # what counts the writes, and loses its power: all areas of a chip are one

    def readblocks(self, block, buffer, offset=0):
        if self.chip.dead:
            raise OSError(5)
        self.file.seek(block * BLOCK + offset)
        self.file.readinto(buffer)

    def writeblocks(self, block, data, offset=0):
        self._put(block * BLOCK + offset, data)

    def ioctl(self, op, arg):
        if op == 4:
            return self.size // BLOCK
        if op == 5:
            return BLOCK
        if op == 6:
            self._put(arg * BLOCK, ERASED)
            return 0

    def _put(self, at, data):
        chip = self.chip
        if chip.dead:
            raise OSError(5)
        chip.writes += 1
        if chip.writes == chip.cut_at:
            # Here and not in a function: a power cut must succeed on the last bytes of a small stack.
            if chip.torn:
                self.file.seek(at)
                self.file.write(memoryview(data)[: len(data) // 2])
            chip.dead = True
            chip.power.write(chip.last_words)
            while True:
                pass  # the host ends this process
        self.file.seek(at)
        self.file.write(data)
