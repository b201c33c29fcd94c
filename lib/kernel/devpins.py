# /dev/gpio/N, /dev/adc/N and /dev/led: pins of the board as files.
#
# A GPIO takes 0, 1, on, off and toggle, which make it an output, and in, up, down (an input with that pull) and out.
# It gives 0 or 1, and reading does not change its direction. An ADC gives 0 to 65535.

from base import board
from kernel.devfs import Device

_WORD_MAX = 32  # bytes of what is written


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


class Pin(Device):
    """A pin, opened for writing; read() serves those who only read."""

    def __init__(self, kind, number):
        super().__init__(kind)
        self.rest = b""
        try:
            import machine

            self.machine = machine
            number = led() if kind == "led" else int(number) if number.isdigit() else number
            if kind == "adc":
                try:
                    self.pin = machine.ADC(number)
                except (TypeError, AttributeError):  # a port that wants a Pin
                    self.pin = machine.ADC(machine.Pin(number))
            else:
                self.pin = machine.Pin(number)
        except (ImportError, AttributeError, ValueError, TypeError):
            raise OSError(6)  # ENXIO

    def read(self, n=-1):
        return str(self.pin.read_u16() if self.name == "adc" else self.pin.value()) + "\n"

    def put(self, data):
        self.rest += data
        if len(self.rest) > _WORD_MAX:
            self.rest = b""
            raise OSError(22)
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
        pin = self.pin
        kind = self.machine.Pin
        if self.name == "adc":
            raise OSError(13)  # EACCES
        if word in (b"0", b"1", b"on", b"off"):
            value = int(word in (b"1", b"on"))
            pin.init(kind.OUT, value=value)
        elif word == b"toggle":
            pin.init(kind.OUT, value=1 - pin.value())
        elif word == b"out":
            pin.init(kind.OUT)
        elif word in (b"in", b"up", b"down"):
            pin.init(kind.IN, {b"in": None, b"up": kind.PULL_UP, b"down": kind.PULL_DOWN}[word])
        else:
            raise OSError(22)  # EINVAL
