# reset-cause - tell why the board has started
# usage: reset-cause
#
# power on, reset, watchdog, deep sleep or soft reset; after a deep sleep also what has ended it, where the port knows.

from base.cause import reset_cause, wake_reason
from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    cause = reset_cause()
    woken = wake_reason() if cause == "deep sleep" else ""
    proc.stdout.write(cause + (f" ({woken})" if woken else "") + "\n")
