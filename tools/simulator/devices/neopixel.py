# neopixel: a strip of WS2812 LEDs (https://docs.micropython.org/en/latest/library/neopixel.html).
#
# write() puts what shines under neopixel.PIN: a list of (red, green, blue) or (red, green, blue, white).

import sim_port

import simulator


class NeoPixel:
    """A strip at a pin."""

    ORDER = (1, 0, 2, 3)  # where red, green, blue and white of an LED stand in buf

    def __init__(self, pin, n, bpp=3, timing=1):
        self.pin = pin
        self.n = n
        self.bpp = bpp
        self.buf = bytearray(n * bpp)
        pin.init(pin.OUT)
        if isinstance(timing, int):
            timing = (400, 850, 800, 450) if timing else (800, 1700, 1600, 900)
        self.timing = timing  # ns high and low of a 0, high and low of a 1

    def __len__(self):
        return self.n

    def __setitem__(self, i, v):
        for part in range(self.bpp):
            self.buf[i * self.bpp + self.ORDER[part]] = v[part]

    def __getitem__(self, i):
        return tuple([self.buf[i * self.bpp + self.ORDER[part]] for part in range(self.bpp)])

    def fill(self, v):
        """Give all LEDs the same colour."""
        for i in range(self.n):
            self[i] = v

    def write(self):
        """Let the strip show it."""
        simulator.put("neopixel." + sim_port.pin_number(self.pin), [self[i] for i in range(self.n)])
