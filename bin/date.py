# date - show or set the date and the time
# usage: date [-u] [-d | -t | -I | -R | +FORMAT]
#        date [-u] -s TIME
#        date [-u] MMDDhhmm[[CC]YY]
#
# Without options: Sat Nov 21 03:51:25 UTC 2026.
#   -d  the date: 21/Nov/2026      -t  the time: 03:51:25      -u  UTC, whatever TZ says
#   -I  the date of ISO 8601: 2026-11-21      -R  as in mail: Sat, 21 Nov 2026 03:51:25 +0000
#   -s TIME  set the clock: "2026-11-21 03:51:25", "03:51" today, or @SECONDS since 1970
# FORMAT has %Y %m %d %H %M %S and what else POSIX lists for date, and %s.
# The clock runs in UTC; TZ tells how far ahead local time is: hours (1, -3.5, 5:30) or CET-1.
# Deviations: -d and -t are those of upyOS, not GNU's; no daylight saving; TZ is also hours, as upyOS has it.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/date.html

from base import clock, dates
from base.errors import Failure, Usage
from program import options

proc = None


def __main__(args):
    opts, words = options(args, "dtuIRs:", (("utc", "u"), ("set", "s")))
    if len(words) > 1:
        raise Usage("too many operands")
    zone = "" if "u" in opts else proc.getenv("TZ")
    form = dates.FULL
    if "s" in opts:
        adjust(parse(opts["s"], zone), opts["s"])
    elif words and words[0][0] != "+":
        adjust(parse_posix(words[0], zone), words[0])
    elif words:
        form = words[0][1:]
    for letter, choice in (("d", "%d/%b/%Y"), ("t", "%H:%M:%S"), ("I", "%Y-%m-%d"), ("R", "%a, %d %b %Y %H:%M:%S %z")):
        if letter in opts:
            form = choice
    proc.stdout.write(dates.strftime(form, clock.now(), zone) + "\n")


def adjust(seconds, text):
    try:
        clock.adjust(seconds)
    except (OSError, ValueError, OverflowError):
        raise Failure(text, "the clock cannot be set to that")


def numbers(text, count, separator):
    """Exactly count numbers; Usage for anything else."""
    parts = text.split(separator)
    if len(parts) != count or not all(part.isdigit() for part in parts):
        raise Usage("not a date", text)
    return [int(part) for part in parts]


def parse(text, zone):
    """The port's seconds for -s."""
    if text[:1] == "@" and text[1:].isdigit():
        return dates.from_unix(int(text[1:]))
    day, _, time = text.replace("T", " ").partition(" ")
    if ":" in day:
        day, time = dates.strftime("%Y-%m-%d", clock.now(), zone), day
    if time.count(":") == 1:
        time += ":00"
    return checked(numbers(day, 3, "-") + (numbers(time, 3, ":") if time else [0, 0, 0]), zone, text)


def parse_posix(text, zone):
    """The port's seconds for MMDDhhmm[[CC]YY]."""
    if not text.isdigit() or len(text) not in (8, 10, 12):
        raise Usage("not a date", text)
    year = text[8:] or dates.strftime("%Y", clock.now(), zone)
    if len(year) == 2:
        year = ("19" if year >= "69" else "20") + year
    return checked([int(year)] + [int(text[i : i + 2]) for i in (0, 2, 4, 6)] + [0], zone, text)


def checked(date, zone, text):
    seconds = dates.seconds(*date)
    if dates.strftime("%Y %m %d %H %M %S", seconds) != " ".join([f"{part:02d}" for part in date]):
        raise Usage("no such date", text)
    return seconds - dates.offset(zone)
