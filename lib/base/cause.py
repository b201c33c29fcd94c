# Why the board has started, and what has woken it.

from base.firmware import module


def reset_cause():
    """In words: "power on", "watchdog", "deep sleep" ...; "unknown" where the port cannot tell."""
    machine = module("machine")
    if not hasattr(machine, "reset_cause"):
        return "unknown"
    cause = machine.reset_cause()
    words = {
        "PWRON_RESET": "power on",
        "HARD_RESET": "reset",
        "WDT_RESET": "watchdog",
        "DEEPSLEEP_RESET": "deep sleep",
        "SOFT_RESET": "soft reset",
    }
    for name in words:
        if getattr(machine, name, None) == cause:
            return words[name]
    return f"unknown ({cause})"


def wake_reason():
    """What has ended the sleep: "timer", "pin", "touch" ...; "" where nothing has, or the port cannot tell."""
    machine = module("machine")
    if not hasattr(machine, "wake_reason"):
        return ""
    reason = machine.wake_reason()
    words = {
        "PIN_WAKE": "pin",
        "EXT0_WAKE": "pin",
        "EXT1_WAKE": "pins",
        "TIMER_WAKE": "timer",
        "TOUCHPAD_WAKE": "touch",
        "ULP_WAKE": "ulp",
        "GPIO_WAKE": "gpio",
        "UART_WAKE": "uart",
    }
    for name in words:
        if getattr(machine, name, None) == reason:
            return words[name]
    return ""
