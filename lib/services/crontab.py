# The parser of crontabs, and when an entry is due. crontab and at use it, and crond during a turn.
#
# A line is MINUTE HOUR DAY MONTH WEEKDAY COMMAND, or @hourly, @reboot, @every 10s ... COMMAND, or NAME=VALUE for the
# environment of the following lines. Minutes count local time from the port's epoch.

from time import gmtime

from micropython import const

ENTRIES_MAX = const(32)
_LINE_MAX = const(512)  # characters

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_DAYS = "sun mon tue wed thu fri sat"
_WORDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Entry:
    """A line of a crontab: times and command."""

    every = 0  # seconds, for @every
    reboot = False
    sets = None  # for all other entries: a bit set for each of the five fields
    either = False  # both day and weekday are restricted: either one must match (POSIX)

    def __init__(self, number, command, env):
        self.number = number
        self.command = command
        self.env = env

    def day(self, t):
        """True if the entry may run on the day t, a result of gmtime()."""
        _, _, days, months, weekdays = self.sets
        if not months >> t[1] & 1:
            return False
        day = days >> t[2] & 1
        weekday = weekdays >> (t[6] + 1) % 7 & 1
        return bool(day or weekday if self.either else day and weekday)

    def last(self, start, end):
        """The last minute after start, up to end, at which the entry is due, or None."""
        while end > start:
            t = gmtime(end * 60)
            if not self.day(t):
                end -= t[3] * 60 + t[4] + 1  # the last minute of the day before
            elif not self.sets[1] >> t[3] & 1:
                end -= t[4] + 1
            elif not self.sets[0] >> t[4] & 1:
                end -= 1
            else:
                return end
        return None

    def first(self, start, end):
        """The first minute after start at which the entry is due; end if there is none before."""
        start += 1
        while start < end:
            t = gmtime(start * 60)
            if not self.day(t):
                start += (23 - t[3]) * 60 + 60 - t[4]  # the first minute of the next day
            elif not self.sets[1] >> t[3] & 1:
                start += 60 - t[4]
            elif not self.sets[0] >> t[4] & 1:
                start += 1
            else:
                return start
        return end


def parse(lines):
    """Yield an Entry for each line of a crontab, or (number, reason) for an invalid one."""
    env = {}
    count = 0
    number = 0
    for line in lines:
        number += 1
        line = line.strip()
        if not line or line[0] == "#":
            continue
        name, equals, value = line.partition("=")
        if equals and is_name(name.strip()):
            env = env.copy()
            env[name.strip()] = value.strip().strip("\"'")
            continue
        try:
            if len(line) > _LINE_MAX:
                raise ValueError("line too long")
            count += 1
            if count > ENTRIES_MAX:
                raise ValueError(f"more than {ENTRIES_MAX} entries")
            yield entry(number, line, env)
        except ValueError as e:
            yield number, e.args[0]


def is_name(text):
    return text != "" and not text[0].isdigit() and all(c.isalpha() or c.isdigit() or c == "_" for c in text)


def entry(number, line, env):
    """The Entry for a line; ValueError with the reason if it is invalid."""
    words = line.split(None, 1)
    first = words[0].lower()
    if first == "@every":
        words = line.split(None, 2)
        if len(words) < 3:
            raise ValueError("@every requires a time and a command")
        found = Entry(number, words[2], env)
        found.every = duration(words[1])
        return found
    if first[0] == "@":
        if first != "@reboot" and first not in _WORDS:
            raise ValueError("unknown time: " + words[0])
        if len(words) < 2:
            raise ValueError("no command")
        found = Entry(number, words[1], env)
        if first == "@reboot":
            found.reboot = True
            return found
        words = _WORDS[first].split()
    else:
        words = line.split(None, 5)
        if len(words) < 6:
            raise ValueError("expected five fields and a command")
        found = Entry(number, words[5], env)
    found.sets = [field(words[i], *_FIELDS[i]) for i in range(5)]
    found.sets[4] |= found.sets[4] >> 7  # 7 is Sunday, too
    found.either = words[2][0] != "*" and words[4][0] != "*"
    return found


def field(text, name, low, high):
    """The bits for one field: lists of numbers, ranges and steps; ValueError."""
    bits = 0
    for part in text.split(","):
        span, slash, step = part.partition("/")
        if slash and (not step.isdigit() or not int(step)):
            raise ValueError(f"{name} {text}: not a step: {step}")
        if span == "*":
            first, last = low, high - (name == "weekday")
        else:
            first, dash, last = span.partition("-")
            first = value(first, name, text, low, high)
            last = value(last, name, text, low, high) if dash else high if slash else first
            if last < first:
                raise ValueError(f"{name} {text}: {last} is before {first}")
        for number in range(first, last + 1, int(step or 1)):
            bits |= 1 << number
    return bits


def value(word, name, text, low, high):
    """One number, or the name of a month or a day."""
    if word.isdigit():
        number = int(word)
    else:
        names = _MONTHS if name == "month" else _DAYS if name == "weekday" else ""
        names = names.split()
        if word.lower() not in names:
            raise ValueError(f"{name} {text}: not a {name}")
        number = names.index(word.lower()) + low
    if not low <= number <= high:
        raise ValueError(f"{name} {text}: not {low} to {high}")
    return number


def duration(text):
    """Seconds for 10s, 5m, 1h30m, 2d or 90; ValueError."""
    total = 0
    digits = ""
    for c in text + ("s" if text[-1:].isdigit() else ""):
        if c.isdigit():
            digits += c
        elif digits and c in _UNITS:
            total += int(digits) * _UNITS[c]
            digits = ""
        else:
            total = 0
            break
    if not 0 < total <= 31 * 86400:
        raise ValueError("time out of range (1s to 31d): " + text)
    return total
