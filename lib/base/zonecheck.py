# Whether a text is a time zone: what dates.py and zones.py make UTC of where it is none is refused where somebody sets it.

from base import zones

_EXAMPLES = "1, -3.5, CET-1CEST,M3.5.0,M10.5.0/3 or Europe/Berlin"


def fault(zone):
    """Why this is no TZ; "" for what is one."""
    text = str(zone)
    if text in ("", "UTC", "GMT"):
        return ""
    if "," in text:
        reason = rule_fault(text)
    elif "/" in text:
        return "" if zones.rule_of(text) else f"{text} is none of the places that are known, such as Europe/Berlin"
    elif text[0].isalpha() or text[0] == "<":
        name, rest = zones.name_of(text)
        summer = zones.offset_of(rest)[1]
        reason = name_fault(name) or (not summer and offset_fault(rest, 24, 2))
        if not reason and summer:
            reason = f"when {zones.name_of(summer)[0] or summer} begins and ends is missing"
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
    name, rest = zones.name_of(text)
    ahead, rest = zones.offset_of(rest)
    summer, further = zones.name_of(rest)
    reason = name_fault(name) or offset_fault(ahead, 24, 3) or name_fault(summer)
    if reason or (further and offset_fault(further, 24, 3)):
        return reason or offset_fault(further, 24, 3)
    days = rules.split(",")
    if len(days) != 2:
        return "it needs the day on which summer time begins and the one on which it ends"
    for day in days:
        date, slash, time = day.partition("/")
        try:
            zones.moment(date, 2024)
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
