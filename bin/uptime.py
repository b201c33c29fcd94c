# uptime - show how long the system has been up
# usage: uptime [-ps]
#
#   -p, --pretty  in words, without the time
#   -s, --since   when the system was started

from base import clock, dates
from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "ps", (("pretty", "p"), ("since", "s")), most=0)
    up = clock.uptime()
    zone = proc.getenv("TZ")
    if opts["s"]:
        text = dates.strftime("%Y-%m-%d %H:%M:%S", clock.now() - up, zone)
    elif opts["p"]:
        text = "up " + in_words(up // 60)
    else:
        now = dates.strftime("%H:%M:%S", clock.now(), zone)
        text = f"{now} up {up // 86400} days, {clock.hms(up % 86400)}"
    proc.stdout.write(text + "\n")


def in_words(minutes):
    """As procps says it: parts that are zero are left out."""
    parts = []
    for size, name in ((7 * 1440, "week"), (1440, "day"), (60, "hour"), (1, "minute")):
        count, minutes = divmod(minutes, size)
        if count or size == 1 and not parts:
            parts.append(f"{count} {name}" + ("" if count == 1 else "s"))
    return ", ".join(parts)
