# onewire: the driver for a 1-Wire bus (https://docs.micropython.org/en/latest/esp32/quickref.html#onewire-driver).

import _onewire


class OneWireError(Exception):
    """No device answers."""


class OneWire:
    """The bus at a pin."""

    SEARCH_ROM = 0xF0
    MATCH_ROM = 0x55
    SKIP_ROM = 0xCC

    def __init__(self, pin):
        self.pin = pin
        pin.init(pin.OPEN_DRAIN, pin.PULL_UP)

    def reset(self, required=False):
        """Begin a transaction; OneWireError where an answer is required and none comes."""
        present = _onewire.reset(self.pin)
        if required and not present:
            raise OneWireError
        return present

    def readbit(self):
        """Read a bit."""
        return _onewire.readbit(self.pin)

    def readbyte(self):
        """Read a byte."""
        return _onewire.readbyte(self.pin)

    def readinto(self, buf):
        """Fill a buffer."""
        for i in range(len(buf)):
            buf[i] = _onewire.readbyte(self.pin)

    def writebit(self, value):
        """Write a bit."""
        _onewire.writebit(self.pin, value)

    def writebyte(self, value):
        """Write a byte."""
        _onewire.writebyte(self.pin, value)

    def write(self, buf):
        """Write all bytes of a buffer."""
        for byte in buf:
            _onewire.writebyte(self.pin, byte)

    def select_rom(self, rom):
        """Talk to the device with this address from here on."""
        self.reset()
        self.writebyte(self.MATCH_ROM)
        self.write(rom)

    def scan(self):
        """The addresses on the bus, eight bytes each."""
        found = []
        branches = [b""]  # beginnings of addresses, as bytes of 0 and 1, that some device still has to be found for
        while branches and self.reset():
            known = branches.pop()
            bits = bytearray()
            self.writebyte(self.SEARCH_ROM)
            while len(bits) < 64:
                bit, complement = self.readbit(), self.readbit()
                if bit and complement:
                    break  # nobody is there any more
                if len(bits) < len(known):
                    bit = known[len(bits)]
                elif not bit and not complement:
                    branches.append(bytes(bits) + b"\x01")
                self.writebit(bit)
                bits.append(bit)
            if len(bits) == 64:
                rom = bytearray(8)
                for i in range(64):
                    rom[i >> 3] |= bits[i] << (i & 7)
                found.append(rom)
        return found

    def crc8(self, data):
        """The checksum: 0 over data that ends with its own."""
        return _onewire.crc8(data)
