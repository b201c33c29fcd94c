"""The arguments of Load Modules: values as Python has them, and nothing that runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board

board = Board(
    """
from services.micros import values

def parsed(text):
    found, named = values.arguments(text)
    return [repr(value) for value in found], sorted([(name, repr(named[name])) for name in named])

def again(words):
    found, named = values.arguments(" ".join([values.quoted(word) for word in words]))
    return found, named
"""
)

SIMPLE = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=12)
VALUES = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=4), max_leaves=8)


def parsed(text):
    kind, value = board.calls("parsed", [[text]])[0]
    return value if kind == "value" else f"{kind} {value}"


@pytest.fixture(scope="module", autouse=True)
def running():
    board.start()
    yield
    board.stop()


@pytest.mark.parametrize(
    "text, values",
    [
        ("", []),
        ("255 0 0", ["255", "0", "0"]),
        ("1,2, 3", ["1", "2", "3"]),
        ("0x10 -1 +2 1.5 -.5 1e3", ["16", "-1", "2", "1.5", "-0.5", "1000.0"]),
        ("True False None", ["True", "False", "None"]),
        ("true nan 1+1 a.b", ["'true'", "'nan'", "'1+1'", "'a.b'"]),
        ("\"two words\" 'it''s'", "error ValueError: invalid syntax: 's'"),
        (r'"a\"b\n" ' + "'\"'", ["'a\"b\\n'", "'\"'"]),
        ("[1, 2] [1 2] [] [[1], 'x y']", ["[1, 2]", "[1, 2]", "[]", "[[1], 'x y']"]),
        ("(1, 2) (1) (1,) ()", ["(1, 2)", "1", "(1,)", "()"]),
        ("{'a': 1, 'b': [2]}", ["{'a': 1, 'b': [2]}"]),
        ("__import__('os')", ["\"__import__('os')\""]),
        ('"open', "error ValueError: unterminated string"),
        ("[1, 2", "error ValueError: missing ]"),
        ("[1)", "error ValueError: invalid syntax: )"),
        ("{'a'}", "error ValueError: expected KEY: VALUE"),
        ("x=1 2", "error ValueError: a value follows one with a name"),
        ("x=1 x=2", "error ValueError: x: given twice"),
        ("[" * 7 + "]" * 7, "error ValueError: nested too deeply"),
        ("1 " * 65, "error ValueError: more than 64 arguments"),
    ],
)
def test_arguments(text, values):
    found = parsed(text)
    assert (found if isinstance(found, str) else found[0]) == values


def test_arguments_with_names():
    assert parsed('1 speed=-3 text="two words" l=[1 2] x==1') == "error ValueError: a value follows one with a name"
    assert parsed("1 speed=-3 text='two words' l=[1 2]") == [
        ["1"],
        [["l", "[1, 2]"], ["speed", "-3"], ["text", "'two words'"]],
    ]


@given(st.lists(VALUES, max_size=5))
def test_what_python_writes_is_read(values):
    text = " ".join([repr(value) for value in values])
    kind, found = board.calls("again", [[[text] if len(text) > 0 and not values else []]])[0]
    assert kind == "value"
    found = parsed(text)
    assert not isinstance(found, str), (text, found)
    assert [eval(each) for each in found[0]] == values


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=10), max_size=5))
def test_words_of_the_shell_stay_what_they_are(words):
    words = ["w" + word.replace("=", "-") for word in words]
    assert board.calls("again", [[words]])[0] == ["value", [words, {}]]


@given(st.text("[](){}'\"\\,:= \t\nabc019-+.x", max_size=30))
def test_anything_else_is_an_error_of_one_kind(text):
    found = parsed(text)
    assert not isinstance(found, str) or found.startswith("error ValueError: "), found
