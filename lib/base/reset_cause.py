# The reset cause and the wake reason of the board, in words.

import base
from base.firmware import module

_NAMELESS = {7: "pin", 8: "uart", 9: "wifi", 12: "bluetooth"}  # the ESP-IDF's numbers that machine has no constant for


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
