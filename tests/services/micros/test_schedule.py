"""When entries of crontasks are due, against Python's time zones, and sunrise against an almanac."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board

board = Board(
    """
from services.micros import schedule, sun

def due(text, after, zone, count, place=None):
    entry = schedule.Entry(text)
    found = []
    for _ in range(count):
        after = entry.next(after, zone, place)
        if after is None:
            break
        found.append(after)
    return found

def times(*args):
    return [round(t) if isinstance(t, float) else t for t in sun.times(*args)]

def split(text):
    found, wrong = schedule.entries(text)
    return [entry.call for entry in found], wrong
"""
)
ZONES = ("UTC0", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Adelaide")
FIELD = st.none() | st.integers(0, 59)


@pytest.fixture(scope="module", autouse=True)
def running():
    board.start()
    yield
    board.stop()


def call(name, *args):
    kind, value = board.calls(name, [list(args)])[0]
    return value if kind == "value" else f"{kind} {value}"


def at(text, zone="UTC"):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def shown(seconds, zone):
    return dt.datetime.fromtimestamp(seconds, ZoneInfo(zone)).strftime("%a %H:%M:%S")


@pytest.mark.parametrize(
    "entry, expected",
    [
        ("*:7:30:0", ["Wed 07:30:00", "Thu 07:30:00", "Fri 07:30:00"]),
        ("*:*:0:5", ["Tue 12:00:05", "Tue 13:00:05", "Tue 14:00:05"]),
        ("0-4:23:59:59", ["Tue 23:59:59", "Wed 23:59:59", "Thu 23:59:59"]),
        ("5-1:0:0:0", ["Sat 00:00:00", "Sun 00:00:00", "Mon 00:00:00"]),
        ("6:12:0:0", ["Sun 12:00:00", "Sun 12:00:00", "Sun 12:00:00"]),
        ("*:*:*:*", ["Tue 12:00:00", "Tue 12:00:01", "Tue 12:00:02"]),
        ("1:12:0:*", ["Tue 12:00:00", "Tue 12:00:01", "Tue 12:00:02"]),
    ],
)
def test_entries(entry, expected):
    found = call("due", entry + "!x", at("2026-11-24T11:59:59", "Europe/Berlin"), "Europe/Berlin", 3)
    assert [shown(each, "Europe/Berlin") for each in found] == expected


def test_summer_time():
    """2:30 does not exist on the day it begins, and exists twice on the day it ends."""
    berlin = "Europe/Berlin"
    found = call("due", "*:2:30:0!x", at("2026-03-28T12:00:00", berlin), berlin, 2)
    assert [shown(each, berlin) for each in found] == ["Sun 03:00:00", "Mon 02:30:00"]
    found = call("due", "*:2:30:0!x", at("2026-10-24T12:00:00", berlin), berlin, 2)
    assert [shown(each, berlin) for each in found] == ["Sun 02:30:00", "Mon 02:30:00"]
    assert found[1] - found[0] == 25 * 3600
    found = call("due", "*:*:30:0!x", at("2026-10-25T01:00:00", berlin), berlin, 4)
    assert [shown(each, berlin) for each in found] == ["Sun 01:30:00", "Sun 02:30:00", "Sun 02:30:00", "Sun 03:30:00"]


@given(
    st.integers(0, 6) | st.none(),
    st.integers(0, 23) | st.none(),
    FIELD,
    FIELD,
    st.integers(at("2026-01-01T00:00:00"), at("2027-12-31T00:00:00")),
    st.sampled_from(ZONES),
)
def test_the_next_time_has_the_fields_and_none_before_it_does(day, hour, minute, second, after, zone):
    entry = ":".join(["*" if field is None else str(field) for field in (day, hour, minute, second)])
    found = call("due", entry + "!x", after, zone, 1)[0]
    place = ZoneInfo("UTC" if zone == "UTC0" else zone)
    when = dt.datetime.fromtimestamp(found, place)
    wanted = (day, hour, minute, second)
    changed = dt.datetime.fromtimestamp(found - 1, place).utcoffset() != when.utcoffset()
    fields = (when.weekday(), when.hour, when.minute, when.second)
    assert changed or all(w in (None, f) for w, f in zip(wanted, fields, strict=True))
    for back in (1, 60, 3600, 86400):  # fields that a day before, for instance, would have met as well
        earlier = dt.datetime.fromtimestamp(found - back, place)
        if found - back > after and not changed and when.utcoffset() == earlier.utcoffset():
            fields = (earlier.weekday(), earlier.hour, earlier.minute, earlier.second)
            repeated = dt.datetime.fromtimestamp(found - back - 3600, place).utcoffset() != earlier.utcoffset()
            assert repeated or not all(w in (None, f) for w, f in zip(wanted, fields, strict=True))


def test_what_is_no_entry():
    assert call("split", "*:1:2:3!a b;sunset-30!c d;x; *:25:0:0!e;1:2:3!f;*:1:2:3!") == [
        ["a b", "c d"],
        ["expected TIME!CALL: x", "invalid field: 25", "expected WD:H:M:S: 1:2:3", "expected TIME!CALL: *:1:2:3!"],
    ]
    assert call("split", "*:1:2:3!a b;c d;;*:2:0:0!e f")[0] == ["a b;c d", "e f"]
    assert call("split", "n/a") == [[], []]


# Minutes after midnight UTC, as almanacs have them: London, Quito, Adelaide, Tromso.
@pytest.mark.parametrize(
    "day, days, place, expected",
    [
        (172, 365, (51.5, -0.12), [223, 1221]),  # June 21: 03:43, 20:21
        (355, 365, (51.5, -0.12), [483, 953]),  # December 21: 08:03, 15:53
        (80, 365, (-0.22, -78.5), [678, 1405]),  # March 21: 11:18, 23:25
        (1, 365, (-34.93, 138.6), [-265, 602]),  # January 1: 06:05, 20:32 of UTC+10:30
        (172, 365, (69.65, 18.96), ["up"]),
        (355, 365, (69.65, 18.96), ["down"]),
    ],
)
def test_sunrise_and_sunset(day, days, place, expected):
    found = call("times", day, days, *place)
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        assert mine == theirs if isinstance(theirs, str) else abs(mine - theirs) <= 2, (found, expected)


def test_entries_of_the_sun():
    zone = "Australia/Adelaide"
    found = call("due", "sunrise!x", at("2026-01-01T00:00:00", zone), zone, 3, [-34.93, 138.6])
    days = [dt.datetime.fromtimestamp(each, ZoneInfo(zone)).strftime("%d %H") for each in found]
    assert days == ["01 06", "02 06", "03 06"]
    evening = call("due", "sunset+30!x", found[0], zone, 1, [-34.93, 138.6])
    assert evening[0] - call("due", "sunset!x", found[0], zone, 1, [-34.93, 138.6])[0] == 1800
    assert call("due", "sunrise!x", at("2026-06-21T00:00:00"), "UTC0", 1, [78.2, 15.6]) == []
    assert call("due", "sunrise!x", 0, "UTC0", 1) == []
