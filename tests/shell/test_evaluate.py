"""The expressions of test and [ : the same answers as the shell of this computer."""

import os
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shell.onboard import Board, Failed

board = Board(
    """
from process import cpu
from shell import test

class Process:
    cwd = "/"

cpu.current = Process()

def evaluate(*args):
    return test.evaluate(args)
"""
)

TRUE = [
    "x",
    "!",
    "-n x",
    "-n =",
    "-f",
    "a = a",
    "a == a",
    "a != b",
    "a < b",
    "b > a",
    "1 -eq 01",
    "-1 -lt 1",
    "2 -gt 1 -a 1 -le 1",
    "( x )",
    "! ( x -a ( y -a ! z ) -a ! ( w ) -a ! v ) -o x",
    "= = =",
    "( = (",
    "! = !",
    "! ! x",
    "-e / -a -d / -a ! -f /",
]


@pytest.mark.parametrize("words", TRUE)
def test_true(words):
    assert board.call("evaluate", *words.split()) is True


FALSE = ["", "! x", "-n ", "a = b", "1 -eq 2", "-d /nosuch", "x -a -f /", "( ! x )", "! x -o ! y", "-h /", "/ -nt /"]


@pytest.mark.parametrize("words", FALSE)
def test_false(words):
    assert board.call("evaluate", *words.split(" ")) is False


WRONG = ["( x", "x y", "x -a", "1 -eq x", "1 -eq 1.5", "x )", "a = b c", "( )  x", "! ( x", "-n x y"]


@pytest.mark.parametrize("words", WRONG)
def test_what_makes_no_sense_is_refused(words):
    with pytest.raises(Failed):
        board.call("evaluate", *words.split())


def test_deep_nesting_needs_no_stack():
    deep = 300
    assert board.call("evaluate", *["("] * deep, "x", *[")"] * deep) is True
    assert board.call("evaluate", *["!"] * (2 * deep), "x") is True


PLAIN = st.sampled_from(["a", "b", "1", "2", "10"])
PRIMARY = st.one_of(
    st.tuples(PLAIN),
    st.tuples(st.sampled_from(["-n", "-z"]), PLAIN),
    st.tuples(PLAIN, st.sampled_from(["=", "!="]), PLAIN),
    st.tuples(st.sampled_from("12"), st.sampled_from(["-eq", "-ne", "-lt", "-ge"]), st.sampled_from(["1", "2"])),
).map(list)


def combine(children):
    return st.one_of(
        children.map(lambda child: ["!", "(", *child, ")"]),
        children.map(lambda child: ["(", *child, ")"]),
        st.tuples(children, st.sampled_from(["-a", "-o"]), children).map(lambda t: [*t[0], t[1], *t[2]]),
    )


@settings(max_examples=200)
@given(st.recursive(PRIMARY, combine, max_leaves=6))
def test_as_the_shell_of_this_computer(words):
    expected = subprocess.run(["bash", "-c", 'test "$@"', "test", *words], capture_output=True).returncode
    if expected < 2:
        assert board.call("evaluate", *words) is (expected == 0)


@given(st.lists(st.sampled_from(["!", "(", ")", "-a", "-o", "=", "-n", "-f", "-eq", "x", "1", ""]), max_size=8))
def test_any_words_end_in_an_answer_or_a_sentence(words):
    board.survives("evaluate", *words)


FILES = [
    ("-e {}/empty", True),
    ("-f {}/empty", True),
    ("-r {}/empty", True),
    ("-s {}/full.sh", True),
    ("-x {}/full.sh", True),
    ("-x {}/script", True),
    ("-x {}", True),
    ("-d {}", True),
    ("{}/empty -ef {}/./empty", True),
    ("{}/script -nt {}/old", True),
    ("{}/old -ot {}/script", True),
    ("{}/script -nt {}/nosuch", True),
    ("{}/nosuch -nt {}/script", False),
    ("-s {}/empty", False),
    ("-x {}/empty", False),
    ("-d {}/empty", False),
    ("-f {}", False),
    ("-e {}/nosuch", False),
]


@pytest.mark.parametrize(("words", "truth"), FILES)
def test_files(tmp_path, words, truth):
    (tmp_path / "empty").touch()
    (tmp_path / "old").touch()
    os.utime(tmp_path / "old", (1000, 1000))
    (tmp_path / "full.sh").write_text("x")
    (tmp_path / "script").write_text("#!/bin/sh\n")
    assert board.call("evaluate", *words.replace("{}", str(tmp_path)).split()) is truth
