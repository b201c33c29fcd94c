# machine: the hardware of the simulated board (https://docs.micropython.org/en/latest/library/machine.html).

import power
from micropython import const

PWRON_RESET = const(1)
HARD_RESET = const(2)
WDT_RESET = const(3)
DEEPSLEEP_RESET = const(4)
SOFT_RESET = const(5)

_CAUSES = {"power_on": PWRON_RESET, "hard": HARD_RESET, "wdt": WDT_RESET, "deepsleep": DEEPSLEEP_RESET}


def reset():
    """Restart the board as its reset button does."""
    power.reset()


def soft_reset():
    """Restart the interpreter."""
    power.soft_reset()


def reset_cause():
    """Why the board has started."""
    return _CAUSES.get(power.cause, SOFT_RESET)


def unique_id():
    """The number of this board."""
    return b"\xd1\xa7\x03\x5e\x00\x01"
