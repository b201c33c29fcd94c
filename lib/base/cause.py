# Why the board has started, and what has woken it.

import base
from base.firmware import module

_NAMELESS = {7: "pin", 8: "uart", 9: "wifi", 12: "bluetooth"}  # the ESP-IDF's numbers that machine has no constant for


def story():
    """Why the board has started, and after a deep sleep what has ended it: "deep sleep (timer)"."""
    cause = reset_cause()
    woken = base.given.get("woken", wake_reason()) if cause == "deep sleep" else ""
    return f"{cause} ({woken})" if woken else cause


def keep():
    """Remember what has ended the deep sleep: after a light sleep the chip only knows what has ended that."""
    base.given.setdefault("woken", wake_reason())


def reset_cause():
    """In words: "power on", "watchdog", "deep sleep" ...; "unknown" where the port cannot tell."""
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
    """What has ended the sleep: "timer", "pin", "touch" ...; "" where nothing has, or the port cannot tell."""
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
    """What a function of machine answers, and the word for the constant of machine that this is; (None, "") without it."""
    machine = module("machine")
    if not hasattr(machine, question):
        return None, ""
    answer = getattr(machine, question)()
    for name, word in words.items():
        if getattr(machine, name, None) == answer:
            return answer, word
    return answer, ""
