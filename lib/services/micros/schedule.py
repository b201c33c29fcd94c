# The entries of the setting crontasks, WD:H:M:S!CALL or sunrise+MINUTES!CALL, and when each is due.
#
# Fields are numbers or *; the day of the week is 0 for Monday and may be a range, which wraps (5-1). Entries are separated by
# semicolons, or by ;; where each has several calls. Times are local. What a change to summer time skips is due when it is over,
# and what the change back repeats is due the first time.

from time import gmtime, mktime

from base import dates
from services.micros import sun

_DAY = 86400
_AHEAD = 8 * _DAY  # how far the next time is looked for
_LIMITS = (23, 59, 59)  # of hour, minute and second


class Entry:
    """One entry: fields is (days of the week, hour, minute, second), or tag is sunrise or sunset."""

    def __init__(self, text):
        """ValueError for what is none."""
        when, mark, self.call = text.strip().partition("!")
        if not mark or not self.call.strip():
            raise ValueError("expected TIME!CALL: " + text)
        self.tag = ""
        for tag in ("sunrise", "sunset"):
            if when.strip().startswith(tag):
                rest = when.strip()[len(tag) :]
                self.tag = tag
                self.offset = int(rest or "0") * 60
                return
        parts = when.strip().split(":")
        if len(parts) != 4:
            raise ValueError("expected WD:H:M:S: " + when)
        days, *rest = parts
        first, dash, last = days.partition("-")
        first, last = number(first, 6), number(last if dash else first, 6)
        self.days = None if first is None else first, last
        self.fields = [number(rest[i], _LIMITS[i]) for i in range(3)]

    def on(self, weekday):
        first, last = self.days
        if first is None:
            return True
        return first <= weekday <= last if first <= last else not last < weekday < first

    def next(self, after, zone, place):
        """The first second after a moment at which the entry is due, in this port's seconds; None within eight days."""
        if self.tag:
            return self.next_sun(after, zone, place)
        hour, minute, second = self.fields
        t = after + 1
        end = after + _AHEAD
        while t < end:
            ahead = dates.offset(zone, t)
            _, _, _, h, m, s, weekday, *_ = gmtime(t + ahead)
            if not self.on(weekday):
                t = self.step(t, _DAY - (h * 3600 + m * 60 + s), zone, ahead)
            elif hour not in (None, h):
                t = self.step(t, 3600 - (m * 60 + s), zone, ahead)
                skipped = dates.offset(zone, t) - ahead
                if skipped > 0 and h < hour <= h + skipped // 3600:  # summer time begins
                    return t
            elif hour is not None and dates.offset(zone, t - 3600) - ahead == 3600:  # for the second time
                t += 3600 - (m * 60 + s)
            elif minute not in (None, m):
                t += 60 - s
            elif second not in (None, s):
                t += 1
            else:
                return t
        return None

    def step(self, t, seconds, zone, ahead):
        """A later moment, or that at which the local time changes before it."""
        later = t + seconds
        if dates.offset(zone, later) == ahead:
            return later
        low, high = t, later
        while high - low > 1:
            middle = (low + high) // 2
            if dates.offset(zone, middle) == ahead:
                low = middle
            else:
                high = middle
        return high

    def next_sun(self, after, zone, place):
        if not place:
            return None
        day = mktime(gmtime(after + dates.offset(zone, after))[:3] + (0, 0, 0, 0, 0)) - _DAY
        for _ in range(_AHEAD // _DAY + 1):
            year, _, _, _, _, _, _, number = gmtime(day)[:8]
            found = sun.times(number, 366 if year % 4 == 0 else 365, *place)
            if len(found) > 1:
                t = day + int(found[self.tag == "sunset"] * 60) + self.offset
                if t > after:
                    return t
            day += _DAY
        return None


def number(text, most):
    """The number in a field, None for *; ValueError."""
    text = text.strip()
    if text == "*":
        return None
    if not text.isdigit() or int(text) > most:
        raise ValueError("invalid field: " + text)
    return int(text)


def entries(text):
    """The entries in a setting, and what is wrong with others: ([Entry], [sentence])."""
    found, wrong = [], []
    for part in text.split(";;" if ";;" in text else ";"):
        if part.strip() and part.strip() != "n/a":
            try:
                found.append(Entry(part))
            except ValueError as e:
                wrong.append(str(e))
    return found, wrong
