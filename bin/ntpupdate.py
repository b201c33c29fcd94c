# ntpupdate - set the clock from a time server
# usage: ntpupdate [-qs] [HOST[:PORT]]
#
# The default HOST is that of /etc/system.conf ("ntp": "HOST"), or pool.ntp.org.
#   -q  only print the difference      -s  no output
# The clock runs in UTC; TZ is for display (man date). `service enable ntpd` keeps it synchronized.

from base.errors import Usage
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "qs")
    if len(words) > 1:
        raise Usage("extra operand")
    from base import clock, dates  # late: a usage error needs none
    from net import ntp

    place = words[0] if words else ntp.server()
    if opts["q"]:
        behind, trip = await ntp.ask(place)
        proc.stdout.write(f"{place}: the clock is {ntp.difference(behind)}, round trip {trip} ms\n")
        return
    behind = await ntp.update(place)
    if not opts["s"]:
        now = dates.strftime(dates.FULL, clock.now(), proc.getenv("TZ"))
        proc.stdout.write(f"{now} (the clock was {ntp.difference(behind)})\n")
