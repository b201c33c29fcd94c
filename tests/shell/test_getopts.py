"""getopts, one option at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board

board = Board(
    """
from shell.builtins.options import settle, step
def options(optstring, args):
    optind = 1
    offset = 0
    out = []
    while len(out) < 1000:
        letter, optarg, optind, offset = step(optstring, args, optind, offset)
        if letter is None:
            break
        out.append([letter, optarg])
    return out, optind
"""
)

CASES = [
    ("a:", [], [], 1),
    ("ab", ["-a"], [["a", None]], 2),
    ("ab", ["-ab", "x"], [["a", None], ["b", None]], 2),
    ("ab:", ["-abfoo"], [["a", None], ["b", "foo"]], 2),
    ("hc:", ["-h", "-c", "foo", "x", "y"], [["h", None], ["c", "foo"]], 4),
    ("c:", ["-c10"], [["c", "10"]], 2),
    ("c:", ["-c", ""], [["c", ""]], 3),
    ("c:", ["-c", "--", "--"], [["c", "--"]], 4),
    ("c:", ["-c"], [[":", "c"]], 2),
    ("hc:", ["-h", "-x", "-h"], [["h", None], ["?", "x"], ["h", None]], 4),
    ("h", ["-xh"], [["?", "x"], ["h", None]], 2),
    ("hc:", ["-h", "-"], [["h", None]], 2),
    ("hc:", ["x", "-h"], [], 1),
    ("a", ["-a", "--", "-c"], [["a", None]], 3),
    (":a:", ["-a"], [[":", "a"]], 2),
    (":a", ["-:"], [["?", ":"]], 2),
    ("a:", ["-:"], [["?", ":"]], 2),
]


@pytest.mark.parametrize("optstring, args, found, optind", CASES)
def test_options_are_found_in_turn(optstring, args, found, optind):
    assert board.call("options", optstring, args) == [found, optind]


def test_a_changed_optind_and_a_shorter_list_are_no_trouble():
    assert board.call("step", "a", ["-a"], 0, 0) == ["a", None, 2, 0]
    assert board.call("step", "a", ["-a"], 9, 0) == [None, None, 9, 0]
    assert board.call("step", "ab", ["-a"], 1, 7) == ["a", None, 2, 0]


SETTLED = [
    ("a", "a", None, ["a", None, ""]),
    ("a:", "a", "x", ["a", "x", ""]),
    ("a", "?", "x", ["?", None, "x: invalid option"]),
    ("a:", ":", "a", ["?", None, "a: option requires an argument"]),
    (":a", "?", "x", ["?", "x", ""]),
    (":a:", ":", "a", [":", "a", ""]),
    ("a", None, None, ["?", None, ""]),
]


@pytest.mark.parametrize("optstring, letter, optarg, expected", SETTLED)
def test_errors_have_a_message_unless_a_colon_begins_the_options(optstring, letter, optarg, expected):
    assert board.call("settle", optstring, letter, optarg) == expected


@given(st.text("ab:?-"), st.lists(st.text("ab:-x?", max_size=4), max_size=5))
def test_every_list_comes_to_an_end(optstring, args):
    found, optind = board.call("options", optstring, args)
    assert len(found) < 50
    assert 1 <= optind <= len(args) + 1
