"""$((...)): the arithmetic of C on 64-bit integers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board, Failed

board = Board(
    """
from shell.arith import quick
from shell.expression import evaluate
def count(text, variables):
    short = quick(text, variables.get)
    value = evaluate(text, variables.get, variables.__setitem__)
    assert short is None or short == value
    return [value, variables]
"""
)

VALUES = [
    ("", 0),
    (" \t\n", 0),
    ("1", 1),
    ("i+1", 6),
    ("i + 1", 6),
    ("j - i", 2),
    ("unset+1", 1),
    ("1+2*3", 7),
    ("(1+2)*3", 9),
    ("10-4-3", 3),
    ("-7/2", -3),
    ("-7%3", -1),
    ("7%-3", 1),
    ("10 / -3", -3),
    ("2**3**2", 512),
    ("-2**2", 4),
    ("3 ** 0", 1),
    ("1<<4>>2", 4),
    ("8>>1+1", 2),
    ("6&3|8^1", 11),
    ("1|2==2", 1),
    ("1<2", 1),
    ("2<=2", 1),
    ("3==3!=1", 0),
    ("!5", 0),
    ("!0", 1),
    ("~5", -6),
    ("- - 5", 5),
    ("--5", 5),
    ("1++2", 3),
    ("!-~1", 0),
    ("2&&3", 1),
    ("0||7", 1),
    ("0&&1/0", 0),
    ("1||1/0", 1),
    ("0&&(1||1/0)", 0),
    ("0?1/0:2", 2),
    ("1?2:1/0", 2),
    ("1?2?3:4:5", 3),
    ("0?1:0?2:3", 3),
    ("1,2,3", 3),
    ("1 ? 2 , 3 : 4", 3),
    ("0x1F", 31),
    ("0XaB", 171),
    ("0777", 511),
    ("10#0123", 123),
    ("16#1b", 27),
    ("24#ag7", 6151),
    ("2#1010", 10),
    ("64#_", 63),
    ("36#Zz", 1295),
    ("9223372036854775807+1", -(2**63)),
    ("-9223372036854775808", -(2**63)),
    ("-9223372036854775808/-1", -(2**63)),
    ("-9223372036854775808%-1", 0),
    ("1<<63", -(2**63)),
    ("1<<64", 1),
    ("18446744073709551617", 1),
    ("4611686018427387904*4", 0),
    ('"1" + 2', 3),
    ("1\n+ 2", 3),
    ("nested*2", 18),
    ("float_free+text", 18),
    ("blank", 0),
    ("negative-1", -6),
    ("true+1", 2),
    ("(" * 1000 + "7" + ")" * 1000, 7),
    ("-" + " -" * 999 + "7", 7),
    ("1?" * 500 + "7" + ":0" * 500, 7),
]

VARIABLES = {
    "i": 5,
    "j": "7",
    "nested": "j+2",
    "text": " nested ",
    "float_free": "0x9",
    "blank": " ",
    "negative": "-5",
    "true": True,
}


@pytest.mark.parametrize("text, value", VALUES, ids=[text[:20] for text, _ in VALUES])
def test_expression_has_the_value_that_c_gives(text, value):
    assert board.call("count", text, VARIABLES)[0] == value


ASSIGNMENTS = [
    ("a=3", 3, {"a": 3}),
    ("a=b=3", 3, {"a": 3, "b": 3}),
    ("a+=2", 7, {"a": 7}),
    ("a-=2", 3, {"a": 3}),
    ("a*=2", 10, {"a": 10}),
    ("a/=2", 2, {"a": 2}),
    ("a%=3", 2, {"a": 2}),
    ("a<<=3", 40, {"a": 40}),
    ("a>>=1", 2, {"a": 2}),
    ("a&=4", 4, {"a": 4}),
    ("a^=1", 4, {"a": 4}),
    ("a|=2", 7, {"a": 7}),
    ("a ++", 5, {"a": 6}),
    ("++ a", 6, {"a": 6}),
    ("a--", 5, {"a": 4}),
    ("--a", 4, {"a": 4}),
    ("-a--", -5, {"a": 4}),
    ("a+++a", 11, {"a": 6}),
    ("a=1,a+1", 2, {"a": 1}),
    ("a=2+3*2", 8, {"a": 8}),
    ("1 ? a=1 : 42", 1, {"a": 1}),
    ("0 ? a=1 : 42", 42, {}),
    ("0 && (a=1)", 0, {}),
    ("1 || a++", 1, {}),
    ("0 && ++a", 0, {}),
    ("1 && (a+=1)", 1, {"a": 6}),
    ("new++", 0, {"new": 1}),
    ("e++", 3, {"e": 4}),
    ("++e", 4, {"e": 4}),
    ("e*=2", 6, {"e": 6}),
    ("x1_y=4", 4, {"x1_y": 4}),
]


@pytest.mark.parametrize("text, value, changed", ASSIGNMENTS)
def test_assignment_changes_the_variable_and_is_its_value(text, value, changed):
    before = {"a": 5, "e": "1+2"}
    assert board.call("count", text, dict(before)) == [value, {**before, **changed}]


ERRORS = [
    ("1/0", "1 / 0: division by zero"),
    ("1 % (2-2)", "1 % 0: division by zero"),
    ("2**-1", "2 ** -1: exponent less than 0"),
    ("1+", "1+: operand expected at the end"),
    ("*2", "*2: operand expected before *2"),
    ("1 2", "1 2: operator expected before 2"),
    ("1 u+ 2", "1 u+ 2: operator expected before u+ 2"),
    ("(1", "(1: missing ')'"),
    ("1)", "1): unexpected )"),
    ("1?2", "1?2: ':' expected for conditional expression"),
    ("1:2", "1:2: unexpected :"),
    ("(a+2)=3", "(a+2)=3: attempted assignment to non-variable"),
    ("1+a=3", "1+a=3: attempted assignment to non-variable"),
    ("1+=3", "1+=3: operand expected before =3"),
    ("08", "08: 8: value too great for base 8"),
    ("1x", "1x: invalid number"),
    ("0x", "0x: invalid number"),
    ("1#0", "1#0: invalid arithmetic base"),
    ("65#0", "65#0: invalid arithmetic base"),
    ("$", "$: operand expected before $"),
    ("loop", "loop: expression recursion level exceeded"),
    ("wide1", "wide9: expression recursion level exceeded"),
    ("a" * 5000 + "+", "a" * 60 + "...: expression too long"),
]


@pytest.mark.parametrize("text, message", ERRORS, ids=[text[:20] for text, _ in ERRORS])
def test_error_says_what_is_wrong(text, message):
    variables = {"loop": "loop"}
    for k in range(1, 30):
        variables[f"wide{k}"] = f"wide{k + 1}+wide{k + 1}"
    with pytest.raises(Failed) as failure:
        board.call("count", text, variables)
    if text == "1x":
        assert str(failure.value).startswith("1x: ")
    elif text.startswith("wide"):
        assert str(failure.value).endswith("expression recursion level exceeded")
    else:
        assert str(failure.value) == message


BINARY = {
    "*": 13, "/": 13, "%": 13, "+": 12, "-": 12, "<<": 11, ">>": 11, "<": 10, "<=": 10, ">": 10, ">=": 10,
    "==": 9, "!=": 9, "&": 8, "^": 7, "|": 6, "&&": 5, "||": 4,
}  # fmt: skip


def wrap(value):
    return (value + 2**63) % 2**64 - 2**63


def render(tree):
    """(C text with no more parentheses than C needs, rank)."""
    if isinstance(tree, int):
        return (str(tree), 16) if tree >= 0 else (f"-{-tree}", 15)
    if len(tree) == 2:
        text, rank = render(tree[1])
        return f"{tree[0]} {text}" if rank >= 15 else f"{tree[0]}({text})", 15
    if tree[0] == "?":
        parts = [render(part) for part in tree[1:]]
        texts = [f"({text})" if rank <= 3 and k == 0 else text for k, (text, rank) in enumerate(parts)]
        return f"{texts[0]} ? {texts[1]} : {texts[2]}", 3
    rank = BINARY[tree[0]]
    left, left_rank = render(tree[1])
    right, right_rank = render(tree[2])
    left = left if left_rank >= rank else f"({left})"
    right = right if right_rank > rank else f"({right})"
    return f"{left}{tree[0]} {right}", rank


def value_of(tree):
    if isinstance(tree, int):
        return wrap(tree)
    op = tree[0]
    if len(tree) == 2:
        a = value_of(tree[1])
        return wrap({"-": -a, "+": a, "~": ~a, "!": int(not a)}[op])
    a = value_of(tree[1])
    if op == "&&":
        return int(bool(a and value_of(tree[2])))
    if op == "||":
        return int(bool(a or value_of(tree[2])))
    if op == "?":
        return value_of(tree[2] if a else tree[3])
    b = value_of(tree[2])
    if op in "/%":
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return wrap(quotient) if op == "/" else a - quotient * b
    if op in ("<<", ">>"):
        return wrap(eval(f"a {op} (b & 63)", {"a": a, "b": b}))
    return wrap(int(eval(f"a {op} b", {"a": a, "b": b})))


numbers = st.integers(-9, 20) | st.integers(-(2**63) + 1, 2**63 - 1)
trees = st.recursive(
    numbers,
    lambda inner: (
        st.tuples(st.sampled_from("-+~!"), inner)
        | st.tuples(st.sampled_from(sorted(BINARY)), inner, inner)
        | st.tuples(st.just("?"), inner, inner, inner)
    ),
    max_leaves=20,
)


@given(trees)
def test_generated_expression_agrees_with_python(tree):
    text = render(tree)[0]
    try:
        expected = value_of(tree)
    except ZeroDivisionError:
        with pytest.raises(Failed, match="division by zero"):
            board.call("count", text, {})
    else:
        assert board.call("count", text, {})[0] == expected


PIECES = ["a", "b", "1", "0", "08", "0x", "2#", "+", "-", "++", "--", "*", "**", "/", "%", "<", "<<=", "=", "==", "?"]
soup = st.lists(st.sampled_from(PIECES + [":", "(", ")", "&&", "||", ",", "~", "!", " ", "$", "é", "\\", "'"]))


@given(soup.map("".join) | st.text(), st.text() | soup.map("".join))
def test_anything_else_is_a_failure_and_no_crash(text, value):
    board.survives("count", text, {"a": value, "b": "a"})
