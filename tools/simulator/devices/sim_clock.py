# The clocks: what the world sets of the board's time, and machine.freq.
#
# rtc.offset is by how many seconds the board's clock is ahead of the computer's; machine.freq the processor's in Hz.

import power
import sim_port

import simulator

_PATH = "rtc.offset"
_MHZ = 1_000_000


def follow():
    """Let the world set the clock; at the start it is as far ahead as it was before the reset."""
    _changed(_PATH, simulator.get(_PATH, 0))
    simulator.on(_PATH, _changed)


def set_ahead(seconds):
    """The board sets its clock to seconds since 1970."""
    import time

    power.ahead += seconds - time.time_ns() / 1_000_000_000
    simulator.set(_PATH, power.ahead)


def _changed(path, value):
    power.ahead = value + 0  # TypeError where it is no number


def freq(*hz):
    """The processor's clock in Hz; with an argument set it."""
    if not hz:
        return simulator.get("machine.freq", _usual())
    if sim_port.port() == "esp32":
        simulator.put("machine.freq", _esp32(hz[0] // _MHZ) * _MHZ)
        return
    if not _has_rp2(hz[0] // 1000):
        raise ValueError("cannot change frequency")
    if len(hz) > 1 and hz[1] not in (48 * _MHZ, hz[0]):
        raise ValueError("peripheral freq must be 48_000_000 or the same as the MCU freq")
    simulator.put("machine.freq", hz[0])


def _usual():
    if sim_port.port() == "esp32":
        return 160 * _MHZ
    return (150 if sim_port.board().startswith("pico2") else 125) * _MHZ


def _esp32(mhz):
    small = "c3" in sim_port.board() or "c6" in sim_port.board()
    if mhz not in ((20, 40, 80, 160) if small else (20, 40, 80, 160, 240)):
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz%s" % (" or 160MHz" if small else ", 160MHz or 240MHz"))
    return mhz


def _has_rp2(khz):
    """Whether the PLL of an RP2 makes this clock: 12 MHz times 63 to 133, divided by two numbers from 1 to 7."""
    for first in range(7, 0, -1):
        for second in range(first, 0, -1):
            oscillator = khz * first * second
            if 750_000 <= oscillator <= 1_600_000 and oscillator % 12_000 == 0:
                return True
    return False
