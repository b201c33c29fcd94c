"""Dates as text, time zones and the uptime."""

import time
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shell.onboard import Board

board = Board(
    """
from base import clock, dates
import base

def strftime(form, when, zone=""):
    return dates.strftime(form, when, zone)

def offset(zone, when=None):
    return dates.offset(zone, when)

def utc(when, zone):
    return dates.utc(when, zone)

def seconds(*date):
    return dates.seconds(*date)

def up(real_ms, clock_ahead, period):
    "The uptime after real_ms, on a board whose ticks go round after period, when the clock has been set ahead."
    clock.ticks_ms = lambda: (real_ms + 12345) % period
    clock.ticks_add = lambda a, b: (a + b) % period
    clock.ticks_diff = lambda a, b: (a - b + period // 2) % period - period // 2
    clock.now = lambda: 1000 + real_ms // 1000 + clock_ahead
    base.started = (1000, 12345)
    return clock.uptime()
"""
)

LETTERS = "aAbBCdDeFgGhHIjmMnprRsStTuUVwWxXyYzc%"
MOMENTS = [0, 1, 951782400, 1709164800, 1735689599, 1735689600, 1798761599, 1793763085, 2000000000]
DAY = 86400


@pytest.mark.parametrize("letter", LETTERS)
def test_each_letter_writes_what_posix_says(letter):
    for when in MOMENTS:
        moment = datetime.fromtimestamp(when, timezone.utc)
        expected = str(when) if letter == "s" else moment.strftime("%" + letter)
        assert board.call("strftime", "%" + letter, when) == expected, when


@settings(max_examples=300)
@given(st.integers(0, 4000 * 365 * DAY // 100))
def test_weeks_and_days_are_those_of_the_calendar(when):
    form = "%a %j %U %V %W %G %g %u %w"
    assert board.call("strftime", form, when) == time.strftime(form, time.gmtime(when))


def test_text_around_the_letters_stays():
    when = 1793763085
    assert board.call("strftime", "100%% of %Y, %", when) == "100% of 2026, %"
    assert board.call("strftime", "%Q and é%", when) == "%Q and é%"
    assert board.call("strftime", "", when) == ""


def test_upyos_form():
    assert board.call("strftime", "%a %d/%b/%Y %H:%M:%S", 1795233085) == "Sat 21/Nov/2026 03:51:25"


ZONES = [
    (None, 0),
    ("", 0),
    ("0", 0),
    (1, 3600),
    ("1", 3600),
    ("-3.5", -12600),
    ("5:30", 19800),
    ("-9:30", -34200),
    ("UTC", 0),
    ("CET-1", 3600),
    ("EST5EDT", -18000),
    ("<+0530>-5:30", 19800),
    ("Asia/Tokyo", 32400),
    ("Europe/Nowhere", 0),
    ("A1B,x,y", -3600),
    ("A1B,M13.1.0,M3.9.9", -3600),
    ("99", 0),
    ("x;y", 0),
]


@pytest.mark.parametrize(("zone", "seconds"), ZONES)
def test_zone(zone, seconds):
    assert board.call("offset", zone) == seconds


PLACES = (
    "Europe/Berlin Europe/Dublin America/New_York America/Argentina/Buenos_Aires Australia/Lord_Howe Asia/Gaza"
    " Pacific/Chatham America/Santiago Africa/Cairo Etc/UTC"
).split()


@settings(max_examples=100)
@given(st.sampled_from(PLACES), st.integers(1798761600, 2000000000))
def test_places_have_their_daylight_saving(place, when):
    moment = datetime.fromtimestamp(when, ZoneInfo(place))
    assert board.call("offset", place, when) == moment.utcoffset().total_seconds()
    assert board.call("strftime", "%F %T %z", when, place) == moment.strftime("%F %T %z")


def test_the_hour_of_a_change():
    berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
    for when, text in ((1806195599, "01:59:59 CET"), (1806195600, "03:00:00 CEST"), (1824944400, "02:00:00 CET")):
        assert board.call("strftime", "%T %Z", when, berlin) == text
    assert board.call("strftime", "%T %Z", 1824944399, "Europe/Berlin") == "02:59:59 CEST"
    assert board.call("utc", 1806195600 + 7200, berlin) == 1806195600


@pytest.mark.parametrize(("rule", "day"), [("J60", 60), ("J59", 58), ("59", 59)])
def test_a_rule_may_count_days(rule, day):
    begin = 1830297600  # 2028, a leap year
    zone = f"A0B,{rule}/0,M12.1.0"
    assert [board.call("offset", zone, begin + day * DAY + s) for s in (-1, 0)] == [0, 3600]


def test_zone_moves_the_date():
    assert board.call("strftime", "%F %T %z %Z", 1798761599, "1") == "2027-01-01 00:59:59 +0100 +0100"
    assert board.call("strftime", "%F %H %Z", 1798761600, "EST5EDT") == "2026-12-31 19 EST"


@pytest.mark.parametrize("when", MOMENTS)
def test_seconds_of_a_date(when):
    moment = datetime.fromtimestamp(when, timezone.utc)
    date = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    assert board.call("seconds", *date) == when


PERIOD = 1 << 30  # milliseconds after which a board's ticks go round: 12.4 days


@pytest.mark.parametrize("days", [0, 1, 6, 7, 12, 13, 40, 400])
def test_uptime_counts_beyond_the_ticks(days):
    assert board.call("up", days * DAY * 1000 + 5000, 0, PERIOD) == days * DAY + 5


@pytest.mark.parametrize("ahead", [3600, 10 * DAY, 26 * 365 * DAY, -3600])
def test_uptime_does_not_follow_a_clock_that_was_set(ahead):
    assert board.call("up", 7_200_000, ahead, PERIOD) == 7200
