# reset-cause - tell why the board has started
# usage: reset-cause
#
# power on, reset, watchdog, deep sleep or soft reset; after a deep sleep also the wake-up reason, if the port has it.
# A Pico only has power on, and "reset or watchdog" for all others.

from base.power import describe
from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    proc.stdout.write(describe() + "\n")
