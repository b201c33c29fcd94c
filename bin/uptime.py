# uptime - show how long the system has been up
# usage: uptime

from base import clock, dates
from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    now = dates.strftime("%H:%M:%S", clock.now(), proc.getenv("TZ"))
    up = clock.uptime()
    proc.stdout.write(f"{now} up {up // 86400} days, {clock.hms(up % 86400)}\n")
