# The ROMFS area of a simulated board, as the ports rp2 and esp32 offer one: vfs.rom_ioctl() answers the verbs 1 (how many) and
# 2 (the block device) only. It is the file IMAGE.rom beside the flash, which comes with the first write where the board runs
# from an image of the simulator; where it holds a file system, the board mounts it.

import sys

import power
import sim_flash
import vfs

_EIO = 5
_EINVAL = 22


class Area(sim_flash.Flash):
    """The block device: a write without an offset erases its blocks first, and takes whole ones.

    Until the first write it shows an image of the simulator's own, which that write copies into the board's file.
    """

    def __init__(self, path, size, image, flash):
        super().__init__(path, size)
        self.chip = flash
        self.image = open(image, "rb") if image else None

    def readblocks(self, block, buffer, offset=0):
        if self.chip.dead:
            raise OSError(_EIO)
        if self.image:
            buffer[:] = sim_flash.ERASED[: len(buffer)]  # behind the end of the image
        file = self.image or self.file  # a board's flash is read in C: no call more than must be
        file.seek(block * sim_flash.BLOCK + offset)
        file.readinto(buffer)

    def writeblocks(self, block, data, offset=None):
        if offset is None and len(data) % sim_flash.BLOCK:
            raise OSError(_EINVAL)
        super().writeblocks(block, data, offset or 0)

    def _put(self, at, data):
        if self.image:
            self.copy()
        super()._put(at, data)

    def copy(self):
        """Have the file of this board hold what has been in the area so far."""
        buffer = bytearray(sim_flash.BLOCK)
        self.file.seek(0)
        for block in range(self.size // sim_flash.BLOCK):
            self.readblocks(block, buffer)
            self.file.write(buffer)
        self.image.close()
        self.image = None
        power.tell("area")


class Vfs:
    """The module vfs with that area."""

    def __init__(self, area):
        self.area = area

    def __getattr__(self, name):
        return getattr(vfs, name)

    def rom_ioctl(self, verb, number=0, *rest):
        if verb == 1:
            return 1
        return self.area if verb == 2 and number == 0 else -_EINVAL


def install(path, size, image, flash):
    sys.modules["vfs"] = Vfs(Area(path, size, image, flash))
