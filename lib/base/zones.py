# Time zones with daylight saving: POSIX rules (CET-1CEST,M3.5.0,M10.5.0/3) and places (Europe/Berlin).
#
# zones.txt has a line for each rule: the region, the rule as the tz database 2025 has it for now, the places.

from time import gmtime

from base import dates
from base.paths import exists

PLACES = (__file__.rsplit("/", 1)[0], "/lib/base", "/rom/lib/base")  # a module in a pack has a name of its own

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
    """The rule of a place; None where it is not known."""
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
