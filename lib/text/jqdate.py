# Dates in jq: seconds since 1970, and [year, month from 0, day, hours, minutes, seconds, weekday, day of the year].

import time

from base import dates
from process import cpu
from text.jqfun import need
from text.jqvalue import Error, kind, whole


def now(value):
    return time.time() - dates.from_unix(0)


def broken(value, zone=""):
    """The date of seconds."""
    when = dates.from_unix(int(need(value, "number") // 1))
    moment = time.gmtime(when + (dates.offset(zone, when) if zone else 0))
    second = moment[5] + (value % 1 if isinstance(value, float) else 0)
    return [moment[0], moment[1] - 1, moment[2], moment[3], moment[4], second, (moment[6] + 1) % 7, moment[7] - 1]


def mktime(value):
    if kind(value) != "array" or len(value) < 6 or any(kind(item) != "number" for item in value):
        raise Error("mktime requires array of 6 numbers")
    year, month, day, hour, minute, second = [int(item) for item in value[:6]]
    return dates.seconds(year, month + 1, day, hour, minute, second) - dates.from_unix(0)


def shown(value, form, zone=""):
    if isinstance(value, list):
        value = mktime(value)
    return dates.strftime(need(form, "string"), dates.from_unix(int(need(value, "number") // 1)), zone)


def read(value, form):
    from base.moment import by_form

    try:
        return broken(by_form(need(value, "string"), need(form, "string"), "") - dates.from_unix(0))
    except (ValueError, OverflowError):
        raise Error(f'date "{value}" does not match format "{form}"')


def zone():
    return cpu.current.getenv("TZ") or ""


SIMPLE = {
    ("now", 0): now,
    ("gmtime", 0): broken,
    ("localtime", 0): lambda value: broken(value, zone()),
    ("mktime", 0): lambda value: whole(mktime(value)),
    ("strftime", 1): shown,
    ("strflocaltime", 1): lambda value, form: shown(value, form, zone()),
    ("strptime", 1): read,
}
