# /dev/gpio/N, /dev/adc/N and /dev/led: pins of the board as files.
#
# A GPIO takes 0, 1, on, off and toggle, which make it an output, and in, up, down (an input with that pull) and out.
# It gives 0 or 1, and reading does not change its direction. An ADC gives 0 to 65535.

from base import board
from kernel.devfs import Device

_WORD_MAX = 32  # bytes of what is written
_ENXIO = 6
_EACCES = 13
_EINVAL = 22


def names(kind):
    """The numbers that the board file has for gpio or adc."""
    found = board.read()
    numbers = found["gpio"][0]
    if kind == "adc":
        places = list((found.get("adc") or [{}])[0].values())
        numbers = [number for number, place in numbers.items() if place in places]
    return [str(number) for number in sorted([int(number) for number in numbers])]


def led():
    """The GPIO of the first LED of the board file, or the name that many boards have for theirs."""
    found = (board.get("ledio") or [{}])[0]
    return found[sorted(found)[0]] if found else "LED"


def device(kind, number, writing):
    """The device of /dev/gpio/NUMBER, /dev/adc/NUMBER or /dev/led; OSError where the board has no such pin."""
    if kind == "adc" and writing:
        raise OSError(_EACCES)
    number = led() if kind == "led" else int(number) if number.isdigit() else number
    try:
        return Analog(number) if kind == "adc" else Digital(kind, number)
    except (ImportError, AttributeError, ValueError, TypeError):
        raise OSError(_ENXIO)


class Analog:
    """The voltage at a pin."""

    def __init__(self, number):
        from machine import ADC, Pin  # late: not every port has one

        self.adc = ADC(Pin(number))  # a number alone would be a channel on an RP2

    def read(self):
        return str(self.adc.read_u16()) + "\n"


class Digital(Device):
    """A pin, opened for writing; read() serves those who only read."""

    def __init__(self, name, number):
        super().__init__(name)
        from machine import Pin  # late: not every port has one

        self.rest = b""
        self.pin = Pin(number)

    def read(self, n=-1):
        return str(self.pin.value()) + "\n"

    def put(self, data):
        self.rest += data
        if len(self.rest) > _WORD_MAX:
            self.rest = b""
            raise OSError(_EINVAL)
        while b"\n" in self.rest:
            word, self.rest = self.rest.split(b"\n", 1)
            self.obey(word)

    def close(self):
        word, self.rest = self.rest, b""
        self.obey(word)

    def obey(self, word):
        """Do what was written."""
        word = word.strip().lower()
        if not word:
            return
        from machine import Pin  # late: not every port has one

        pin = self.pin
        if word in (b"0", b"1", b"on", b"off"):
            pin.init(Pin.OUT, value=int(word in (b"1", b"on")))
        elif word == b"toggle":
            pin.init(Pin.OUT, value=1 - pin.value())
        elif word == b"out":
            pin.init(Pin.OUT)
        elif word in (b"in", b"up", b"down"):
            pin.init(Pin.IN, {b"in": None, b"up": Pin.PULL_UP, b"down": Pin.PULL_DOWN}[word])
        else:
            raise OSError(_EINVAL)
