# Time zones with daylight saving: POSIX rules (CET-1CEST,M3.5.0,M10.5.0/3) and places (Europe/Berlin).
#
# zones.txt has a line for each rule: the region, the rule as the tz database 2025 has it for now, the places.

from time import gmtime

from base import dates
from base.paths import exists

PLACES = (__file__.rsplit("/", 1)[0], "/lib/base", "/rom/lib/base")  # a module in a pack has a name of its own

_EXAMPLES = "1, -3.5, CET-1CEST,M3.5.0,M10.5.0/3 or Europe/Berlin"

_known = {}  # the zone asked for last: what local() needs of it


def local(zone, when):
    """(seconds ahead of UTC, name) of a zone at a moment in this port's seconds; UTC for a place that is not known."""
    if zone not in _known:
        _known.clear()
        _known[zone] = _parsed(zone if "," in zone else rule_of(zone) or "UTC0")
    normal, summer, begin, end = _known[zone]
    if not begin:
        return normal
    year = gmtime(when + normal[0])[0]
    try:
        first = moment(begin, year) - normal[0]
        last = moment(end, year) - summer[0]
    except (ValueError, OverflowError):  # no rules
        return normal
    inside = first <= when < last if first < last else not last <= when < first
    return summer if inside else normal


def rule_of(place):
    """The rule of a place; None if it is not known."""
    region, _, name = place.lstrip(":").partition("/")
    for directory in PLACES:
        if not exists(directory + "/zones.txt"):
            continue
        with open(directory + "/zones.txt", "rb") as file:
            while line := file.readline():
                words = line.decode().split()
                if words[0] == region and name in words[2:]:
                    return words[1]
        break
    return None


def _parsed(text):
    """((ahead, name) of normal time, of summer time, the rule of its begin, of its end); no rules: ""."""
    text, _, rules = text.partition(",")
    begin, _, end = rules.partition(",")
    name, rest = name_of(text)
    ahead, rest = offset_of(rest)
    normal = (-_seconds(ahead), name)
    if not end or not rest:
        return normal, normal, "", ""
    name, rest = name_of(rest)
    return normal, (-_seconds(rest) if rest else normal[0] + 3600, name), begin, end


def name_of(text):
    """(the name that text begins with, the rest)."""
    if text[:1] == "<":
        name, _, rest = text[1:].partition(">")
        return name, rest
    at = 0
    while at < len(text) and text[at].isalpha():
        at += 1
    return text[:at], text[at:]


def offset_of(text):
    """(the [+-]HH[:MM[:SS]] that text begins with, the rest)."""
    at = 0
    while at < len(text) and text[at] in "+-:0123456789":
        at += 1
    return text[:at], text[at:]


def _seconds(text):
    """The seconds of [+-]HH[:MM[:SS]]; 0 for anything else."""
    parts = text.lstrip("+-").split(":") + ["0", "0"]
    if not all(part.isdigit() for part in parts):
        return 0
    seconds = int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])
    return -seconds if text[:1] == "-" else seconds


def moment(rule, year):
    """When a rule means in a year, by the clock of the place: M10.5.0/3, J60 (without February 29th) or 59."""
    day, _, time = rule.partition("/")
    after = _seconds(time) if time else 7200
    if day[:1] != "M":
        number = int(day.lstrip("J"))
        begin = dates.seconds(year, 1, 1)
        leap = dates.seconds(year, 3, 1) - begin == 60 * 86400
        number -= day[:1] == "J" and not (leap and number > 59)
        return begin + number * 86400 + after
    month, week, weekday = [int(part) for part in day[1:].split(".")]
    if not (0 < month < 13 and 0 < week < 6 and 0 <= weekday < 7):
        raise ValueError
    begin = dates.seconds(year, month, 1)
    end = dates.seconds(year + month // 12, month % 12 + 1, 1)
    first = (weekday + 6 - gmtime(begin)[6]) % 7
    when = begin + (first + (week - 1) * 7) * 86400
    while when >= end:  # the fifth is the last one
        when -= 7 * 86400
    return when + after


def fault(zone):
    """Why this is no TZ; "" for what is one. dates.py makes UTC of what is none, so whoever sets a zone asks first."""
    text = str(zone)
    if text in ("", "UTC", "GMT"):
        return ""
    if "," in text:
        reason = rule_fault(text)
    elif "/" in text:
        return "" if rule_of(text) else f"{text} is none of the places that are known, such as Europe/Berlin"
    elif text[0].isalpha() or text[0] == "<":
        name, rest = name_of(text)
        summer = offset_of(rest)[1]
        reason = name_fault(name) or (not summer and offset_fault(rest, 24, 2))
        if not reason and summer:
            reason = f"when {name_of(summer)[0] or summer} begins and ends is missing"
    else:
        reason = "" if is_hours(text) else "these are no hours"
    return f"{text} is no time zone ({reason}); one is {_EXAMPLES}" if reason else ""


def is_hours(text):
    """Whether this is what upyOS has: 1, -3.5, 5:30."""
    hours, dot, part = text.partition(".")
    if dot:
        hours = hours[1:] if hours[:1] == "+" or hours[:1] == "-" else hours
        return hours.isdigit() and part.isdigit() and int(hours) < 25
    return not offset_fault(text, 24, 2)


def rule_fault(text):
    """What is wrong with a rule like CET-1CEST,M3.5.0,M10.5.0/3."""
    text, _, rules = text.partition(",")
    name, rest = name_of(text)
    ahead, rest = offset_of(rest)
    summer, further = name_of(rest)
    reason = name_fault(name) or offset_fault(ahead, 24, 3) or name_fault(summer)
    if reason or (further and offset_fault(further, 24, 3)):
        return reason or offset_fault(further, 24, 3)
    days = rules.split(",")
    if len(days) != 2:
        return "it needs the day on which summer time begins and the one on which it ends"
    for day in days:
        date, slash, time = day.partition("/")
        try:
            moment(date, 2024)
            number = int(date.lstrip("J")) if date[:1] != "M" else 1
        except ValueError:
            number = -1
        if not (date[:1] == "J") <= number <= 365:
            return f"{date} is no day"
        if slash and offset_fault(time, 167, 3):
            return f"{time} is no time of a day"
    return ""


def name_fault(name):
    return "" if len(name) > 2 else "a name has three letters at least"


def offset_fault(text, most, parts):
    """What is wrong with [+-]HH[:MM[:SS]]."""
    words = text[1:] if text[:1] == "+" or text[:1] == "-" else text
    words = words.split(":")
    good = len(words) <= parts and all(word.isdigit() and len(word) < 4 for word in words)
    if not good or int(words[0]) > most or any(int(word) > 59 for word in words[1:]):
        return f"{text} is no time" if text else "the hours from UTC are missing"
    return ""
