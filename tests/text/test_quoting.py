"""$'...' and quoting for output."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board

board = Board("from text.quoting import ansi_c, quote; codes = lambda text: [ord(c) for c in ansi_c(text)]")

ESCAPES = [
    ("plain", "plain"),
    (r"a\tb\nc", "a\tb\nc"),
    (r"\a\b\e\E\f\r\v", "\a\b\x1b\x1b\f\r\v"),
    (r"\\\'\"\?", "\\'\"?"),
    (r"\x41\x4", "A\x04"),
    (r"\x4g\xg", "\x04g\\xg"),
    (r"\101\1012\7", "AA2\x07"),
    (r"\u263a\u41z", "☺Az"),
    (r"\U0001f600", "😀"),
    (r"\uD800\U99999999", "\ufffd\ufffd"),
    (r"\ca\cA\c?", "\x01\x01\x7f"),
    (r"\xe2\x98\xa0", "☠"),
    (r"\q\8", r"\q\8"),
    ("end\\", "end\\"),
    ("\\é", "\\é"),
]


@pytest.mark.parametrize("text, expected", ESCAPES)
def test_escape(text, expected):
    assert board.call("ansi_c", text) == expected


def test_a_byte_that_is_no_utf8_becomes_a_character_of_its_own():
    assert board.call("codes", r"é\xffé") == [0xE9, 0xDCFF, 0xE9]


QUOTED = [
    ("", "''"),
    ("abc/d-e_f.g", "abc/d-e_f.g"),
    ("a b", "'a b'"),
    ("it's", "'it'\\''s'"),
    ("$x", "'$x'"),
    ("~", "'~'"),
    ("a=b", "'a=b'"),
    ("\n", "'\n'"),
    ("#", "'#'"),
    ("é", "'é'"),
]


@pytest.mark.parametrize("text, expected", QUOTED)
def test_quote(text, expected):
    assert board.call("quote", text) == expected


@given(st.text())
def test_what_is_quoted_is_read_back(text):
    assert shlex.split(board.call("quote", text)) == [text]


@given(st.text() | st.text("\\xuU0123c?e'7fé"))
def test_any_text_has_a_meaning(text):
    board.survives("ansi_c", text)
