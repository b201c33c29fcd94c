"""Brace expansion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board, Failed

board = Board("from shell.brace import expand")

CASES = [
    ("plain", "plain"),
    ("{foo}", "{foo}"),
    ("{}", "{}"),
    ("a{b,c}d", "abd acd"),
    ("{x}_{a,b}", "{x}_a {x}_b"),
    ("{a,b}}", "a} b}"),
    ("{{a,b}", "{a {b"),
    ("{a,b", "{a,b"),
    ("{a,b}_{c,d}", "a_c a_d b_c b_d"),
    ("x{,y}", "x xy"),
    ("-{A,={a,b}=,B}-", "-A- -=a=- -=b=- -B-"),
    ("-{A,={a,.{x,y}.,b}=,B}-", "-A- -=a=- -=.x.=- -=.y.=- -=b=- -B-"),
    ("-{A,={a,b}{c,d}=,B}-", "-A- -=ac=- -=ad=- -=bc=- -=bd=- -B-"),
    ("{{a,b},{c,d}}", "a b c d"),
    ("{a{b,c}}", "{ab} {ac}"),
    ("-{a,b}{1...3}-", "-a{1...3}- -b{1...3}-"),
    ("-{a,{1...3}}-", "-a- -{1...3}-"),
    ("{a,b}{}", "a{} b{}"),
    ("{a\\,b,c}", "a\\,b c"),
    ("\\{a,b}", "\\{a,b}"),
    ("{a,b\\}", "{a,b\\}"),
    ("${a,b}{c,d}", "${a,b}c ${a,b}d"),
    ("{a,${b,c}}", "a ${b,c}"),
    ("{é,ü}x", "éx üx"),
    ("{1..5}", "1 2 3 4 5"),
    ("{5..1..2}", "5 3 1"),
    ("{1..5..-2}", "1 3 5"),
    ("{1..3..0}", "1 2 3"),
    ("{-2..2}", "-2 -1 0 1 2"),
    ("{01..10..3}", "01 04 07 10"),
    ("{-05..5..5}", "-05 000 005"),
    ("{1..1}", "1"),
    ("{a..e..2}", "a c e"),
    ("{c..a}", "c b a"),
    ("{a..1}", "{a..1}"),
    ("{1..}", "{1..}"),
    ("{1..2..x}", "{1..2..x}"),
    ("{1..{2,3}}", "{1..2} {1..3}"),
    ("f{1..2}{a,b}", "f1a f1b f2a f2b"),
]


@pytest.mark.parametrize("word, expected", CASES)
def test_word(word, expected):
    assert board.call("expand", word) == expected.split(" ")


def test_empty_words_are_kept():
    assert board.call("expand", "{X,,Y,}") == ["X", "", "Y", ""]


def test_what_lies_between_two_cases_is_quoted():
    assert board.call("expand", "{Z..a}") == ["Z", "\\[", "\\\\", "\\]", "\\^", "\\_", "\\`", "a"]


LIMITS = [
    "{1..9999999}",
    "{1..999999999999999999999}",
    "{1..2}" * 20,
    "{a,b}" * 600,
    "{,}" * 1000,
    "{a," * 1000 + "b" + "}" * 1000,
    "{" * 3000 + "," + "}" * 3000,
]


@pytest.mark.parametrize("word", LIMITS, ids=[word[:12] for word in LIMITS])
def test_number_of_words_has_a_limit(word):
    if word == "{1..999999999999999999999}":
        assert board.call("expand", word) == [word]
    else:
        with pytest.raises(Failed, match="too many words|too long"):
            board.call("expand", word)


@given(st.text("ab{},.\\$1é-", max_size=40) | st.text())
def test_any_word_is_expanded_or_left(word):
    board.survives("expand", word)


@given(st.lists(st.lists(st.text("abé", max_size=3), min_size=2, max_size=3), min_size=1, max_size=4))
def test_several_braces_are_all_combinations(choices):
    expected = [""]
    for words in choices:
        expected = [head + word for head in expected for word in words]
    word = "".join("{" + ",".join(words) + "}" for words in choices)
    assert board.call("expand", word) == expected
