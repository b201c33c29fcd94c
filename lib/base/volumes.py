# Volumes: what mount makes block devices and file systems of.

import os

from micropython import const

from base.errors import Failure

_BLOCK = const(512)  # bytes; what FAT wants
_RAM_BLOCKS_MIN = const(8)
_RAM_BLOCKS_MAX = const(16384)
_ENOSPC = const(28)
_IMAGE_BLOCK = const(4096)  # littlefs in a file, as on flash
_TYPES = {"fat": "VfsFat", "vfat": "VfsFat", "lfs2": "VfsLfs2", "littlefs": "VfsLfs2", "littlefs2": "VfsLfs2"}
_TYPES.update({"rom": "VfsRom", "romfs": "VfsRom", "lfs1": "VfsLfs1"})


class Ram:
    """A block device in memory, which grows up to its size: what is on it is gone after umount."""

    def __init__(self, size):
        self.size = size // _BLOCK
        if not _RAM_BLOCKS_MIN <= self.size <= _RAM_BLOCKS_MAX:
            raise Failure(str(size), f"a RAM disk has {_RAM_BLOCKS_MIN * _BLOCK} to {_RAM_BLOCKS_MAX * _BLOCK} bytes")
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
        self.block = block
        self.size = os.stat(path)[6] // block

    def readblocks(self, number, buffer, offset=0):
        self.file.seek(number * self.block + offset)
        self.file.readinto(buffer)

    def writeblocks(self, number, buffer, offset=0):
        self.file.seek(number * self.block + offset)
        self.file.write(buffer)

    def ioctl(self, op, argument):
        if op == 2:
            self.file.close()
        elif op == 3:
            self.file.flush()
        elif op == 4:
            return self.size
        elif op == 5:
            return self.block
        elif op == 6:
            return 0


def card(settings):
    """An SD card: the machine's own driver (SDMMC or SPI), or `sdcard` from micropython-lib on SPI."""
    import machine

    numbers = {name: int(value) for name, value in settings.items() if value.isdigit()}
    pins = {name: machine.Pin(numbers[name]) for name in ("sck", "mosi", "miso", "cs") if name in numbers}
    try:
        if hasattr(machine, "SDCard"):
            for name in ("slot", "width", "freq"):
                if name in numbers:
                    pins[name] = numbers[name]
            return machine.SDCard(**pins)
        try:
            import sdcard
        except ImportError:
            raise Failure("sd", "this firmware has no driver for cards; install sdcard from micropython-lib")
        if len(pins) < 4:
            raise Failure("sd", "needs -o spi=N,sck=GPIO,mosi=GPIO,miso=GPIO,cs=GPIO")
        spi = machine.SPI(numbers.get("spi", 0), sck=pins["sck"], mosi=pins["mosi"], miso=pins["miso"])
        return sdcard.SDCard(spi, pins["cs"])
    except (OSError, ValueError, TypeError) as e:
        raise Failure("sd", f"the card does not answer: {e}")


def partition(label):
    """A partition of an ESP32's flash by its label, or None."""
    try:
        from esp32 import Partition
    except ImportError:
        return None
    found = Partition.find(Partition.TYPE_DATA, label=label)
    return found[0] if found else None


def device(what, path, settings, readonly):
    """The block device for what the user has named; path is its normal form, for a file."""
    if what in ("ram", "tmpfs"):
        return Ram(size_of(settings.get("size", "32k")))
    if what == "sd":
        try:
            return card(settings)
        except ImportError:
            raise Failure("sd", "this system has no cards")
    found = partition(what) if "/" not in what else None
    if found:
        return found
    try:
        return Image(path, readonly)
    except OSError:
        raise Failure(what, "no partition and no image file")


def size_of(text):
    """Bytes for 64k, 1M or 4096."""
    unit = {"k": 1024, "m": 1048576}.get(text[-1:].lower(), 1)
    digits = text[:-1] if unit > 1 else text
    if not digits.isdigit():
        raise Failure(text, "not a size")
    return int(digits) * unit


def kind_of(name):
    """The class for the name of a type; Failure for none, or one that the firmware lacks."""
    import vfs

    if name not in _TYPES:
        raise Failure(name, "no such type; there are fat, littlefs2 and romfs")
    kind = getattr(vfs, _TYPES[name], None)
    if not kind:
        raise Failure(name, "this firmware has no such file system")
    return kind


def guess(block):
    """The type of what is on a block device, by its first block; None where it is empty or unknown."""
    head = bytearray(_BLOCK)
    try:
        block.readblocks(0, head, 0)
    except TypeError:  # a device without offsets
        block.readblocks(0, head)
    if head[8:16] == b"littlefs":
        return "littlefs2"
    if head[:3] == b"\xd2\xcd\x31":
        return "romfs"
    if head[510:512] == b"\x55\xaa":
        return "fat"
    block.readblocks(1, head)
    return "littlefs2" if head[8:16] == b"littlefs" else None


def volume(what, path, kind, settings, readonly, form):
    """The file system object to mount; form: make a new, empty one."""
    block = device(what, path, settings, readonly)
    form = form or isinstance(block, Ram)
    found = kind or ("fat" if form and what == "sd" else "littlefs2" if form else guess(block))
    if not found:
        raise Failure(what, "no file system on it; -f makes one")
    if found in ("rom", "romfs"):
        return romfs(block)
    made = kind_of(found)
    if isinstance(block, Image) and made.__name__ == "VfsFat":
        block.file.close()
        block = Image(path, readonly, _BLOCK)
    try:
        if form:
            made.mkfs(block)
        return made(block)
    except (OSError, ValueError) as e:
        raise Failure(what, f"not a {found} file system: {e}")


def romfs(block):
    """A ROMFS from a partition, or from a file, which is read into memory."""
    kind = kind_of("romfs")
    try:
        if not isinstance(block, Image):
            return kind(block)
        block.file.seek(0)
        return kind(block.file.read())
    except (OSError, ValueError, TypeError) as e:
        raise Failure("romfs", f"not a ROMFS: {e}")
    except MemoryError:
        raise Failure("romfs", "no memory for the image")
