# wdt - start or feed the watchdog
# usage: wdt -t SECONDS [-a] [-d DELAY] [-q]
#        wdt -f [-q]
#
# The watchdog resets the board unless it is fed in time; once started it cannot be stopped.
#   -t SECONDS  start it      -d DELAY  after so many seconds      -a  fed by the system: resets the board if that hangs
#   -f  feed it               -q  no output
# `wdt -t 8 -d 4; watch -q wdt -f -q &` feeds it every 2 seconds.

import asyncio

from base import watchdog
from base.errors import Usage
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "t:d:afq")
    if words or ("t" in opts) == ("f" in opts):
        raise Usage("expected -t SECONDS or -f")
    if "f" in opts:
        watchdog.feed()
        text = "fed"
    else:
        seconds = number(opts["t"])
        if "d" in opts:
            await asyncio.sleep_ms(int(number(opts["d"]) * 1000))
        watchdog.start(seconds)
        if "a" in opts:
            watchdog.feed_always(seconds)
        text = f"started, {seconds:g} s"
    if "q" not in opts:
        proc.stdout.write(f"wdt: {text}\n")


def number(text):
    """Parse a positive number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= 86400:
        raise Usage("invalid number of seconds", text)
    return value
