"""lib/jq: the lexer, the parser, JSON and the interpreter, without the program around them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board, Failed

board = Board(
    """
from jq import builtins, interpreter
from jq import json as jqjson
from jq.lexer import tokens
from jq.parser import parse

def lexed(text):
    return [list(token) for token in tokens(text)]

def parsed(text):
    return parse(text, [])

def results(text, data):
    # The output of a filter, one JSON text for each result.
    calls = []
    tree = parse(text, calls)
    builtins.prepare(calls)
    value, end = jqjson.read(data.encode())
    out = []
    for result in interpreter.run(tree, value, {}):
        if result is not interpreter.PAUSE:
            out.append(jqjson.text(result))
    return out

def read_and_written(data):
    found = jqjson.read(data.encode())
    return found and jqjson.text(found[0])
""",
    heap="8M",
)


def test_tokens():
    assert board.call("lexed", '.a|"x\\(1)" # c\n+ 2.5') == [
        [".", "a"], ["", "|"], ["s", ["x", [["n", 1]], ""]], ["", "+"], ["n", 2.5]
    ]  # fmt: skip


IDENTITY = ["."]


@pytest.mark.parametrize(
    "text, tree",
    [
        (".", IDENTITY),
        (".a[1:2] // 3", ["op", "//", ["cut", ["index", IDENTITY, ["lit", "a"]], ["lit", 1], ["lit", 2]], ["lit", 3]]),
        ("1 + 2 * 3", ["op", "+", ["lit", 1], ["op", "*", ["lit", 2], ["lit", 3]]]),
        ("(1 + 2) * 3", ["op", "*", ["op", "+", ["lit", 1], ["lit", 2]], ["lit", 3]]),
        ("1 - 2 - 3", ["op", "-", ["op", "-", ["lit", 1], ["lit", 2]], ["lit", 3]]),
        ("1, 2 | 3", ["|", [[",", [["lit", 1], ["lit", 2]]], ["lit", 3]]]),
        ("f(1; .)", ["call", "f", [["lit", 1], IDENTITY]]),
        ("[.[]?]", ["array", ["|", [IDENTITY, ["try", ["each", IDENTITY], None]]]]),
        ("[]", ["array", None]),
    ],
)
def test_trees(text, tree):
    assert board.call("parsed", text) == tree


@pytest.mark.parametrize(
    "text", ["(", "1 +", ".[", "{a", "if 1 then", "1 as x | 2", "reduce", ". as [", '"\\(', "}", "a b", "&"]
)
def test_a_wrong_filter_is_a_failure(text):
    with pytest.raises(Failed):
        board.call("parsed", text)


@pytest.mark.parametrize(
    "text, data, results",
    [
        (".a | map(. + 1)", '{"a": [1, 2]}', ["[2,3]"]),
        ("range(3)", "null", ["0", "1", "2"]),
        ("[.[] | select(. > 1)] | add", "[1,2,3]", ["5"]),
        ("reduce .[] as $x (0; . + $x)", "[1,2,3]", ["6"]),
        ("[foreach .[] as $x (0; . + $x; [$x, .])]", "[1,2]", ["[[1,1],[2,3]]"]),
        ('try error("x") catch .', "null", ['"x"']),
        ("first(range(10; infinite))", "null", ["10"]),
        ("label $out | 1, break $out, 2", "null", ["1"]),
        (".a.b |= . * 2", '{"a":{"b":4}}', ['{"a":{"b":8}}']),
        ("del(.[1, 2])", "[1,2,3,4]", ["[1,4]"]),
        ("[paths]", '{"a":[1]}', ['[["a"],["a",0]]']),
        (". as {a: $x, b: [$y]} | $x + $y", '{"a":1,"b":[2]}', ["3"]),
        ("def f(x): x * 2; f(.[])", "[1,2]", ["2", "4"]),
        ("def fac: if . < 2 then 1 else . * (. - 1 | fac) end; fac", "10", ["3628800"]),
        ("[limit(3; repeat(1))]", "null", ["[null,1,1]"]),
        ('"a-b-c" / "-" | join("+")', "null", ['"a+b+c"']),
        ("sort_by(.a) | map(.b)", '[{"a":2,"b":1},{"a":1,"b":2}]', ["[2,1]"]),
        ("to_entries", '{"k":1}', ['[{"key":"k","value":1}]']),
        ('test("B"; "i"), [match("b+").offset]', '"abb"', ["true", "[1]"]),
        ("@base64, @json, (@base64 | @base64d)", '"hé"', ['"aMOp"', '"\\"hé\\""', '"hé"']),
    ],
)
def test_results(text, data, results):
    assert board.call("results", text, data) == results


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('abé"\\\n', max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.booleans())
def test_json_is_read_and_written(value, ascii_only):
    text = board.call("read_and_written", json.dumps(value, ensure_ascii=ascii_only, indent=1))
    assert json.loads(text) == value


@given(JSON)
def test_paths_lead_to_every_value(value):
    data = json.dumps(value)
    assert board.call("results", "[getpath(paths)] == [..][1:]", data) == ["true"]
    assert board.call(
        "results",
        '. == (. as $v | reduce paths(type != "array" and type != "object") as $p (.; setpath($p; $v | getpath($p))))',
        data,
    ) == ["true"]


@given(st.text('{}[]",:0123456789.eE+-truefalsn \\u', max_size=20))
def test_any_text_is_json_or_a_failure(text):
    kind, value = board.calls("read_and_written", [[text]])[0]
    assert kind in ("value", "failure")
