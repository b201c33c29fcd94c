# date - show or set the date and the time
# usage: date [-u] [-d [TEXT] | -r FILE | -t] [-D FORM] [-I[PART] | -R | +FORMAT]
#        date [-u] [-D FORM] -s TEXT
#        date [-u] MMDDhhmm[[CC]YY][.SS]
#
# Without options: Sat Nov 21 03:51:25 UTC 2026.
#   -d  the date: 21/Nov/2026      -t  the time: 03:51:25      -u  UTC, whatever TZ says
#   -I  ISO 8601: 2026-11-21; PART h, m, s or n: with the time up to that unit
#   -R  as in e-mail: Sat, 21 Nov 2026 03:51:25 +0000
#   -d TEXT  that time instead of now: "2026-11-21 03:51:25", "03:51" today, @SECONDS since 1970, "21 Nov 2026",
#            "2 days ago", "next monday", "2026-01-31 + 1 month", MMDDhhmm[[CC]YY][.SS];
#            with the suffix Z or +0100, or the prefix TZ="Europe/Berlin"
#   -s TEXT  set the clock to that                  -D FORM  the format of TEXT
#   -r FILE  the modification time of FILE
# FORMAT has %Y %m %d %H %M %S and the others of POSIX, %k %l %s, %N (nanoseconds, %3N milliseconds), %:z; %-d is a number
# without padding, %_d one padded with blanks, %0e one padded with zeros, and %^a is upper case.
# The clock runs in UTC; TZ is the offset of local time: hours (1, -3.5, 5:30), a rule (CET-1CEST,M3.5.0,M10.5.0/3) or a
# place (Europe/Berlin).
# Deviations: -d without TEXT, -t, and TZ in hours are those of upyOS.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/date.html

from base import attributes, clock, dates
from base.errors import Failure, Usage
from program import complain, options

proc = None

LONG = (("utc", "u"), ("set", "s"), ("date", "d"), ("reference", "r"), ("iso-8601", "I"), ("rfc-email", "R"), "slashes")
ISO = ("date", "hours", "minutes", "seconds", "ns")
DAY = "%Y-%m-%d"


def __main__(args):
    opts, words = options(spelled(args), "d:tuI:Rs:r:D:", LONG)
    if len(words) > 1:
        raise Usage("extra operand")
    zone = "" if "u" in opts else proc.getenv("TZ")
    when, nanos = clock.now(), 0
    form = dates.FULL
    if "s" in opts:
        when, nanos = parse_time(opts["s"], opts["D"], zone)
        adjust(when, opts["s"])
    elif words and words[0][:1] != "+":
        when, nanos = parse_time(words[0], opts["D"], zone, True)
        adjust(when, words[0])
    elif "d" in opts:
        when, nanos = parse_time(opts["d"], opts["D"], zone)
    elif "r" in opts:
        try:
            when = attributes.stat(opts["r"], proc.cwd)[8]
        except OSError as e:
            complain(opts["r"], e)
            return 1
    else:
        from time import time_ns  # late: not every port has it

        nanos = time_ns() % 1_000_000_000
    if words and words[0][:1] == "+":
        form = words[0][1:]
    for letter, choice in (("slashes", "%d/%b/%Y"), ("t", "%H:%M:%S"), ("R", "%a, %d %b %Y %H:%M:%S %z")):
        if letter in opts:
            form = choice
    if "I" in opts:
        form = iso(opts["I"])
    proc.stdout.write(dates.strftime(with_nanos(form, nanos), when, zone) + "\n")


def spelled(args):
    """Return args with the value of -I attached, and -d without a value made another option."""
    args = ["--iso-8601=date" if arg == "--iso-8601" else arg for arg in args]
    args = [arg + "date" if arg[:1] == "-" and arg[1:2] != "-" and arg[-1:] == "I" else arg for arg in args]
    if args and args[-1] in ("-d", "-ud") or len(args) == 2 and args[0] == "-d" and args[1][:1] == "-":
        at = -1 if args[-1][-1] == "d" else 0
        if args[at] == "-ud":
            args.insert(0, "-u")
        args[at] = "--slashes"
    return args


def parse_time(text, form, zone, set_posix=False):
    """Parse a date: (seconds, nanoseconds)."""
    from base import parse_date  # late: not needed for the current date

    try:
        if form:
            return parse_date.by_form(text, form.lstrip("+"), zone), 0
        return (parse_date.posix(text, zone), 0) if set_posix else parse_date.parse(text, zone)
    except (ValueError, OverflowError):
        raise Failure(text, "invalid date")


def adjust(seconds, text):
    try:
        clock.adjust(seconds)
    except (OSError, ValueError, OverflowError):
        raise Failure(text, "cannot set the clock")


def iso(part):
    """Return the format of -I."""
    for k, name in enumerate(ISO):
        if name.startswith(part):
            time = ("", "T%H", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S,%N")[k]
            return DAY + time + ("%:z" if k else "")
    raise Usage("expected date, hours, minutes, seconds or ns", "-I")


def with_nanos(form, nanos):
    """Replace %N and %3N in a format by digits."""
    parts = form.split("%")
    i = 1
    while i < len(parts):
        part = parts[i]
        digits = part[:1] if part[:1].isdigit() else ""
        if part[len(digits) :][:1] == "N":
            parts[i - 1] += f"{nanos:09d}"[: int(digits or 9)] + part[len(digits) + 1 :]
            parts.pop(i)
            continue
        i += 1 if part else 2  # %%
    return "%".join(parts)
