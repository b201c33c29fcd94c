# reset-cause - tell why the board has started
# usage: reset-cause
#
# power on, reset, watchdog, deep sleep or soft reset; after a deep sleep also what has ended it, where the port knows.
# A Pico knows two: power on, and "reset or watchdog" for all the rest.

from base.reset_cause import describe
from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    proc.stdout.write(describe() + "\n")
