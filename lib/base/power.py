# Sleep of the chip, and why it has started: the reset cause and the wake reason, in words.

import asyncio
import sys

from micropython import const

import base
from base.chip import module
from base.errors import Failure, Usage

_DRAIN_MS = const(20)  # until the last characters have left the serial port
_LONGEST = const(2_000_000)  # seconds
_NAMELESS = {7: "pin", 8: "uart", 9: "wifi", 12: "bluetooth"}  # the ESP-IDF's numbers that machine has no constant for


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


def describe():
    """The reset cause, and after a deep sleep the wake reason: "deep sleep (timer)"."""
    cause = reset_cause()
    woken = base.given.get("woken", wake_reason()) if cause == "deep sleep" else ""
    return f"{cause} ({woken})" if woken else cause


def keep():
    """Keep the wake reason of the deep sleep: a light sleep overwrites it in the chip."""
    base.given.setdefault("woken", wake_reason())


def reset_cause():
    """The reset cause: "power on", "watchdog", "deep sleep" ...; "unknown" if the port cannot tell."""
    cause, word = _asked(
        "reset_cause",
        {
            "PWRON_RESET": "power on",
            "HARD_RESET": "reset",
            "WDT_RESET": "watchdog",
            "DEEPSLEEP_RESET": "deep sleep",
            "SOFT_RESET": "soft reset",
        },
    )
    if word == "watchdog" and not hasattr(module("machine"), "HARD_RESET"):
        return "reset or watchdog"  # an RP2 restarts by its watchdog whatever the reason is
    return word or ("unknown" if cause is None else f"unknown ({cause})")


def wake_reason():
    """The wake reason: "timer", "pin", "touch" ...; "" if there is none or the port cannot tell."""
    number, word = _asked(
        "wake_reason",
        {
            "PIN_WAKE": "pin",
            "EXT0_WAKE": "pin",
            "EXT1_WAKE": "pins",
            "TIMER_WAKE": "timer",
            "TOUCHPAD_WAKE": "touch",
            "ULP_WAKE": "ulp",
        },
    )
    return word or _NAMELESS.get(number, "")


def _asked(question, words):
    """The value of a function of machine and the word for that constant; (None, "") if machine lacks the function."""
    machine = module("machine")
    if not hasattr(machine, question):
        return None, ""
    answer = getattr(machine, question)()
    for name, word in words.items():
        if getattr(machine, name, None) == answer:
            return answer, word
    return answer, ""
