# An SD card: for machine.SDCard (ESP32), and on an SPI bus as the card itself speaks there.
#
# sd.blocks (world) is its size in blocks of 512 bytes, null where there is none; sd.spi and sd.cs (world) say on which
# bus it hangs and which GPIO selects it. Its content is FLASH.card on this computer.

import power
import sim_bootloader
import sim_port
from micropython import const

import simulator

_BLOCK = const(512)
_EIO = const(5)
_IDLE = const(1)
_ILLEGAL = const(4)
_PARAMETER = const(0x40)
_DATA = const(0xFE)
_CRCS = {0: 0x95, 8: 0x87}  # the only commands whose check sum counts in SPI mode

_file = None  # the content of the card


def blocks():
    """The size of the card; 0 where there is none."""
    return simulator.get("sd.blocks") or 0


def insert():
    """Open the file: early, since that needs much stack and a transfer comes from a deep place."""
    global _file
    if not _file:
        sim_bootloader.connect(power.flash_path())
        try:
            _file = sim_bootloader.open_beside("card", "r+b")
        except OSError:
            _file = sim_bootloader.open_beside("card", "w+b")


def load(number, view):
    """Read blocks; what was never written is zero."""
    _file.seek(number * _BLOCK)
    got = _file.readinto(view) or 0
    for i in range(got, len(view)):
        view[i] = 0


def store(number, data):
    """Write blocks."""
    _file.seek(number * _BLOCK)
    _file.write(data)


class SDCard:
    """The ESP32's own driver: it finds out late that there is no card, and says so by negative numbers."""

    def __init__(
        self, slot=1, width=1, cd=None, wp=None, sck=None, miso=None, mosi=None, cs=None, cmd=None, data=None, freq=0
    ):
        if not 0 <= slot <= 3:
            raise ValueError("slot number must be between 0 and 3 inclusive")
        if width not in (1, 4, 8):
            raise ValueError("width must be 1, 4 or 8")
        insert()

    def info(self):
        """(bytes, bytes of a block)."""
        if not blocks():
            raise OSError(-263, "ESP_ERR_TIMEOUT")
        return blocks() * _BLOCK, _BLOCK

    def _has(self, number, buffer):
        return number * _BLOCK + len(buffer) <= blocks() * _BLOCK

    def readblocks(self, number, buffer):
        """Read."""
        if not self._has(number, buffer):
            return -_EIO
        load(number, memoryview(buffer))
        return 0

    def writeblocks(self, number, buffer):
        """Write."""
        if not self._has(number, buffer):
            return -_EIO
        store(number, buffer)
        return 0

    def ioctl(self, op, argument):
        """The protocol of block devices."""
        if op == 1:
            return 0 if blocks() else -1
        if op == 4:
            return blocks() or -1
        if op == 5:
            return _BLOCK
        return 0

    def deinit(self):
        """Give the pins back."""


if sim_port.port() != "esp32":
    del SDCard


class _Spi:
    """A card of the second version with addresses in blocks, in SPI mode."""

    def __init__(self):
        self.frame = b""  # of a command that comes in
        self.answer = bytearray()  # what goes out next
        self.data = None  # a block that comes in
        self.number = 0  # of the block that is read or written next
        self.reading = self.writing = self.several = False
        self.ready = self.application = False

    def selected(self):
        """The pin CS is low, and there is a card."""
        return blocks() and simulator.get("pin.%s.value" % simulator.get("sd.cs")) == 0

    def exchange(self, byte):
        """One byte goes in, one comes out."""
        if not self.answer and self.reading:
            self.next_block()
        answer = self.answer[0] if self.answer else 0xFF
        self.answer = self.answer[1:]
        if self.data is not None:
            self.data.append(byte)
            if len(self.data) == _BLOCK + 2:
                self.take()
        elif self.writing and byte in (_DATA, 0xFC):
            self.data = bytearray()
        elif self.writing and byte == 0xFD:
            self.writing = False
            self.answer = bytearray(b"\xff\0\0")
        elif not self.writing and (self.frame or byte & 0xC0 == 0x40):
            self.frame += bytes((byte,))
            if len(self.frame) == 6:
                self.obey()
        return answer

    def take(self):
        """A block has come."""
        store(self.number, self.data[:_BLOCK])
        self.data = None
        self.number += 1
        self.writing = self.several
        self.answer = bytearray(b"\xe5\0\0\0")  # accepted, then busy

    def next_block(self):
        if self.number >= blocks():
            self.reading = False
            self.answer = bytearray(b"\x08")  # out of range
            return
        block = bytearray(_BLOCK)
        load(self.number, memoryview(block))
        self.number += 1
        self.reading = self.several
        self.answer = bytearray(b"\xff\xfe") + block + b"\0\0"

    def obey(self):
        """A command has come."""
        frame, self.frame = self.frame, b""
        number = frame[0] & 0x3F
        argument = int.from_bytes(frame[1:5], "big")
        application, self.application = self.application, number == 55
        self.reading = False
        more = b""
        result = 0 if self.ready else _IDLE
        if number in _CRCS and frame[5] != _CRCS[number]:
            result |= 8
        elif number == 0:
            self.__init__()
            result = _IDLE
        elif number == 8:
            more = frame[1:5]
        elif number == 41 and application:
            self.ready = argument & 0x40000000 != 0
            result = 0 if self.ready else _IDLE
        elif number == 58:
            more = b"\xc0\xff\x80\0"
        elif number == 9 and self.ready:
            more = b"\xff\xfe" + self.csd() + b"\0\0"
        elif number == 12:
            self.answer = bytearray(b"\0\xff\0\0\0")  # a byte of the block under way, the answer, busy
            return
        elif number in (17, 18, 24, 25) and self.ready:
            if argument >= blocks():
                result = _PARAMETER
            else:
                self.number = argument
                self.several = number in (18, 25)
                self.reading = number < 24
                self.writing = number >= 24
        elif number not in (16, 55) or not self.ready and number == 16:
            result |= _ILLEGAL
        self.answer = bytearray(b"\xff") + bytes((result,)) + more

    def csd(self):
        size = blocks() // 1024 - 1
        return b"\x40\x0e\x00\x32\x5b\x59\x00" + size.to_bytes(3, "big") + b"\x7f\x80\x0a\x40\0\x01"


_card = None


def transfer(out, into):
    """What an SPI bus carries to the card and back; False where it is not selected."""
    global _card
    if not _card:
        _card = _Spi()
    if not _card.selected():
        return False
    for i in range(len(out)):
        answer = _card.exchange(out[i])
        if into is not None:
            into[i] = answer
    return True
