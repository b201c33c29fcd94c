# led - switch the LEDs of the board
# usage: led on|off [LED]
#        led boot [LED]
#        led rgb [COUNT]
#
# LED counts from 0, the LEDs of the board file (`ledio`) in the order of their names. boot flashes all LEDs twice.
# rgb shows red, green and blue on the first COUNT pixels of each strip of the board file (`rgbio`).

import asyncio

from base import board
from base.errors import Failure, Usage
from program import options

proc = None

PULSE_MS = 100
COLOUR_MS = 200


async def __main__(args):
    _, words = options(args, "")
    if not 1 <= len(words) <= 2 or not words[-1].isdigit() and len(words) > 1:
        raise Usage("expected on, off, boot or rgb, and a number")
    verb = words[0]
    number = int(words[1]) if len(words) > 1 else None
    if verb == "rgb":
        await show_colours(number or 1)
    elif verb == "boot":
        pins = leds()
        for pin in pins + pins:
            pin.value(1)
            await asyncio.sleep_ms(PULSE_MS)
            pin.value(0)
            await asyncio.sleep_ms(PULSE_MS // 2)
    elif verb in ("on", "off"):
        pins = leds()
        if (number or 0) >= len(pins):
            raise Failure(str(number or 0), f"this board has {len(pins)} LEDs, counted from 0")
        pins[number or 0].value(verb == "on")
    else:
        raise Usage("expected on, off, boot or rgb", verb)


def entries(key):
    """Return {name: GPIO} of an entry of the board file."""
    found = (board.get(key) or [{}])[0]
    return [found[name] for name in sorted(found)]


def leds():
    """Return the pins of the LEDs as outputs that keep their state."""
    numbers = entries("ledio")
    if not numbers:
        raise Failure("", "no LED in the board file")
    try:
        from machine import Pin

        return [Pin(number, Pin.OUT) for number in numbers]
    except (ImportError, ValueError, TypeError) as e:
        raise Failure("", f"the LEDs in the board file cannot be used: {e}")


async def show_colours(count):
    numbers = entries("rgbio")
    if not numbers:
        raise Failure("", "no RGB LED in the board file")
    try:
        from machine import Pin
        from neopixel import NeoPixel

        strips = [NeoPixel(Pin(number), count) for number in numbers]
    except (ImportError, ValueError, TypeError) as e:
        raise Failure("", f"the RGB LEDs in the board file cannot be used: {e}")
    for strip in strips:
        try:
            for i in range(count):
                for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255)):
                    strip[i] = colour
                    strip.write()
                    await asyncio.sleep_ms(COLOUR_MS)
                strip[i] = (0, 0, 0)
        finally:
            strip.fill((0, 0, 0))
            strip.write()
