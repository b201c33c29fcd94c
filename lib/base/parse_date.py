# Dates as people write them: text to seconds. For programs that take a date from the user.
#
#   @1234567890.5   2026-11-21   2026-11-21T03:51:25Z   03:51   "Nov 21 03:51:25 CET 2026"   21 Nov 2026 03:51 +0100
#   112103512026.25 (MMDDhhmm[[CC]YY][.SS])   20261121   21-Nov-2026   10am   noon   midnight
#   now, today, tomorrow, yesterday, 3 days ago, +2 hours, - 1 month, next week, last year, next monday
# TZ="Europe/Berlin" before one says whose clock shows it. Raises ValueError for anything else.

from time import gmtime

from base import clock, dates

UNITS = {
    "second": 1,
    "sec": 1,
    "minute": 60,
    "min": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "fortnight": 1209600,
}
MONTHS = {"month": 1, "year": 12}  # units without a fixed length
TIMES_OFF = {"noon": 12, "midnight": 0}
WHICH = {"next": 1, "last": -1, "this": 0}
DAYS_OFF = {"now": 0, "today": 0, "tomorrow": 1, "yesterday": -1}


def parse(text, zone=""):
    """(this port's seconds, nanoseconds) of text, which a clock in the TZ zone shows."""
    text = text.strip()
    if text[:4] == 'TZ="' and '"' in text[4:]:
        zone, _, text = text[4:].partition('"')
        text = text.strip()
    if text[:1] == "@":
        return _since_1970(text[1:])
    whole, _, seconds = text.partition(".")
    if whole.isdigit() and len(whole) in (8, 10, 12):
        try:
            return posix(text, zone), 0
        except ValueError:
            if len(whole) != 8 or seconds:
                raise
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"  # 20261121: no month is a twentieth
    return Words(text, zone).result()


def _since_1970(text):
    whole, dot, part = text.partition(".")
    if not whole.lstrip("-").isdigit() or (dot and not part.isdigit()):
        raise ValueError
    nanos = int((part + "00000000")[:9]) if dot else 0
    seconds = int(whole)
    if nanos and text[0] == "-":
        seconds, nanos = seconds - 1, 1_000_000_000 - nanos
    return dates.from_unix(seconds), nanos


def posix(text, zone, leading_year=False):
    """The seconds of MMDDhhmm[[CC]YY][.SS], as date takes it; leading_year: [[CC]YY]MMDDhhmm[.SS], as touch does."""
    text, dot, second = text.partition(".")
    if not text.isdigit() or len(text) not in (8, 10, 12) or (dot and not (second.isdigit() and len(second) == 2)):
        raise ValueError
    year, rest = (text[:-8], text[-8:]) if leading_year else (text[8:], text[:8])
    year = year or str(gmtime(clock.now() + dates.offset(zone))[0])
    if len(year) == 2:
        year = ("19" if year >= "69" else "20") + year
    return checked([int(year)] + [int(rest[i : i + 2]) for i in (0, 2, 4, 6)] + [int(second or 0)], zone)


def checked(date, zone):
    """The seconds of (year, month, day, hour, minute, second); ValueError where there is no such date."""
    moment = dates.seconds(*date)
    if tuple(gmtime(moment)[:6]) != tuple(date):
        raise ValueError("invalid date")
    return dates.utc(moment, zone)


class Words:
    """What the words of a text say."""

    def __init__(self, text, zone):
        self.zone = zone
        self.date = None  # (year, month, day)
        self.time = None  # (hour, minute, second)
        self.nanos = 0
        self.ahead = None  # seconds ahead of UTC, where the text says so
        self.months = self.days = self.seconds = 0  # to move by
        self.weeks = 0  # after that day of the week: next monday
        self.month = self.day = self.year = self.weekday = None
        words = text.replace(",", " ").split()
        if not words:
            raise ValueError
        at = 0
        while at < len(words):
            at += self.take(words[at], words[at + 1 :])

    def take(self, word, rest):
        """Understand a word, perhaps with the next ones; returns how many."""
        name = word.lower()
        if word in ("+", "-") and rest:  # + 3 days
            return 1 + self.take(word + rest[0].lstrip("+-"), rest[1:])
        day, mark, time = word.partition("T")
        if day.count("-") == 2 and word[:1] != "-":
            self.date = _dashed(day)
            return self.clock(time, rest) if mark else 1
        if ":" in word:
            return self.clock(word, rest)
        if word.count("/") == 2:
            parts = [int(part) for part in word.split("/")]
            self.date = tuple(parts) if parts[0] > 31 else (parts[2], parts[0], parts[1])
            return 1
        if name in DAYS_OFF:
            self.days += DAYS_OFF[name]
            return 1
        if name in TIMES_OFF:
            self.time = [TIMES_OFF[name], 0, 0]
            return 1
        if name in WHICH and rest:
            weekday = _place(dates.DAYS, rest[0].lower())
            if weekday:
                self.weekday, self.weeks = weekday - 1, WHICH[name]
            else:
                self.move(WHICH[name], rest[0])
            return 2
        if name[-2:] in ("am", "pm") and name[:-2].isdigit():
            return self.clock(word, rest)
        if word.lstrip("+-").isdigit():
            if rest and _unit(rest[0]):
                ago = rest[1:2] == ["ago"]
                self.move(-int(word) if ago else int(word), rest[0])
                return 3 if ago else 2
            if word[0] in "+-":
                self.ahead = difference(word)
            elif len(word) > 2 and self.year is None:
                self.year = int(word)
            elif self.day is None:
                self.day = int(word)
            else:
                raise ValueError
            return 1
        if name.isalpha() and (month := _place(dates.MONTHS, name)):
            self.month = month
        elif name.isalpha() and (weekday := _place(dates.DAYS, name)):
            self.weekday = weekday - 1
        else:
            self.zone_name(word)
        return 1

    def clock(self, word, rest):
        """A time: 3:51, 03:51:25.123456789, with am, pm, Z or +0100 behind it."""
        end = 0
        while end < len(word) and (word[end].isdigit() or word[end] in ":.,"):
            end += 1
        behind = word[end:]
        time, _, part = word[:end].partition(".")
        numbers = [int(part) for part in time.split(":")] + [0, 0]
        self.time = numbers[:3]
        self.nanos = int((part + "00000000")[:9]) if part else 0
        used = 1
        if not behind and rest and rest[0].lower() in ("am", "pm"):
            behind, used = rest[0], 2
        if behind.lower() in ("am", "pm"):
            if not 0 < numbers[0] < 13:
                raise ValueError
            self.time[0] = numbers[0] % 12 + (12 if behind.lower() == "pm" else 0)
        elif behind[:1] in ("+", "-"):
            self.ahead = difference(behind)
        elif behind:
            self.zone_name(behind)
        return used

    def zone_name(self, word):
        """A name of a zone: UTC, or what the clock's own has in winter or summer."""
        if word.upper() in ("Z", "UTC", "GMT", "UT"):
            self.ahead = 0
            return
        now = clock.now()
        for when in (now, now + 182 * 86400):
            if word.upper() == dates.zone_name(self.zone, when):
                return  # which of the two it was, the date says
        raise ValueError

    def move(self, count, unit):
        unit = _unit(unit)
        if not unit:
            raise ValueError
        if unit in MONTHS:
            self.months += count * MONTHS[unit]
        elif UNITS[unit] < 86400:
            self.seconds += count * UNITS[unit]
        else:
            self.days += count * UNITS[unit] // 86400

    def result(self):
        now = clock.now()
        today = gmtime(now + (dates.offset(self.zone) if self.ahead is None else self.ahead))
        date = self.date or (self.year or today[0], self.month or today[1], self.day or today[2])
        time = self.time
        if time is None:  # a day begins at midnight; what is only moved keeps the time
            time = today[3:6] if self.date is self.month is self.weekday else (0, 0, 0)
        if self.weekday is not None and not self.date and not self.month:
            ahead = (self.weekday - today[6]) % 7
            self.days += ahead + 7 * (self.weeks - (1 if self.weeks > 0 and ahead else 0))
        if len(date) != 3 or (self.day or self.year) and not self.month:
            raise ValueError
        moment = dates.seconds(*date, *time)
        if tuple(gmtime(moment)[:6]) != tuple(date) + tuple(time):
            raise ValueError("invalid date")
        if self.months:  # a day that the month does not have goes on into the next one
            month = date[0] * 12 + date[1] - 1 + self.months
            moment = dates.seconds(month // 12, month % 12 + 1, 1, *time) + (date[2] - 1) * 86400
        moment += self.days * 86400
        seconds = dates.utc(moment, self.zone) if self.ahead is None else moment - self.ahead
        return seconds + self.seconds, self.nanos


def _unit(word):
    """The name of a unit, without the s of many; None where it is none."""
    name = word.lower()
    name = name[:-1] if name[-1:] == "s" else name
    return name if name in UNITS or name in MONTHS else None


def _dashed(text):
    """(year, month, day) of 2026-11-21 or 21-Nov-2026."""
    first, month, last = text.split("-")
    if not month.isalpha():
        return int(first), int(month), int(last)
    return int(last), _place(dates.MONTHS, month.lower()), int(first)


def difference(text):
    """The seconds of +1, +01, +0100 or +01:00."""
    digits = text[1:].replace(":", "")
    if not digits.isdigit() or len(digits) > 4:
        raise ValueError
    value = int(digits)
    seconds = value * 3600 if len(digits) < 3 else value // 100 * 3600 + value % 100 * 60
    return -seconds if text[0] == "-" else seconds


def _place(names, word):
    """Which of the names a word is or begins (three letters at least), from 1 on; 0 for none."""
    for i, name in enumerate(names.lower().split()):
        if len(word) > 2 and name.startswith(word):
            return i + 1
    return 0


def by_form(text, form, zone):
    """The seconds of text, which is written as a form of strftime says."""
    date = list(gmtime(clock.now() + dates.offset(zone))[:3]) + [0, 0, 0]
    form = form.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d").replace("%D", "%m/%d/%y").replace("%R", "%H:%M")
    at = i = 0
    while i < len(form):
        c = form[i]
        i += 1
        if c in " \t\n":
            while at < len(text) and text[at] in " \t\n":
                at += 1
            continue
        if c != "%":
            if text[at : at + 1] != c:
                raise ValueError
            at += 1
            continue
        c = form[i : i + 1]
        i += 1
        end = at
        if c in "aAbBh":
            while end < len(text) and text[end].isalpha():
                end += 1
            place = _place(dates.DAYS if c in "aA" else dates.MONTHS, text[at:end].lower())
            if not place:
                raise ValueError
            if c in "bBh":
                date[1] = place
            at = end
            continue
        while c == "e" and text[at : at + 1] == " ":
            at += 1
        end = at
        most = 4 if c == "Y" else 20 if c == "s" else 2
        while end < len(text) and text[end].isdigit() and end - at < most:
            end += 1
        value = int(text[at:end])
        at = end
        if c == "s":
            return dates.from_unix(value)
        if c == "y":
            value += 1900 if value > 68 else 2000
        place = "YmdHMS".find("Y" if c == "y" else "d" if c == "e" else c)
        if not c or place < 0:
            raise ValueError
        date[place] = value
    if at < len(text):
        raise ValueError
    return checked(date, zone)
