# machine.WDT: resets the board when it is not fed, whatever the board does. A thread watches; the only shared state
# that it touches is one number.

import power
import sim_port
from micropython import const
from utime import ticks_diff, ticks_ms

_ESP32 = sim_port.port() == "esp32"
_RP2_MAX = const(8388)
_STACK = const(32768)

_timeout = 0  # 0: nobody watches yet, or the chip sleeps
_fed = 0  # ticks_ms of the last feed
_watching = False


class WDT:
    """It cannot be stopped; a new one changes the time."""

    def __init__(self, id=0, timeout=5000):
        global _watching, _timeout, _fed
        if id != 0:
            raise ValueError("WDT(%d) doesn't exist" % id)
        if timeout <= 0:
            raise ValueError("WDT timeout too short")
        if not _ESP32 and timeout > _RP2_MAX:
            raise ValueError("timeout exceeds %d" % _RP2_MAX)
        _fed = ticks_ms()
        _timeout = timeout
        if not _watching:
            import _thread

            before = _thread.stack_size()
            _thread.stack_size(_STACK)
            _thread.start_new_thread(_watch, ())
            _thread.stack_size(before)
            _watching = True

    def feed(self):
        """Not yet."""
        global _fed
        _fed = ticks_ms()


def pause():
    """The chip goes to deep sleep, and its watchdog with it."""
    global _timeout
    _timeout = 0


def _watch():
    while True:
        left = _timeout - ticks_diff(ticks_ms(), _fed)
        if not _timeout:
            left = 1000
        elif left < 0:
            power.reset("wdt")
        power.wait_ms(min(left + 1, 1000))
