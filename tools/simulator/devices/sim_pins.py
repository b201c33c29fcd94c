# machine.Pin and machine.Signal.
#
# pin.N.input is what the world puts on the pin (0, 1, or nothing); pin.N.value, .mode and .pull what there is.

import sim_irq
import sim_port

import simulator

_ESP32 = sim_port.port() == "esp32"
_MODES = {0: "in", 1: "out", 2: "open_drain", 3: "alt"}
_pins = {}  # the name in the paths: Pin


def _chip():
    """The highest GPIO of the chip, and the lowest that can only be an input."""
    name = sim_port.board()
    if name.startswith("pico"):
        return 29, 30
    for key, last in (("s3", 48), ("c3", 21), ("c6", 30)):
        if key in name:
            return last, last + 1
    return 39, 34


def _external():
    """The pins at the radio of a Pico W."""
    return ("WL_GPIO0", "WL_GPIO1", "WL_GPIO2") if not _ESP32 and sim_port.has_radio() else ()


def _name(id):
    """The name of a pin in the paths; ValueError where there is no such pin."""
    if isinstance(id, str):
        if id == "LED":
            if _external():
                return "WL_GPIO0"
            if not _ESP32 or not sim_port.board():
                return "2" if _ESP32 else "25"
        if id in _external():
            return id
        if not _ESP32:
            number = id[4:] if id.startswith("GPIO") else id[2:] if id.startswith("GP") else ""
            if number.isdigit() and int(number) <= _LAST:
                return number
            raise ValueError('unknown named pin "%s"' % id)
    elif isinstance(id, int) and 0 <= id <= _LAST:
        return str(id)
    raise ValueError("invalid pin")


_LAST, _FIRST_INPUT = _chip()


class Pin:
    """A pin of the board. There is one object for each.

    What nobody has set stands in the class: forty pins of which a program only asks the level are in the heap under test.
    """

    _kind = "in"
    _pull = None
    _out = 0
    _last = None  # the level that was told last
    _handler = None
    _trigger = 0

    if _ESP32:
        IN, OUT, OPEN_DRAIN = 1, 3, 7
        PULL_DOWN, PULL_UP = 1, 2
        IRQ_RISING, IRQ_FALLING = 1, 2
        WAKE_LOW, WAKE_HIGH = 4, 5
        DRIVE_0, DRIVE_1, DRIVE_2, DRIVE_3 = 0, 1, 2, 3
    else:
        IN, OUT, OPEN_DRAIN, ALT = 0, 1, 2, 3
        PULL_UP, PULL_DOWN = 1, 2
        IRQ_FALLING, IRQ_RISING = 4, 8
        ALT_SPI, ALT_UART, ALT_I2C, ALT_PWM, ALT_SIO, ALT_PIO0, ALT_PIO1, ALT_GPCK, ALT_USB = 1, 2, 3, 4, 5, 6, 7, 8, 9

    def __new__(cls, id, *args, **kwargs):
        return find(id)

    def __init__(self, id, *args, **kwargs):
        if args or kwargs:
            self.init(*args, **kwargs)

    def init(self, mode=None, pull=-1, *, value=None, drive=None, hold=None, alt=None):
        """Set what is given; the rest stays."""
        name = self._name
        if not _ESP32 and name[0] == "W" and pull not in (-1, None):
            raise ValueError("pulls are not supported for external pins")
        if mode is not None and mode not in _KINDS:
            raise ValueError("invalid mode")
        if mode is not None and mode != Pin.IN and name.isdigit() and int(name) >= _FIRST_INPUT:
            raise ValueError("pin can only be input")
        if value is not None:
            self._out = 1 if value else 0
        elif mode == Pin.OPEN_DRAIN and not _ESP32:
            self._out = 1
        if mode is not None:
            self.use(_KINDS[mode])
        if pull != -1 or not _ESP32:
            up, down = (0, 0) if pull in (None, -1) else (pull & Pin.PULL_UP, pull & Pin.PULL_DOWN)
            self._pull = "up" if up else "down" if down else None
            simulator.put("pin.%s.pull" % self._name, self._pull)
        self._update()

    def use(self, kind):
        """What the pin is used for: "in", "out", "open_drain", or "alt" for a controller."""
        self._kind = kind
        simulator.put("pin.%s.mode" % self._name, kind)

    def _level(self):
        if self._kind == "out" or self._kind == "open_drain" and not self._out:
            return self._out
        outside = simulator.get("pin.%s.input" % self._name)
        if outside is None:
            return 1 if self._pull == "up" or self._kind == "open_drain" else 0
        return 1 if outside else 0

    def _update(self):
        """The level may have changed: tell it, and interrupt."""
        level = self._level()
        before = self._last
        if level == before:
            return
        self._last = level
        simulator.put("pin.%s.value" % self._name, level)
        if before is not None and self._handler and self._trigger & (Pin.IRQ_RISING if level else Pin.IRQ_FALLING):
            sim_irq.call(self._handler, self)

    def value(self, x=None):
        """The level of the pin; with x set it."""
        if x is None:
            simulator.poll()
            return self._level()
        self._out = 1 if x else 0
        if self._kind != "in":
            self._update()

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    if not _ESP32:
        high = on
        low = off

    def toggle(self):
        self.value(1 - self._out)

    def __call__(self, x=None):
        return self.value(x)

    def irq(self, handler=None, trigger=IRQ_FALLING | IRQ_RISING, *, priority=1, wake=None, hard=False):
        """Call handler(pin) when the level changes in the direction of trigger."""
        self._handler = handler
        self._trigger = trigger
        self._update()
        return _Irq(self)

    def __repr__(self):
        words = {"in": "IN", "out": "OUT", "open_drain": "OPEN_DRAIN", "alt": "IN" if _ESP32 else "ALT"}
        prefix = "Pin." if _ESP32 else ""
        name = self._name if _ESP32 or self._name[0] == "W" else "GPIO" + self._name
        text = "Pin(%s, mode=%s%s" % (name, prefix, words[self._kind])
        if self._pull:
            text += ", pull=%sPULL_%s" % (prefix, self._pull.upper())
        return text + ")"


_KINDS = {Pin.IN: "in", Pin.OUT: "out", Pin.OPEN_DRAIN: "open_drain"}
if not _ESP32:
    _KINDS[Pin.ALT] = "alt"


class _Irq:
    """What Pin.irq() returns."""

    def __init__(self, pin):
        self._pin = pin

    def trigger(self, trigger=None):
        """The directions before; with trigger set them."""
        before = self._pin._trigger
        if trigger is not None:
            self._pin._trigger = trigger
        return before

    def flags(self):
        """The direction of the last change."""
        return Pin.IRQ_RISING if self._pin._last else Pin.IRQ_FALLING

    def __call__(self):
        if self._pin._handler:
            sim_irq.call(self._pin._handler, self._pin)


class Signal:
    """A pin that is on when its level is high, or with invert when it is low."""

    def __init__(self, pin, *args, invert=False, **kwargs):
        if not hasattr(pin, "value"):
            if invert and "value" in kwargs:
                kwargs["value"] = not kwargs["value"]
            pin = Pin(pin, *args, **kwargs)
        elif args or kwargs:
            raise TypeError
        self._pin = pin
        self._invert = 1 if invert else 0

    def value(self, x=None):
        """Whether the signal is on; with x switch it."""
        if x is None:
            return self._pin.value() ^ self._invert
        self._pin.value((1 if x else 0) ^ self._invert)

    def __call__(self, x=None):
        return self.value(x)

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)


def find(id):
    """The Pin of a number or a name, or the one that is given; ValueError where there is none."""
    if isinstance(id, Pin):
        return id
    name = _name(id)
    pin = _pins.get(name)
    if pin is None:
        if not _pins:
            simulator.on("pin.", _world_changed)
        _pins[name] = pin = object.__new__(Pin)
        pin._name = name
    return pin


def _world_changed(path, value):
    if path.endswith(".input"):
        pin = _pins.get(path[4:-6])
        if pin:
            pin._update()
