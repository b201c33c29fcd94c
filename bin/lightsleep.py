# lightsleep - stop the processor for a while
# usage: lightsleep [-p GPIO[=LEVEL]] [SECONDS]
#
# Everything stops and keeps its state; then the system continues. Wi-Fi may lose its connection.
#   -p GPIO  wake up when this pin becomes LEVEL (0 or 1; 0), if the chip supports it
# It prints the reason of the wake-up, if the chip reports it.

from base import power
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "p:")
    ms = power.duration(words, "p" in opts)
    lightsleep = power.function("lightsleep")
    undo = power.wake_on(opts["p"], False) if "p" in opts else None
    await power.quiet(proc)
    power.keep()
    lightsleep(*ms)
    if undo:
        undo()
    reason = power.wake_reason()
    if reason:
        proc.stdout.write(f"woken by: {reason}\n")
