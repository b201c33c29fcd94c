"""Valid and invalid time zones."""

import pytest
from harness import ROOT

from shell.onboard import Board

board = Board(
    """
from base import zones

def fault(zone):
    return zones.fault(zone)
"""
)

GOOD = (
    "0 1 -3.5 +2 5:30 24 UTC GMT UTC0 CET-1 EST5 <+0530>-5:30 <-03>3<-02>,M3.5.0/-2,M10.5.0/-1 EST5EDT,M3.2.0,M11.1.0 "
    "CET-1CEST,M3.5.0,M10.5.0/3 IST-1GMT0,M10.5.0,M3.5.0/1 AAA0BBB,J60/0,59 EET-2EEST,M4.5.5/0,M10.5.4/24 Europe/Berlin "
    ":Europe/Berlin Etc/UTC America/Argentina/Buenos_Aires"
).split()

BAD = {
    "Europe/Berlim": "none of the places that are known",
    "/": "none of the places",
    "Berlin": "the hours from UTC are missing",
    "CET": "the hours from UTC are missing",
    "x": "three letters",
    "<+01": "the hours from UTC are missing",
    "26": "no hours",
    "1:70": "no hours",
    "--1": "no hours",
    "1+": "no hours",
    "1.": "no hours",
    ":": "no hours",
    " ": "no hours",
    "CET-25": "-25 is no time",
    "CET-1:30:30": "is no time",
    "CET-1CEST": "when CEST begins and ends is missing",
    "CET-1CEST,M3.5.0": "the day on which summer time begins and the one on which it ends",
    "CET-1CEST,M3.5.0,M10.5.0,M11.1.0": "the day on which",
    "CET-1CEST,M13.5.0,M10.5.0": "M13.5.0 is no day",
    "CET-1CEST,M3.5,M10.5.0": "M3.5 is no day",
    "CET-1CEST,M3.5.0,M10.5.0/x": "x is no time",
    "CET-1CEST,M3.5.0,M10.5.0/200": "200 is no time",
    "CET-1CEST,J0,J10": "J0 is no day",
    "CET-1CEST,1,366": "366 is no day",
    "CET-1CEST,,": "is no day",
    "CET-1,M3.5.0,M10.5.0": "three letters",
    "1,2": "three letters",
}


@pytest.mark.parametrize("zone", [*GOOD, "", 1, -3.5])
def test_a_time_zone(zone):
    assert board.call("fault", zone) == ""


@pytest.mark.parametrize("zone", BAD)
def test_no_time_zone(zone):
    said = board.call("fault", zone)
    assert said.startswith(zone + " is no") and BAD[zone] in said


def test_all_rules_of_the_table_of_places():
    rules = {line.split()[1] for line in (ROOT / "lib/base/zones.txt").read_text().splitlines() if line[:1] != "#"}
    assert len(rules) > 50
    assert [rule for rule in sorted(rules) if board.call("fault", rule)] == []
