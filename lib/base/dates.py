# Dates: local time and dates as text. Loaded on demand.
#
# The hardware's clock holds UTC; the variable TZ says how far the user's is ahead of it: hours as in upyOS ("1",
# "-3.5", "5:30"), or POSIX ("CET-1"). Rules for daylight saving and the names of places are zones.py's business.

from time import gmtime, mktime

FULL = "%a %b %e %H:%M:%S %Z %Y"  # what POSIX's date shows: Sat Nov 21 03:51:25 UTC 2026

MONTHS = "January February March April May June July August September October November December"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"

_UNIX = 946684800 if gmtime(0)[0] == 2000 else 0  # the seconds from 1970 to the first second of this port's clock


def local(zone, when):
    """(seconds ahead of UTC, name) of a TZ that has rules, at a moment in this port's seconds (None: now)."""
    from base import clock, zones  # late: few zones have any

    return zones.local(str(zone), clock.now() if when is None else when)


def _has_rules(zone):
    text = str(zone)
    return "," in text or "/" in text


def offset(zone, when=None):
    """The seconds that a TZ is ahead of UTC, now or at a moment in this port's seconds; 0 for what is no time zone."""
    if _has_rules(zone):
        return local(zone, when)[0]
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


def zone_name(zone, when=None):
    """The name of a TZ: that of POSIX, or UTC and the difference."""
    if _has_rules(zone):
        return local(zone, when)[1]
    text = str(zone or "")
    if text[:1] == "<":
        return text[1:].split(">")[0]
    end = 0
    while end < len(text) and text[end].isalpha():
        end += 1
    return text[:end] or ("UTC" if not offset(zone) else "")


def from_unix(seconds):
    """This port's seconds for seconds since 1970."""
    return seconds - _UNIX


def seconds(year, month, day, hour=0, minute=0, second=0):
    """This port's seconds for a date (of a clock without zone)."""
    return int(mktime((year, month, day, hour, minute, second, 0, 0))) + _host_zone()


def utc(moment, zone):
    """This port's seconds (UTC) for those of a clock in that TZ."""
    return moment - offset(zone, moment - offset(zone, moment))


def _host_zone():
    """mktime() takes local time, and on a computer that is not UTC."""
    noon = 43200 * 20001
    return noon - int(mktime(gmtime(noon)))


def strftime(form, when, zone=""):
    """when, in this port's seconds (UTC), as POSIX date writes it in that TZ; with the flags - _ 0 ^. Not there: %E and %O."""
    ahead = offset(zone, when)
    t = gmtime(when + ahead)
    parts = form.split("%")
    out = [parts[0]]
    i = 1
    while i < len(parts):
        part = parts[i]
        i += 1
        flag = part[:1] if part[:1] in _FLAGS and len(part) > 1 else ""
        part = part[len(flag) :]
        if flag:
            out.append(_flagged(flag, _piece(part[0], t, when, zone, ahead)) + part[1:])
        elif part:
            colon = part[:2] == ":z"
            text = _piece("z" if colon else part[0], t, when, zone, ahead)
            out.append(text[:3] + ":" + text[3:] + part[2:] if colon else text + part[1:])
        else:  # %%, or a % at the end
            out.append("%" + parts[i] if i < len(parts) else "%")
            i += 1
    return "".join(out)


def _flagged(flag, text):
    """What a letter gave, in capitals (^), or its number without a zero or blank before it (-), with a blank or a zero."""
    if flag == "^":
        return text.upper()
    number = text.lstrip(" 0") or text[-1:]
    return number if flag == "-" else (" " if flag == "_" else "0") * (len(text) - len(number)) + number


_FLAGS = "-_0^"

# What some letters stand for.
_FORMS = (
    "DxFTXRcrh",
    ("%m/%d/%y", "%m/%d/%y", "%Y-%m-%d", "%H:%M:%S", "%H:%M:%S", "%H:%M", "%a %b %e %H:%M:%S %Y", "%I:%M:%S %p", "%b"),
)


def _piece(c, t, when, zone, ahead):
    year, month, day, hour, minute, second, weekday, yearday = t[:8]
    at = _FORMS[0].find(c)
    if at >= 0:
        return strftime(_FORMS[1][at], when, zone)
    if c in "aA":
        name = DAYS.split()[weekday]
        return name[:3] if c == "a" else name
    if c in "bB":
        name = MONTHS.split()[month - 1]
        return name[:3] if c == "b" else name
    if c == "p":
        return "PM" if hour > 11 else "AM"
    if c == "s":
        return str(when + _UNIX)
    if c == "z":
        return f"{'-' if ahead < 0 else '+'}{abs(ahead) // 3600:02d}{abs(ahead) // 60 % 60:02d}"
    if c == "Z":
        return zone_name(zone, when) or _piece("z", t, when, zone, ahead)
    if c == "n":
        return "\n"
    if c == "t":
        return "\t"
    if c in "ekl":
        return f"{day if c == 'e' else hour if c == 'k' else hour % 12 or 12:2d}"
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
