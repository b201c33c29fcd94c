"""Dates as text, time zones and the uptime."""

import time
from datetime import datetime, timezone

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

def offset(zone):
    return dates.offset(zone)

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


@settings(max_examples=300, deadline=None)
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
    ("CET-1CEST,M3.5.0,M10.5.0/3", 3600),
    ("EST5EDT", -18000),
    ("<+0530>-5:30", 19800),
    ("Europe/Berlin", 0),
    ("99", 0),
    ("x;y", 0),
]


@pytest.mark.parametrize(("zone", "seconds"), ZONES)
def test_zone(zone, seconds):
    assert board.call("offset", zone) == seconds


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
