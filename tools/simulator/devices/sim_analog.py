# machine.ADC and PWM.
#
# adc.N.volts and temperature (degrees Celsius) are what the world has; pwm.N.active, .freq and .duty_u16 what the
# board drives.

import sim_pins
import sim_port
from micropython import const

import simulator

_ESP32 = sim_port.port() == "esp32"
_FULL = (1.1, 1.5, 2.2, 3.3)  # volts that give the highest value, for each attenuation
_TEMPERATURE = const(4)  # the channel of an RP2's thermometer
_PWM_FREQ = const(5000)
_SLICES = const(8)

_adcs = {}
_pwms = {}
_frequencies = {}  # of the PWM slices of an RP2, each of which drives several pins


def _number(pin):
    """The number of a pin as an int, or -1."""
    name = sim_pins.find(pin)._name
    return int(name) if name.isdigit() else -1


def _adc_pins():
    board = sim_port.board()
    if not _ESP32:
        return range(26, 30)
    for key, pins in (("s3", range(1, 21)), ("c3", range(6)), ("c6", range(7))):
        if key in board:
            return pins
    return 0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39


class ADC:
    """The voltage at a pin."""

    if _ESP32:
        ATTN_0DB, ATTN_2_5DB, ATTN_6DB, ATTN_11DB = 0, 1, 2, 3
        WIDTH_9BIT, WIDTH_10BIT, WIDTH_11BIT, WIDTH_12BIT = 9, 10, 11, 12
    else:
        CORE_TEMP = _TEMPERATURE

    def __new__(cls, id, **options):
        if not _ESP32 and isinstance(id, int) and 0 <= id <= _TEMPERATURE:
            number = id + 26 if id < _TEMPERATURE else -1
        else:
            number = _number(id)
            if number not in _adc_pins():
                raise ValueError("invalid pin" if _ESP32 else "Pin doesn't have ADC capabilities")
            sim_pins.find(id).use("alt")
        adc = _adcs.get(number)
        if not adc:
            _adcs[number] = adc = object.__new__(cls)
            adc._number = number
        return adc

    def __init__(self, id, **options):
        self.init(**options)

    def init(self, *, atten=3, sample_ns=None):
        self._width = 12
        self._attenuate(atten)

    def _attenuate(self, atten):
        if not 0 <= atten <= 3:
            raise ValueError("invalid attenuation")
        self._atten = atten

    def _volts(self):
        simulator.poll()
        if self._number < 0:
            return 0.706 - (simulator.get("temperature", 27) - 27) * 0.001721
        return min(max(simulator.get("adc.%d.volts" % self._number, 0), 0), _FULL[self._atten])

    def _raw(self):
        top = (1 << self._width) - 1
        return int(self._volts() / _FULL[self._atten] * top + 0.5)

    def read_u16(self):
        """0 to 65535."""
        raw = self._raw()
        return raw << (16 - self._width) | raw >> (2 * self._width - 16)

    if _ESP32:

        def deinit(self):
            """It can be used again."""

        def atten(self, atten):
            """The range: one of ATTN_..."""
            self._attenuate(atten)

        def width(self, bits):
            """The bits that read() gives: 9 to 12."""
            if not 9 <= bits <= 12:
                raise ValueError("invalid bit-width")
            self._width = bits

        def read_uv(self):
            """Microvolts."""
            return int(self._volts() * 1000 + 0.5) * 1000

        def read(self):
            """The value as the chip has it."""
            return self._raw()

    def __repr__(self):
        if _ESP32:
            return "ADC(Pin(%d), atten=%d)" % (self._number, self._atten)
        return "<ADC channel=%d>" % (self._number - 26 if self._number >= 0 else _TEMPERATURE)


class PWM:
    """A pin that is high for a part of each period."""

    def __new__(cls, dest, freq=None, **options):
        pin = sim_pins.find(dest)
        pwm = _pwms.get(pin._name)
        if not pwm:
            _pwms[pin._name] = pwm = object.__new__(cls)
            pwm._path = "pwm.%s." % pin._name
            pwm._slice = (int(pin._name) >> 1) % _SLICES if not _ESP32 and pin._name.isdigit() else pin._name
            pwm._part = None  # of the period, 0 to 1; None until it has been set
            pwm._ns = None  # the time in ns, where that was given: it stays when the frequency changes
            pwm._active = False
        pin.use("alt")
        return pwm

    def __init__(self, dest, freq=None, **options):
        self.init(freq, **options)

    def init(self, freq=None, *, duty=None, duty_u16=None, duty_ns=None, invert=None):
        """Start, or change what is given."""
        if _ESP32:
            if freq is None and not self._active:
                freq = _PWM_FREQ
            if self._part is None:
                self._part = 0.5
        self._active = True
        if freq is not None:
            self._tune(freq)
        if duty is not None:
            self.duty(duty)
        if duty_u16 is not None:
            self.duty_u16(duty_u16)
        if duty_ns is not None:
            self.duty_ns(duty_ns)
        self._tell()

    def deinit(self):
        """Stop."""
        self._active = False
        if _ESP32:
            self._part = self._ns = None
            _frequencies.pop(self._slice, None)
        self._tell()

    def _tell(self):
        freq = _frequencies.get(self._slice, 0)
        runs = self._active and freq and self._part is not None
        simulator.put(self._path + "freq", freq if runs else 0)
        simulator.put(self._path + "duty_u16", int(self._part * 65535 + 0.5) if runs else 0)
        simulator.put(self._path + "active", bool(runs))

    def _check(self):
        if _ESP32 and not self._active:
            raise RuntimeError("PWM is inactive")

    def _tune(self, freq):
        if _ESP32 and not 0 < freq <= 40_000_000:
            raise ValueError("frequency must be from 1Hz to 40MHz")
        if not _ESP32 and not 8 <= freq <= 62_500_000:
            raise ValueError("freq too small" if freq < 8 else "freq too large")
        _frequencies[self._slice] = freq
        if self._ns is not None:
            self._part = min(self._ns * freq / 1_000_000_000, 1)

    def freq(self, value=None):
        """The periods in a second."""
        self._check()
        if value is None:
            return _frequencies.get(self._slice, 0)
        self._tune(value)
        for pwm in _pwms.values():
            if pwm._slice == self._slice:
                pwm._tell()

    def _duty(self, name, value, top):
        """Get or set the part of the period, of which top is the whole."""
        self._check()
        if value is None:
            return int((self._part or 0) * top + 0.5)
        if not 0 <= value <= top:
            if _ESP32:
                raise ValueError("%s must be from 0 to %d" % (name, top))
            value = min(max(value, 0), top)
        self._part = value / top
        self._ns = None
        self._tell()

    def duty_u16(self, value=None):
        """The part of the period, 0 to 65535."""
        return self._duty("duty_u16", value, 65535)

    def duty_ns(self, value=None):
        """The time in ns for which the pin is high."""
        freq = _frequencies.get(self._slice)
        result = self._duty("duty_ns", value, 1_000_000_000 // freq if freq else 1_000_000_000)
        if value is not None:
            self._ns = value
        return result

    if _ESP32:

        def duty(self, value=None):
            """The part of the period, 0 to 1023."""
            return self._duty("duty", value, 1023)
