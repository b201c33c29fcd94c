# A BME280 on an I2C bus: the registers of Bosch's data sheet BST-BME280-DS002, with the calibration of its example.
#
# {"118": {"chip": "bme280", "temperature": 21.5, "pressure": 1013.25, "humidity": 45}}: degrees, hPa and percent. A
# conversion takes no time; what it gives is the value whose compensation by the formulas of the data sheet comes nearest.

import struct

from micropython import const

_CALIBRATION = const(0x88)
_HUMIDITY = const(0xE1)
_RESULTS = const(0xF7)
_SKIPPED = const(0x80000)  # what a measurement gives that is switched off

_T = (27504, 26435, -1000)
_P = (36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
_H = (75, 362, 0, 313, 50, 30)


class Chip:
    """One BME280; the fields of its entry are what there is to measure."""

    def __init__(self):
        self.place = 0
        self.memory = bytearray(256)
        self.reset()

    def reset(self):
        memory = self.memory
        for i in range(256):
            memory[i] = 0
        struct.pack_into("<HhhHhhhhhhhhBB", memory, _CALIBRATION, *_T, *_P, 0, _H[0])
        h4, h5 = _H[3], _H[4]
        struct.pack_into("<hBbBbb", memory, _HUMIDITY, _H[1], _H[2], h4 >> 4, h4 & 15 | (h5 & 15) << 4, h5 >> 4, _H[5])
        memory[0xD0] = 0x60
        self.store(_SKIPPED, _SKIPPED, _SKIPPED >> 4)
        self.skips_humidity = True  # what ctrl_hum says counts from the next write of ctrl_meas on

    def store(self, pressure, temperature, humidity):
        struct.pack_into(
            ">HBHBH",
            self.memory,
            _RESULTS,
            pressure >> 4,
            pressure << 4 & 255,
            temperature >> 4,
            temperature << 4 & 255,
            humidity,
        )

    def write(self, entry, data):
        """The register, and pairs of values and registers behind it."""
        self.place = data[0]
        for i in range(0, len(data) - 1, 2):
            register, value = data[i], data[i + 1]
            if register == 0xE0 and value == 0xB6:
                self.reset()
            elif register in (0xF2, 0xF4, 0xF5):
                self.memory[register] = value
            if register == 0xF4:
                self.skips_humidity = not self.memory[0xF2] & 7
                if value & 3:
                    self.convert(entry)
                if value & 3 in (1, 2):  # forced: once, and back to sleep
                    self.memory[0xF4] = value & 0xFC

    def read(self, entry, buf):
        if self.memory[0xF4] & 3 == 3:
            self.convert(entry)
        for i in range(len(buf)):
            buf[i] = self.memory[self.place + i & 255]

    def convert(self, entry):
        """Measure what ctrl_meas and ctrl_hum ask for."""
        control = self.memory[0xF4]
        wanted = int(entry.get("temperature", 20) * 100)
        raw_t = search(1 << 20, lambda raw: (fine(raw) * 5 + 128) >> 8, wanted)
        warm = fine(raw_t)
        raw_p = raw_h = _SKIPPED
        if control >> 2 & 7:
            wanted = int(entry.get("pressure", 1013.25) * 100 * 256)
            raw_p = search(1 << 20, lambda raw: -pressure(raw, warm), -wanted)  # the higher, the less
        if not self.skips_humidity:
            raw_h = search(1 << 16, lambda raw: humidity(raw, warm), int(entry.get("humidity", 50) * 1024))
        self.store(raw_p, raw_t if control >> 5 else _SKIPPED, _SKIPPED >> 4 if self.skips_humidity else raw_h)


def search(end, value, wanted):
    """The smallest raw number whose value is at least what is wanted."""
    low, high = 0, end - 1
    while low < high:
        middle = (low + high) // 2
        if value(middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def fine(raw):
    """t_fine of the data sheet, 5120 to a degree."""
    first = (((raw >> 3) - (_T[0] << 1)) * _T[1]) >> 11
    step = (raw >> 4) - _T[0]
    return first + ((((step * step) >> 12) * _T[2]) >> 14)


def pressure(raw, warm):
    """Pa in 24.8 bits."""
    p = _P
    one = warm - 128000
    two = one * one * p[5] + ((one * p[4]) << 17) + (p[3] << 35)
    one = (((one * one * p[2]) >> 8) + ((one * p[1]) << 12) + (1 << 47)) * p[0] >> 33
    found = (((1048576 - raw) << 31) - two) * 3125 // one
    one = (p[8] * (found >> 13) * (found >> 13)) >> 25
    return ((found + one + ((p[7] * found) >> 19)) >> 8) + (p[6] << 4)


def humidity(raw, warm):
    """Percent in 22.10 bits."""
    h = _H
    v = warm - 76800
    v = (((raw << 14) - (h[3] << 20) - h[4] * v + 16384) >> 15) * (
        ((((((v * h[5]) >> 10) * (((v * h[2]) >> 11) + 32768)) >> 10) + 2097152) * h[1] + 8192) >> 14
    )
    v -= ((((v >> 15) * (v >> 15)) >> 7) * h[0]) >> 4
    return min(max(v, 0), 419430400) >> 12
