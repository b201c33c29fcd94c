# ntpd - keep the clock synchronized
# usage: ntpd [-i SECONDS] [HOST[:PORT]]
#
# Queries a time server at once, then every SECONDS (3600); after failures with pauses that grow from 2 seconds. Start it as
# a service: service start ntpd; service enable ntpd. For the server see ntpupdate.

from asyncio import sleep_ms

from base import log
from base.errors import Failure, Usage, reason
from program import options

proc = None

NAME = "ntpd"
INTERVAL_S = 3600
LEAST_S = 15  # shortest interval, out of consideration for the servers
PAUSE_S = 2


async def __main__(args):
    opts, words = options(args, "i:")
    interval = opts.number("i", INTERVAL_S)
    if len(words) > 1 or not LEAST_S <= interval <= 86400:
        raise Usage(f"at most one HOST, and SECONDS from {LEAST_S} to 86400")
    from net import ntp  # late: not for --help

    pause = PAUSE_S
    before = ""
    while True:
        try:
            behind = await ntp.update(words[0] if words else ntp.server())
            log.note(NAME, f"the clock was {ntp.difference(behind)}")
            before = ""
            pause = PAUSE_S
            wait = interval
        except (Failure, OSError) as e:
            if reason(e) != before:  # do not repeat the same error
                before = reason(e)
                log.note(NAME, before, log.WARNING)
            wait = pause
            pause = min(pause * 2, interval)
        await sleep_ms(wait * 1000)
