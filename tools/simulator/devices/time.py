# time: the firmware's own, but that the board's clock can be set. It knows no zone, as on a board.

import power
import utime
from utime import *  # noqa: F403


def time():
    return int(utime.time() + power.ahead)


def time_ns():
    return utime.time_ns() + int(power.ahead * 1_000_000_000)


def gmtime(seconds=None):
    return utime.gmtime(time() if seconds is None else seconds)


localtime = gmtime
