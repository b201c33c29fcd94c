# The API's GPIO: the pins that the board file names, their levels, outputs, PWM and addressable LEDs.
#
# Reading changes nothing: a pin is looked at without giving it a direction. What was set here is remembered here, since
# no port tells the mode of a pin.

from base import board
from services.http.api import body, whole
from services.http.protocol import HTTPError

_MODES = ("in", "up", "down", "out")

# The server's `pins` are {GPIO: {"mode": ..., "pwm": (PWM, frequency, duty)}}, as set through this API.


def names():
    """{GPIO: pin} of the board file."""
    return {int(number): place for number, place in board.read()["gpio"][0].items()}


def pin(number):
    """The machine.Pin of a GPIO of the board; HTTPError if there is none."""
    try:
        import machine

        return machine.Pin(number)
    except (ImportError, AttributeError):
        raise HTTPError(501, "no usable pins on this board")
    except (ValueError, TypeError):
        raise HTTPError(409, "pin reserved by the chip")


def row(known, number, place):
    found = {"gpio": number, "pin": place, "mode": None, "value": None}
    try:
        found["value"] = pin(number).value()
    except HTTPError:
        return found
    state = known.get(number)
    if state:
        found["mode"] = state["mode"]
        if "pwm" in state:
            found["frequency"], found["duty"] = state["pwm"][1:]
    return found


def get_gpio(request, rest):
    found = names()
    known = request.server.pins
    if rest:
        number = number_of(rest, found)
        return row(known, number, found[number])
    lights = board.get("rgbio") or [{}]
    return {"pins": [row(known, number, found[number]) for number in sorted(found)], "rgb": lights[0] if lights else {}}


def number_of(text, found):
    if not text.isdigit() or len(text) > 4 or int(text) not in found:
        raise HTTPError(404, "no such GPIO")
    return int(text)


def put_gpio(request, rest):
    """{"mode": "out", "value": 1}, {"value": 0}, {"frequency": 1000, "duty": 0.5}, or {"color": [r, g, b]} for gpio/rgb."""
    if rest == "rgb":
        return color(body(request, color=list, count=int))
    places = names()
    known = request.server.pins
    number = number_of(rest, places)
    found = body(request, mode=str, value=int, frequency=int, duty=object)
    if "mode" in found and found["mode"] not in _MODES:
        raise HTTPError(400, "mode: expected one of " + " ".join(_MODES))
    if found.get("value", 0) not in (0, 1):
        raise HTTPError(400, "value: expected 0 or 1")
    if "duty" in found or "frequency" in found:
        pulse(known, number, found)
    elif found:
        level(known, number, found)
    return row(known, number, places[number])


def release(known, number):
    """End the PWM of a pin."""
    state = known.pop(number, None)
    if state and "pwm" in state:
        state["pwm"][0].deinit()


def level(known, number, found):
    target = pin(number)
    release(known, number)
    kind = type(target)
    mode = found.get("mode", "out" if "value" in found else "in")
    try:
        if mode == "out":
            target.init(kind.OUT, value=found.get("value", target.value()))
        else:
            target.init(kind.IN, {"in": None, "up": kind.PULL_UP, "down": kind.PULL_DOWN}[mode])
    except (ValueError, OSError) as e:  # an ESP32 has pins that are inputs only
        raise HTTPError(409, str(e))
    known[number] = {"mode": mode}


def pulse(known, number, found):
    duty, frequency = found.get("duty", 0.5), found.get("frequency", 1000)
    if not isinstance(duty, (int, float)) or isinstance(duty, bool) or not 0 <= duty <= 1:
        raise HTTPError(400, "duty: expected 0 to 1")
    if not 1 <= frequency <= 40_000_000:
        raise HTTPError(400, "frequency: expected 1 to 40000000")
    target = pin(number)
    state = known.get(number)
    try:
        if state and "pwm" in state:
            pwm = state["pwm"][0]
            pwm.freq(frequency)
            pwm.duty_u16(int(duty * 65535))
        else:
            from machine import PWM  # late: not every port has it

            pwm = PWM(target, freq=frequency, duty_u16=int(duty * 65535))
    except (ImportError, AttributeError, ValueError, OSError):
        raise HTTPError(409, "PWM not available on this pin")
    known[number] = {"mode": "pwm", "pwm": (pwm, frequency, duty)}


def color(found):
    """Set all LEDs of the board's chain to one color."""
    values = [whole(value) for value in found.get("color", ())]
    if len(values) != 3 or not all(isinstance(v, int) and 0 <= v <= 255 for v in values):
        raise HTTPError(400, "color: expected three numbers from 0 to 255")
    count = found.get("count", 1)
    if not 1 <= count <= 256:
        raise HTTPError(400, "count: expected 1 to 256")
    lights = (board.get("rgbio") or [{}])[0]
    if not lights:
        raise HTTPError(501, "no addressable LED on this board")
    try:
        from machine import Pin
        from neopixel import NeoPixel
    except ImportError:
        raise HTTPError(501, "neopixel is not supported by this firmware")
    number = lights[sorted(lights)[0]]
    chain = NeoPixel(Pin(int(number), Pin.OUT), count)
    chain.fill(tuple(values))
    chain.write()
    return {"color": values}
