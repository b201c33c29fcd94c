# lightsleep - stop the processor for a while
# usage: lightsleep [-p GPIO[=LEVEL]] [SECONDS]
#
# Everything stops and keeps its state; then the system continues. Wi-Fi may lose its connection.
#   -p GPIO  wake up when this pin becomes LEVEL (0 or 1; 0), if the chip supports it
# It prints the reason of the wake-up, if the chip reports it.

from base import reset_cause, sleep
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "p:")
    ms = sleep.duration(words, "p" in opts)
    lightsleep = sleep.function("lightsleep")
    undo = sleep.wake_on(opts["p"], False) if "p" in opts else None
    await sleep.quiet(proc)
    reset_cause.keep()
    lightsleep(*ms)
    if undo:
        undo()
    reason = reset_cause.wake_reason()
    if reason:
        proc.stdout.write(f"woken by: {reason}\n")
