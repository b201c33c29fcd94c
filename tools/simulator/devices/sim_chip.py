# machine: resets, and what the chip is.

import power
import sim_port
from micropython import const

_ESP32 = sim_port.port() == "esp32"

PWRON_RESET = const(1)
WDT_RESET = const(3)
if _ESP32:
    HARD_RESET = const(2)
    DEEPSLEEP_RESET = const(4)
    SOFT_RESET = const(5)
    PIN_WAKE = EXT0_WAKE = SLEEP = const(2)
    EXT1_WAKE = const(3)
    TIMER_WAKE = DEEPSLEEP = const(4)
    TOUCHPAD_WAKE = const(5)
    ULP_WAKE = const(6)


def missing():
    """Names that this chip's module machine lacks."""
    if _ESP32:
        found = ("bootloader", "mem32")
        return found + ("I2CTarget",) if sim_port.board() in sim_port.FIRST_ESP32 else found
    constants = "HARD_RESET DEEPSLEEP_RESET SOFT_RESET PIN_WAKE EXT0_WAKE EXT1_WAKE TIMER_WAKE TOUCHPAD_WAKE ULP_WAKE"
    return ("DAC TouchPad SDCard wake_reason SLEEP DEEPSLEEP " + constants).split()


def soft_reset():
    """Restart the interpreter."""
    power.soft_reset()


def reset_cause():
    """Why the board has started. An RP2 knows two causes only."""
    cause = power.cause
    if _ESP32:
        return {"power_on": 1, "hard": 2, "wdt": 3, "deepsleep": 4}.get(cause, 5)
    return PWRON_RESET if cause in ("power_on", "soft") else WDT_RESET


def unique_id():
    """The number of this board."""
    return b"\xd1\xa7\x03\x5e\x00\x01"


if not _ESP32:

    def bootloader(value=None):
        """Wait for new firmware by USB, which ends the simulation."""
        power.off()
