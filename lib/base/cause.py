# Why the board has started, and what has woken it.

from base.firmware import module


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
    return word or ("unknown" if cause is None else f"unknown ({cause})")


def wake_reason():
    """What has ended the sleep: "timer", "pin", "touch" ...; "" where nothing has, or the port cannot tell."""
    return _asked(
        "wake_reason",
        {
            "PIN_WAKE": "pin",
            "EXT0_WAKE": "pin",
            "EXT1_WAKE": "pins",
            "TIMER_WAKE": "timer",
            "TOUCHPAD_WAKE": "touch",
            "ULP_WAKE": "ulp",
            "GPIO_WAKE": "gpio",
            "UART_WAKE": "uart",
        },
    )[1]


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
