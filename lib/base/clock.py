# The clock: what time it is (UTC), setting it, and how long the system has been up. dates.py makes text of it.

from time import gmtime, ticks_add, ticks_diff, ticks_ms, time

from micropython import const

import base

_LATE_MS = const(120_000)  # how far clock and ticks may be apart before the clock must have been set


def now():
    """The seconds of this port's clock, UTC."""
    return int(time())


def adjust(seconds):
    """Set the hardware's clock (UTC, in this port's seconds) and keep the uptime right; OSError if that fails."""
    try:
        from machine import RTC
    except ImportError:
        raise OSError(95)  # EOPNOTSUPP
    ahead = seconds - now()
    t = gmtime(seconds)
    RTC().datetime((t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0))
    base.started = (base.started[0] + ahead, base.started[1])


def uptime():
    """The seconds since the system was started. Ticks count them; where they went round, the clock tells how often."""
    period = ticks_add(0, -1) + 1
    up = ticks_diff(ticks_ms(), base.started[1]) & (period - 1)
    behind = (now() - base.started[0]) * 1000 - up
    rounds = (behind + period // 2) // period
    if rounds > 0 and abs(behind - rounds * period) < _LATE_MS:
        up += rounds * period
    return up // 1000


def hms(seconds):
    """Seconds as 04:05:06."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
