# Volumes: what mount makes block devices and file systems of.

import os

import vfs
from micropython import const

from base import mounts
from base.chip import module
from base.errors import Failure, reason

_BLOCK = const(512)  # bytes; what FAT wants
_RAM_BLOCKS_MIN = const(8)
_RAM_BLOCKS_MAX = const(16384)
_ENOSPC = const(28)
_SUBTYPE_FILES = const(0x81)  # the first subtype of an ESP32's partitions that is a file system's: FAT
_IMAGE_BLOCK = const(4096)  # littlefs in a file, as on flash
_TYPES = {"fat": "VfsFat", "vfat": "VfsFat", "lfs2": "VfsLfs2", "littlefs": "VfsLfs2", "littlefs2": "VfsLfs2"}
_TYPES.update({"rom": "VfsRom", "romfs": "VfsRom", "lfs1": "VfsLfs1"})


class Ram:
    """A block device in memory, which grows up to its size: what is on it is gone after umount."""

    def __init__(self, size):
        self.size = size // _BLOCK
        if not _RAM_BLOCKS_MIN <= self.size <= _RAM_BLOCKS_MAX:
            raise Failure(
                str(size), f"invalid size (RAM disk: {_RAM_BLOCKS_MIN * _BLOCK} to {_RAM_BLOCKS_MAX * _BLOCK} bytes)"
            )
        self.blocks = [None] * self.size

    def readblocks(self, number, buffer, offset=0):
        done = 0
        while done < len(buffer):
            block = self.blocks[number]
            n = min(_BLOCK - offset, len(buffer) - done)
            buffer[done : done + n] = memoryview(block)[offset : offset + n] if block else bytes(n)
            done += n
            number += 1
            offset = 0

    def writeblocks(self, number, buffer, offset=0):
        done = 0
        while done < len(buffer):
            n = min(_BLOCK - offset, len(buffer) - done)
            if self.blocks[number] is None:
                try:
                    self.blocks[number] = bytearray(_BLOCK)
                except MemoryError:
                    raise OSError(_ENOSPC)
            self.blocks[number][offset : offset + n] = memoryview(buffer)[done : done + n]
            done += n
            number += 1
            offset = 0

    def ioctl(self, op, argument):
        if op == 4:
            return self.size
        if op == 5:
            return _BLOCK
        if op == 6:
            self.blocks[argument] = None
            return 0


class Image:
    """A block device in a file of another file system."""

    def __init__(self, path, readonly=False, block=_IMAGE_BLOCK):
        self.file = open(path, "rb" if readonly else "r+b")
        self.bytes = os.stat(path)[6]
        self.resize(block)

    def resize(self, block):
        """Have blocks of another size."""
        self.block = block
        self.size = self.bytes // block

    def close(self):
        self.file.close()

    def readblocks(self, number, buffer, offset=0):
        self.file.seek(number * self.block + offset)
        self.file.readinto(buffer)

    def writeblocks(self, number, buffer, offset=0):
        self.file.seek(number * self.block + offset)
        self.file.write(buffer)

    def ioctl(self, op, argument):
        if op == 3:
            self.file.flush()
        elif op == 4:
            return self.size
        elif op == 5:
            return self.block
        elif op == 6:
            return 0


def card(settings):
    """An SD card: by the firmware's own driver (SDMMC, or SPI on its slots 2 and 3), else by ours on an SPI bus."""
    machine = module("machine")
    if not machine:
        raise Failure("sd", "SD cards are not supported")
    numbers = {name: int(value) for name, value in settings.items() if value.isdigit()}
    try:
        if hasattr(machine, "SDCard") and "spi" not in numbers:
            choice = {name: numbers[name] for name in ("slot", "width", "freq") if name in numbers}
            for name in ("sck", "mosi", "miso", "cs", "cmd", "cd", "wp"):
                if name in numbers:
                    choice[name] = machine.Pin(numbers[name])
            if "data" in settings:
                choice["data"] = tuple([machine.Pin(int(number)) for number in settings["data"].split(":")])
            found = machine.SDCard(**choice)
            if found.ioctl(1, 0):  # an ESP32 reports an error, and then reads zeros
                release(found)
                raise Failure("sd", "no card, or no response")
            return found
        from base import spicard  # late: few boards have a card

        return spicard.on_bus(machine, numbers)
    except (ValueError, TypeError) as e:
        raise Failure("sd", str(e))
    except OSError as e:
        raise Failure("sd", f"no response from the card: {reason(e)}")


def partition(label):
    """A partition of an ESP32's flash by its label, or None; Failure for one that is no place for a file system."""
    esp32 = module("esp32")
    if not esp32:
        return None

    def find(name):
        return (esp32.Partition.find(esp32.Partition.TYPE_DATA, label=name) or (None,))[0]

    found = find(label)
    if found and found.info()[1] < _SUBTYPE_FILES:
        raise Failure(label, "not a data partition")
    if found and (label == "vfs" or label == "ffat" and not find("vfs")):  # what the firmware mounts at /
        raise Failure(label, "in use by the system")
    return found


def device(what, path, settings, readonly):
    """(block device, its name) for what the user has named; path is its normal form, for a file."""
    if what in ("ram", "tmpfs"):
        return Ram(size_of(settings.get("size", "32k"))), "ram"
    found = partition(what) if "/" not in what and what != "sd" else None
    name = what if found or what == "sd" else path
    place = mounts.place_of(name)
    if place:
        raise Failure(what, f"mounted at {place}")
    if what == "sd":
        return card(settings), name
    if found:
        return found, name
    try:
        return Image(path, readonly), name
    except OSError:
        raise Failure(what, "no such partition or image file")


def size_of(text):
    """Bytes for 64k, 1M or 4096."""
    unit = {"k": 1024, "m": 1048576}.get(text[-1:].lower(), 1)
    digits = text[:-1] if unit > 1 else text
    if not digits.isdigit():
        raise Failure(text, "invalid size")
    return int(digits) * unit


def kind_of(name):
    """The class for the name of a type; Failure for none, or one that the firmware lacks."""
    if name not in _TYPES:
        raise Failure(name, "unknown file system type (fat, littlefs2 or romfs)")
    kind = getattr(vfs, _TYPES[name], None)
    if not kind:
        raise Failure(name, "not supported by this firmware")
    return kind


def guess(block):
    """The type of what is on a block device, by its first blocks; None if it is empty or unknown."""
    head = bytearray(_BLOCK)
    for number in (0, 1):
        try:
            block.readblocks(number, head, 0)
        except TypeError:  # a device without offsets
            block.readblocks(number, head)
        if head[8:16] == b"littlefs":
            return "littlefs2"
        if number == 0 and head[:3] == b"\xd2\xcd\x31":
            return "romfs"
        if number == 0 and head[510:512] == b"\x55\xaa":
            return "fat"
    return None


def volume(block, what, kind, form):
    """The file system object on a block device; form: make a new, empty one.

    Call it from a shallow place (base.spicard says why).
    """
    form = form or isinstance(block, Ram)
    try:
        found = kind or ("fat" if form and what == "sd" else "littlefs2" if form else guess(block))
    except OSError as e:
        raise Failure(what, f"cannot be read: {reason(e)}")
    if not found:
        raise Failure(what, "no file system (-f makes one)")
    made = kind_of(found)
    if form and made.__name__ == "VfsRom":
        raise Failure(what, "a ROMFS can only be made on a computer")
    if isinstance(block, Image) and made.__name__ == "VfsFat":
        block.resize(_BLOCK)
    try:
        if isinstance(block, Image) and made.__name__ == "VfsRom":
            block.file.seek(0)
            return made(block.file.read())
        if form:
            made.mkfs(block)
        if made.__name__ == "VfsFat":
            from base import fat  # late: only for FAT

            return fat.VfsFat(made(block), block)
        return made(block)
    except (OSError, ValueError) as e:
        raise Failure(what, f"not a {found} file system: {reason(e)}")
    except TypeError:  # littlefs writes parts of blocks
        raise Failure(what, "only FAT is supported on a card")
    except MemoryError:
        raise Failure(what, "not enough memory")


def attach(made, directory, block, name, readonly):
    """Mount a file system; Failure says why not."""
    try:
        vfs.mount(made, directory, readonly=readonly)
    except OSError:  # EPERM
        raise Failure(directory, "inside another mounted file system")
    try:
        os.statvfs(directory)
    except OSError as e:
        vfs.umount(directory)
        raise Failure(name, f"cannot be read: {reason(e)}")
    mounts.points[directory] = (name, "ro" if readonly else "rw", block)


def umount(directory):
    """End the use of what is mounted there."""
    try:
        vfs.umount(directory)
    finally:
        if directory in mounts.points:
            release(mounts.points.pop(directory)[2])


def release(block):
    """Give back what a block device holds: a file, or a bus."""
    for end in ("close", "deinit"):
        if hasattr(block, end):
            getattr(block, end)()
