# esp32.Partition: the parts of the flash of a simulated ESP32.
#
# Two for firmware of 64 kB each, whose content is FLASH.firmware on this computer, and the one that holds the file
# system. A firmware starts with the byte E9; ota_0 has one from the factory.

import power
import sim_bootloader
from micropython import const

_BLOCK = const(4096)
_APP_SIZE = const(65536)
_MAGIC = const(0xE9)

# type, subtype, address, size, label
_TABLE = (
    (1, 0x02, 0x9000, 0x6000, "nvs"),
    (1, 0x00, 0xF000, 0x2000, "otadata"),
    (0, 0x10, 0x20000, _APP_SIZE, "ota_0"),
    (0, 0x11, 0x30000, _APP_SIZE, "ota_1"),
    (1, 0x81, 0x200000, None, "vfs"),
)


def _error(code, name):
    return OSError(-code, "ESP_ERR_" + name)


class Partition:
    """A part of the flash, as a block device."""

    BOOT = 0
    RUNNING = 1
    TYPE_APP = 0
    TYPE_DATA = 1

    def __init__(self, id, block_size=_BLOCK):
        sim_bootloader.connect(power.flash_path())
        if isinstance(id, int):
            if id not in (0, 1):
                raise ValueError
            id = sim_bootloader.running if id else sim_bootloader.boot()
        for entry in _TABLE:
            if entry[4] == id:
                break
        else:
            raise OSError(2)
        self._type, self._subtype, self._address, self._size, self._label = entry
        if self._size is None:
            self._size = power.flash().size
        self._block = block_size

    def __repr__(self):
        return "<Partition type=%u, subtype=%u, address=%u, size=%u, label=%s, encrypted=0>" % self.info()[:5]

    def info(self):
        """(type, subtype, address, size, label, encrypted)."""
        return (self._type, self._subtype, self._address, self._size, self._label, False)

    @staticmethod
    def find(type=0, subtype=0xFF, label=None, block_size=_BLOCK):
        """The partitions of a type."""
        return [
            Partition(entry[4], block_size)
            for entry in _TABLE
            if entry[0] == type and subtype in (0xFF, entry[1]) and label in (None, entry[4])
        ]

    def _check(self, at, length):
        if self._label in ("nvs", "otadata"):
            raise _error(0x106, "NOT_SUPPORTED")
        if at < 0 or at + length > self._size:
            raise _error(0x104 if at + length > self._size else 0x102, "INVALID_SIZE")

    def readblocks(self, block, buffer, offset=0):
        """Read."""
        at = block * self._block + offset
        self._check(at, len(buffer))
        if self._label == "vfs":
            power.flash().readblocks(0, buffer, at)
            return
        view = memoryview(buffer)
        view[:] = b"\xff" * len(buffer)
        got = 0
        try:
            with sim_bootloader.open_beside("firmware", "rb") as file:
                file.seek(self._place(at))
                got = file.readinto(buffer)
        except OSError:
            if at == 0 and self._label == "ota_0" and len(buffer):
                view[0] = _MAGIC
        for i in range(got or 0):  # the file holds the complement: what was never written reads as erased
            view[i] ^= 0xFF

    def _place(self, at):
        return at + (_APP_SIZE if self._label == "ota_1" else 0)

    def writeblocks(self, block, buffer, offset=None):
        """Erase and write whole blocks, or with an offset write to what is erased."""
        at = block * self._block + (offset or 0)
        self._check(at, len(buffer))
        if self._label == "vfs":
            power.flash().writeblocks(0, buffer, at)
            return
        data = bytearray(buffer)
        if offset is not None:
            before = bytearray(len(data))
            self.readblocks(block, before, offset)
            for i in range(len(data)):
                data[i] &= before[i]  # writing flash turns ones into zeros only
        self._put(at, data)

    def _put(self, at, data):
        try:
            file = sim_bootloader.open_beside("firmware", "r+b")
        except OSError:
            file = sim_bootloader.open_beside("firmware", "w+b")
            file.write(bytes((_MAGIC ^ 0xFF,)))
        with file:
            file.seek(self._place(at))
            for i in range(len(data)):  # in place: a chip writes without a copy
                data[i] ^= 0xFF
            file.write(data)

    def ioctl(self, op, arg):
        """The protocol of block devices."""
        if op in (1, 2, 3):
            return 0
        if op == 4:
            return self._size // self._block
        if op == 5:
            return self._block
        if op == 6:
            if self._block != _BLOCK:
                return -22
            self._check(arg * _BLOCK, _BLOCK)
            if self._label == "vfs":
                return power.flash().ioctl(6, arg)
            self._put(arg * _BLOCK, bytearray(b"\xff" * _BLOCK))
            return 0

    def _require_app(self):
        if self._type != self.TYPE_APP:
            raise _error(0x102, "INVALID_ARG")

    def set_boot(self):
        """Let the next start run this firmware."""
        self._require_app()
        first = bytearray(1)
        self.readblocks(0, first)
        if first[0] != _MAGIC:
            raise _error(0x1503, "OTA_VALIDATE_FAILED")
        sim_bootloader.set_boot(self._label)

    def get_next_update(self):
        """The firmware partition after this one."""
        self._require_app()
        return Partition("ota_0" if self._label == "ota_1" else "ota_1")

    @classmethod
    def mark_app_valid_cancel_rollback(cls):
        """The firmware that runs is good: the next start does not go back."""
        sim_bootloader.connect(power.flash_path())
        sim_bootloader.mark_valid()
