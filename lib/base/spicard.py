# An SD card on an SPI bus, as a block device: the card's SPI mode (SD Physical Layer Simplified Specification, part 7).
# Firmware without machine.SDCard needs it: that of an RP2040 or RP2350. Calls are not nested deeper than two: the
# firmware's formatting of FAT needs 4 kB of an RP2040's 8 kB of stack, and calls from there.

from time import sleep_ms, ticks_diff, ticks_ms

from micropython import const

from base import board
from base.errors import Failure

_BLOCK = const(512)
_SLOW_HZ = const(200_000)  # until the card is ready
_FAST_HZ = const(10_000_000)
_READY_MS = const(1000)  # what a card may take to get ready after power on (the specification: 1 s)
_BUSY_MS = const(500)  # to write a block (250 ms), and the same again
_REPLY_MAX = const(16)  # bytes until an answer begins (8)
_EIO = const(5)
_ENODEV = const(19)

_IDLE = const(1)  # the only bit of an answer that is no error
_DATA = const(0xFE)  # the token before a block
_MORE = const(0xFC)  # the same when several blocks are written
_STOP = const(0xFD)
_TAKEN = const(5)  # in the low five bits of the answer to a block


def on_bus(machine, numbers):
    """The card on SPI bus numbers["spi"] (0), with the pins of the board file or those in numbers."""
    bus = numbers.get("spi", 0)
    try:
        pins = board.gpios("spi", bus)
    except (KeyError, IndexError):
        pins = {}
    if "ck" in pins:
        pins["sck"] = pins["ck"]
    pins.update(numbers)
    for name in ("sck", "mosi", "miso", "cs"):
        if name not in pins:
            raise Failure("sd", "requires -o spi=N,sck=GPIO,mosi=GPIO,miso=GPIO,cs=GPIO")
    sck, mosi, miso, cs = [machine.Pin(pins[name]) for name in ("sck", "mosi", "miso", "cs")]
    return Card(machine.SPI(bus, baudrate=_SLOW_HZ, sck=sck, mosi=mosi, miso=miso), cs, numbers.get("freq", _FAST_HZ))


class Card:
    """The block device; OSError where the card does not do what it should."""

    def __init__(self, spi, cs, freq):
        self.spi = spi
        self.cs = cs
        self.one = bytearray(1)
        self.frame = bytearray(6)
        self.gone = False  # nothing is read and written any more
        cs.init(cs.OUT, value=1)
        spi.write(b"\xff" * 10)  # 74 clocks wake it
        self.factor = _BLOCK  # old cards count bytes, the others blocks
        self.begin()
        self.blocks = self.capacity()
        spi.init(baudrate=freq)

    def begin(self):
        """Bring the card from power on to the state in which it transfers."""
        start = ticks_ms()
        while self.command(0, 0, 0x95) != _IDLE:
            if ticks_diff(ticks_ms(), start) > _READY_MS:
                raise OSError(_ENODEV)
            sleep_ms(5)
        modern = self.command(8, 0x1AA, 0x87, more=4) == _IDLE
        while True:
            self.command(55, 0)
            if not self.command(41, 0x40000000 if modern else 0):
                break
            if ticks_diff(ticks_ms(), start) > 2 * _READY_MS:
                raise OSError(_ENODEV)
            sleep_ms(5)
        if modern:
            self.command(58, 0, more=4)
            if self.tail[0] & 0x40:
                self.factor = 1
        if self.factor > 1 and self.command(16, _BLOCK):
            raise OSError(_EIO)

    def capacity(self):
        """The blocks of the card, by its register CSD."""
        csd = bytearray(16)
        self.read(9, 0, (csd,))
        if csd[0] >> 6 == 1:
            return ((csd[7] & 0x3F) << 16 | csd[8] << 8 | csd[9]) + 1 << 10
        size = (csd[6] & 3) << 10 | csd[7] << 2 | csd[8] >> 6
        shift = ((csd[9] & 3) << 1 | csd[10] >> 7) + 2 + (csd[5] & 15)
        return (size + 1 << shift) // _BLOCK

    def release(self):
        """The end of a command: the card needs eight clocks to let the line go."""
        self.cs(1)
        self.spi.readinto(self.one, 0xFF)

    def command(self, number, argument, crc=1, more=0, hold=False):
        """Send a command; returns the first byte of the answer. more: bytes behind it, for self.tail."""
        frame = self.frame
        frame[0] = 0x40 | number
        for i in range(4):
            frame[1 + i] = argument >> 24 - 8 * i & 0xFF
        frame[5] = crc
        spi = self.spi
        one = self.one
        self.cs(0)
        spi.readinto(one, 0xFF)
        spi.write(frame)
        if number == 12:
            spi.readinto(one, 0xFF)  # belongs to the block that was under way
        for _ in range(_REPLY_MAX):
            spi.readinto(one, 0xFF)
            if one[0] < 0x80:
                break
        answer = one[0]
        if more:
            self.tail = spi.read(more, 0xFF)
        if not hold:
            self.release()
        return answer

    def wait(self, token):
        """Wait for a byte: a token, or 0xFF when the card is not busy any more."""
        start = ticks_ms()
        one = self.one
        while True:
            self.spi.readinto(one, 0xFF)
            if one[0] == token:
                return
            if ticks_diff(ticks_ms(), start) > _BUSY_MS:
                raise OSError(_EIO)

    def read(self, number, argument, buffers):
        """Send a command that gives blocks, and take them."""
        try:
            if self.command(number, argument, hold=True):
                raise OSError(_EIO)
            for buffer in buffers:
                self.wait(_DATA)
                self.spi.readinto(buffer, 0xFF)
                self.spi.read(2, 0xFF)  # the check sum
        finally:
            self.release()

    def readblocks(self, number, buffer):
        if self.gone:
            return
        view = memoryview(buffer)
        several = len(view) > _BLOCK
        parts = [view[at : at + _BLOCK] for at in range(0, len(view), _BLOCK)]
        self.read(18 if several else 17, number * self.factor, parts)
        if several:
            self.command(12, 0, hold=True)
            self.finish()

    def finish(self):
        """Wait until the card is not busy, and let it go."""
        try:
            self.wait(0xFF)
        finally:
            self.release()

    def writeblocks(self, number, buffer):
        if self.gone:
            return
        view = memoryview(buffer)
        several = len(view) > _BLOCK
        try:
            if self.command(25 if several else 24, number * self.factor, hold=True):
                raise OSError(_EIO)
            for at in range(0, len(view), _BLOCK):
                self.spi.write(bytes((0xFF, _MORE if several else _DATA)))
                self.spi.write(view[at : at + _BLOCK])
                self.spi.write(b"\xff\xff")
                self.spi.readinto(self.one, 0xFF)
                if self.one[0] & 0x1F != _TAKEN:
                    raise OSError(_EIO)
                self.wait(0xFF)
            if several:
                self.spi.write(bytes((_STOP, 0xFF)))
                self.wait(0xFF)
        finally:
            self.release()

    def ioctl(self, op, argument):
        if op == 4:
            return self.blocks
        if op == 5:
            return _BLOCK
        return 0

    def deinit(self):
        self.spi.deinit()
