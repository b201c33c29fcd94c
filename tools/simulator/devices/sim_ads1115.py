# An ADS1115 on an I2C bus: four registers of 16 bits, as in TI's data sheet SBAS444.
#
# {"72": {"chip": "ads1115", "volts": [1.5, 0.2, 0, 3.3]}}: the voltages at its inputs. A conversion takes no time.

import struct

_RANGES = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256)
_PAIRS = ((0, 1), (0, 3), (1, 3), (2, 3))  # with two inputs; then each of them against ground
_CONVERSION, _CONFIG = 0, 1


class Chip:
    """One ADS1115."""

    def __init__(self):
        self.place = 0
        self.registers = [0, 0x8583, 0x8000, 0x7FFF]

    def write(self, entry, data):
        """The register, and its new value."""
        self.place = data[0] & 3
        if len(data) >= 3 and self.place != _CONVERSION:
            value = struct.unpack(">H", bytes(data[1:3]))[0]
            self.registers[self.place] = value
            if self.place == _CONFIG:
                single = value & 0x100
                if not single or value & 0x8000:
                    self.convert(entry)
                self.registers[_CONFIG] = value | 0x8000 if single else value & 0x7FFF  # set: nothing is under way

    def read(self, entry, buf):
        if self.place == _CONVERSION and not self.registers[_CONFIG] & 0x100:
            self.convert(entry)
        value = struct.pack(">H", self.registers[self.place])
        for i in range(len(buf)):
            buf[i] = value[i & 1]

    def convert(self, entry):
        config = self.registers[_CONFIG]
        volts = (list(entry.get("volts", ())) + [0, 0, 0, 0])[:4]
        choice = config >> 12 & 7
        found = volts[choice - 4] if choice > 3 else volts[_PAIRS[choice][0]] - volts[_PAIRS[choice][1]]
        number = round(found * 32768 / _RANGES[config >> 9 & 7])
        self.registers[_CONVERSION] = min(max(number, -32768), 32767) & 0xFFFF
