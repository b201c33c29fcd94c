# deepsleep - shut down, sleep, and restart
# usage: deepsleep [-f] [-p GPIO[=LEVEL]] [SECONDS]
#
# The system shuts down in order, like `reboot`; the chip sleeps at minimal current, and then boots. Without SECONDS only a
# pin or the reset button ends the sleep. `reset-cause` shows the reason afterwards.
#   -f  at once, without a shutdown      -p GPIO  wake up when this pin is LEVEL (0 or 1; 0), if the chip supports it

from base import power
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "fp:")
    ms = power.duration(words, True)
    deepsleep = power.function("deepsleep")
    if "p" in opts:
        power.wake_on(opts["p"], True)
    if "f" in opts:
        await power.quiet(proc)
        deepsleep(*ms)
    else:
        from kernel import shutdown  # late: a usage error needs none

        shutdown.request(lambda: deepsleep(*ms))
