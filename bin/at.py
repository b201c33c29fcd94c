# at - run a command later
# usage: at TIME [COMMAND...]
#        at -l | -r JOB... | -c JOB
#
# Without COMMAND, reads commands from standard input. crond runs them: service start crond.
#   -l  list the jobs      -r  remove jobs, also -d      -c  print a job
# TIME is HH:MM (today or tomorrow), YYYY-MM-DD HH:MM, noon, midnight or now; optionally tomorrow, or + 5 minutes
# (seconds hours days weeks). +90s and +1h30m are short for now + ...
# Deviations: no -m, -q, -t. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/at.html

import os

from base import clock, dates, files
from base.errors import Failure, Usage
from base.paths import isdir
from program import complain, options, status
from services import cron, crontab
from text.quoting import quote

proc = None

JOBS_MAX = 32
SIZE_MAX = 4096
UNITS = {"second": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400, "week": 604800}
FORM = "%a %b %e %H:%M:%S %Y"


async def __main__(args):
    first = 0
    while first < len(args) and args[first][:1] == "-" and args[first] != "--":
        first += 1  # the options of COMMAND are its own
    opts, _ = options(args[:first], "lrdc")
    words = args[first + (args[first : first + 1] == ["--"]) :]
    if "l" in opts:
        for when, number, _ in cron.jobs():
            proc.stdout.write(f"{number}\t{dates.strftime(FORM, when, proc.getenv('TZ'))}\n")
        return 0
    if opts.given:
        return change(words, "c" in opts)
    if not words:
        raise Usage("missing TIME")
    when, rest = parse(words)
    if when < clock.now() - 1:
        raise Failure(" ".join(words[: len(words) - len(rest)]), "in the past")
    command = " ".join(rest) if len(rest) == 1 else " ".join([quote(word) for word in rest])
    if not rest:
        command = await read()
    add(when, command)


async def read():
    """Return the commands on standard input."""
    data = b""
    while more := await proc.stdin.read():
        data += more
        if len(data) > SIZE_MAX:
            raise Failure("", f"more than {SIZE_MAX} bytes of commands")
    if not data.strip():
        raise Failure("", "no commands")
    return data.decode()


def add(when, command):
    jobs = cron.jobs()
    if len(jobs) >= JOBS_MAX:
        raise Failure("", f"{JOBS_MAX} jobs at most")
    number = max([job[1] for job in jobs] + [0]) + 1
    if not isdir(cron.AT):
        os.mkdir(cron.AT)
    files.replace(f"{cron.AT}/{when}.{number}", f"cd {quote(proc.cwd)}\n{command.rstrip()}\n")
    proc.stderr.write(f"job {number} at {dates.strftime(FORM, when, proc.getenv('TZ'))}\n")
    if not cron.notify():
        proc.stderr.write("at: crond is not running; use service start crond\n")


def change(words, show):
    """Run -c and -r."""
    if not words:
        raise Usage("missing JOB")
    jobs = {str(number): path for _, number, path in cron.jobs()}
    for word in words:
        if word not in jobs:
            complain(word, "no such job")
        elif show:
            with open(jobs[word]) as file:
                proc.stdout.write(file.read())
        else:
            files.unlink(jobs[word])
            cron.notify()
    return status()


def parse(words):
    """Parse a time: (seconds since the epoch, the words after it)."""
    zone = proc.getenv("TZ")
    now = clock.now()
    first = words[0].lower()
    rest = words[1:]
    midnight = (now + dates.offset(zone)) // 86400 * 86400 - dates.offset(zone)
    if first[:1] == "+" and len(first) > 1:
        return now + seconds(first[1:]), rest
    if first == "now":
        when = now
    elif first in ("noon", "midnight"):
        when = midnight + (43200 if first == "noon" else 0)
    elif first.count("-") == 2:
        if not rest or ":" not in rest[0]:
            raise Usage("expected YYYY-MM-DD HH:MM", first)
        year, month, day = [number(part, first) for part in first.split("-")]
        when = dates.seconds(year, month, day) - dates.offset(zone) + time_of(rest[0])
        if dates.strftime("%Y-%m-%d", when, zone) != f"{year:04d}-{month:02d}-{day:02d}":
            raise Usage("invalid date", first)
        return offset(when, rest[1:])
    else:
        when = midnight + time_of(first)
    if rest and rest[0].lower() == "tomorrow":
        return offset(when + 86400, rest[1:])
    if when < now:
        when += 86400
    return offset(when, rest)


def offset(when, rest):
    """Add an increment: +5, or the words "+ 5 minutes"."""
    if rest and rest[0] == "+" and len(rest) > 1:
        unit = rest[2].lower() if len(rest) > 2 else ""
        unit = unit[:-1] if unit.endswith("s") and len(unit) > 1 else unit
        if unit in UNITS and rest[1].isdigit():
            return when + int(rest[1]) * UNITS[unit], rest[3:]
        return when + seconds(rest[1]), rest[2:]
    if rest and rest[0][:1] == "+":
        return when + seconds(rest[0][1:]), rest[1:]
    return when, rest


def seconds(text):
    try:
        return crontab.duration(text)
    except ValueError as e:
        raise Usage(e.args[0])


def number(text, whole):
    if not text.isdigit():
        raise Usage("invalid time", whole)
    return int(text)


def time_of(text):
    """Parse HH:MM or HH:MM:SS as seconds since midnight."""
    parts = [number(part, text) for part in text.split(":")]
    if not 2 <= len(parts) <= 3 or parts[0] > 23 or max(parts[1:]) > 59:
        raise Usage("invalid time", text)
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)
