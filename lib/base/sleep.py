# Sleep of the chip: what lightsleep and deepsleep share.

import asyncio
import sys

from micropython import const

from base.errors import Failure, Usage
from base.firmware import module

_DRAIN_MS = const(20)  # until the last characters have left the serial port
_LONGEST = const(2_000_000)  # seconds


def function(name):
    """machine.lightsleep or machine.deepsleep."""
    try:
        import machine

        return getattr(machine, name)
    except (ImportError, AttributeError):
        raise Failure("", "sleep is not supported")


def duration(words, endless):
    """The arguments for those: milliseconds, or nothing for ever, which may only be where something else wakes."""
    if len(words) > 1:
        raise Usage("extra operand")
    if not words:
        if not endless:
            raise Usage("missing SECONDS")
        return ()
    try:
        seconds = float(words[0])
    except ValueError:
        seconds = 0
    if not 0 < seconds <= _LONGEST:
        raise Usage("invalid number of seconds", words[0])
    return (int(seconds * 1000),)


def wake_on(text, deep):
    """Let a pin end the sleep: GPIO or GPIO=LEVEL. Returns what takes it back, so that it ends no later sleep."""
    number, _, level = text.partition("=")
    if not number.isdigit() or level not in ("", "0", "1"):
        raise Usage("expected GPIO or GPIO=LEVEL", text)
    high = level == "1"
    try:
        from machine import Pin

        pin = Pin(int(number), Pin.IN, Pin.PULL_DOWN if high else Pin.PULL_UP)
    except (ImportError, ValueError):
        raise Failure(number, "no such pin")
    esp32 = module("esp32")
    if not esp32:
        if deep:
            raise Failure(number, "pins cannot wake this chip from deep sleep")
        pin.irq(lambda pin: None, Pin.IRQ_RISING if high else Pin.IRQ_FALLING)
        return lambda: pin.irq(None)
    reason = "no function for it"
    level = esp32.WAKEUP_ANY_HIGH if high else esp32.WAKEUP_ALL_LOW
    names = ("wake_on_ext0", "wake_on_ext1", "wake_on_gpio")
    if deep and hasattr(esp32, "wake_on_ext1"):
        names = names[:2]  # where a chip has these, the third ends a light sleep only
    for name in names:
        wake = getattr(esp32, name, None)
        if wake:
            one = name == "wake_on_ext0"
            try:
                wake(pin if one else (pin,), level)
                return lambda: wake(None if one else (), level)
            except ValueError as e:
                reason = str(e)
    raise Failure(number, "cannot wake this chip: " + reason)


async def quiet(process):
    """Bring what still is in memory where it belongs: the log, and the last characters of the terminal."""
    log = sys.modules.get("base.log")
    if log:
        log.flush()
    await process.stdout.drain()
    await asyncio.sleep_ms(_DRAIN_MS)
