# The clock: local time, dates as text, and how long the system has been up.
#
# The hardware's clock holds UTC; the variable TZ says how far the user's is ahead of it: hours as in upyOS ("1",
# "-3.5", "5:30"), or POSIX ("CET-1CEST"; its rules for daylight saving are not applied).

from time import gmtime, mktime, ticks_add, ticks_diff, ticks_ms, time

from micropython import const

import base

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

FULL = "%a %d/%b/%Y %H:%M:%S"  # as upyOS shows a date: Sat 21/Nov/2026 03:51:25

_UNIX = 946684800 if gmtime(0)[0] == 2000 else 0  # the seconds from 1970 to the first second of this port's clock
_LATE_MS = const(120_000)  # how far clock and ticks may be apart before the clock must have been set
_LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)  # noqa: E501
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def offset(zone):
    """The seconds that a TZ is ahead of UTC; 0 for what is no time zone."""
    text = str(zone or "")
    posix = text[:1].isalpha() or text[:1] == "<"
    if posix:
        text = text[text.find(">") + 1 :]
        while text and text[0] not in "+-0123456789":
            text = text[1:]
    sign = -1 if text[:1] == "-" else 1
    text = text.lstrip("+-")
    if posix:
        sign = -sign
        end = 0
        while end < len(text) and (text[end].isdigit() or text[end] == ":"):
            end += 1
        text = text[:end]
    hours, _, minutes = text.partition(":")
    try:
        seconds = int(float(hours or 0) * 3600) + int(minutes or 0) * 60
    except ValueError:
        return 0
    return sign * seconds if seconds < 90000 else 0


def zone_name(zone):
    """The name of a TZ: that of POSIX, or UTC and the difference."""
    text = str(zone or "")
    if text[:1] == "<":
        return text[1:].split(">")[0]
    end = 0
    while end < len(text) and text[end].isalpha():
        end += 1
    return text[:end] or ("UTC" if not offset(zone) else "")


def now():
    """The seconds of this port's clock, UTC."""
    return int(time())


def adjust(seconds):
    """Set the hardware's clock (UTC, in this port's seconds) and keep the uptime right. OSError where it cannot be."""
    try:
        from machine import RTC
    except ImportError:
        raise OSError(95)  # EOPNOTSUPP
    ahead = seconds - now()
    t = gmtime(seconds)
    RTC().datetime((t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0))
    base.started = (base.started[0] + ahead, base.started[1])


def from_unix(seconds):
    """This port's seconds for seconds since 1970."""
    return seconds - _UNIX


def seconds(year, month, day, hour=0, minute=0, second=0):
    """This port's seconds for a date (of a clock without zone)."""
    return int(mktime((year, month, day, hour, minute, second, 0, 0))) + _host_zone()


def _host_zone():
    """mktime() takes local time, and on a computer that is not UTC."""
    noon = 43200 * 20001
    return noon - int(mktime(gmtime(noon)))


def uptime():
    """The seconds since the system was started. Ticks count them; where they went round, the clock tells how often."""
    period = ticks_add(0, -1) + 1
    up = ticks_diff(ticks_ms(), base.started[1]) & (period - 1)
    behind = (now() - base.started[0]) * 1000 - up
    rounds = (behind + period // 2) // period
    if rounds > 0 and abs(behind - rounds * period) < _LATE_MS:
        up += rounds * period
    return up // 1000


def duration(seconds):
    """Seconds as days and a time: "3 days, 04:05:06"."""
    days = seconds // 86400
    return f"{days} day{'' if days == 1 else 's'}, {hms(seconds % 86400)}"


def hms(seconds):
    """Seconds as 04:05:06."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def strftime(form, when, zone=""):
    """when, in this port's seconds (UTC), as POSIX date writes it in that TZ. Not there: %E and %O."""
    ahead = offset(zone)
    t = gmtime(when + ahead)
    parts = form.split("%")
    out = [parts[0]]
    i = 1
    while i < len(parts):
        part = parts[i]
        i += 1
        if part:
            out.append(_piece(part[0], t, when, zone, ahead) + part[1:])
        else:  # %%, or a % at the end
            out.append("%" + parts[i] if i < len(parts) else "%")
            i += 1
    return "".join(out)


# What some letters stand for.
_FORMS = {
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "c": "%a %b %e %H:%M:%S %Y",
    "x": "%m/%d/%y",
    "X": "%H:%M:%S",
    "r": "%I:%M:%S %p",
    "h": "%b",
}  # noqa: E501


def _piece(c, t, when, zone, ahead):
    year, month, day, hour, minute, second, weekday, yearday = t[:8]
    if c in _FORMS:
        return strftime(_FORMS[c], when, zone)
    if c == "a":
        return DAYS[weekday]
    if c == "A":
        return _LONG_DAYS[weekday]
    if c == "b":
        return MONTHS[month - 1]
    if c == "B":
        return _LONG_MONTHS[month - 1]
    if c == "p":
        return "PM" if hour > 11 else "AM"
    if c == "s":
        return str(when + _UNIX)
    if c == "z":
        return f"{'-' if ahead < 0 else '+'}{abs(ahead) // 3600:02d}{abs(ahead) // 60 % 60:02d}"
    if c == "Z":
        return zone_name(zone) or _piece("z", t, when, zone, ahead)
    if c == "n":
        return "\n"
    if c == "t":
        return "\t"
    if c == "e":
        return f"{day:2d}"
    if c == "Y":
        return str(year)
    if c == "j":
        return f"{yearday:03d}"
    if c == "u":
        return str(weekday + 1)
    if c == "w":
        return str((weekday + 1) % 7)
    if c in "VGg":
        return _iso(c, year, weekday, yearday)
    at = "CydHIMSmUW".find(c)
    if at < 0:
        return "%" + c
    sunday = (yearday + 6 - (weekday + 1) % 7) // 7
    values = (
        year // 100,
        year % 100,
        day,
        hour,
        hour % 12 or 12,
        minute,
        second,
        month,
        sunday,
        (yearday + 6 - weekday) // 7,
    )
    return f"{values[at]:02d}"


def _iso(c, year, weekday, yearday):
    """ISO 8601: the week that has the year's first Thursday is its first."""
    week = (yearday - weekday + 9) // 7
    if week < 1:
        year -= 1
        yearday += 366 if _leap(year) else 365
        week = (yearday - weekday + 9) // 7
    elif week == 53 and yearday - weekday + 3 > (366 if _leap(year) else 365):
        year += 1
        week = 1
    return f"{week:02d}" if c == "V" else str(year) if c == "G" else f"{year % 100:02d}"


def _leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
