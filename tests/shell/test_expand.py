"""The parser and the expansion of words of the shell, on a bare interpreter: trees, fields, and scripts of one line."""

import pytest
from bare import Programs
from hypothesis import given
from hypothesis import strategies as st

board = Programs(
    """
from shell import execute
from shell.lexer import ShellSyntaxError
from shell.parser import Parser

def parsed(text):
    # The tree of a text; a syntax error is its sentence and its line.
    step = execute.run(Parser(text=text).program())
    try:
        while True:
            next(step)
    except StopIteration as e:
        return e.value
    except ShellSyntaxError as e:
        return "%d: %s" % (e.line, e.args[0])
""",
    heap="8M",
)


def echo(*words):
    return ["simple", 1, [], ["echo", *words], []]


@pytest.mark.parametrize(
    "text, tree",
    [
        ("echo a", echo("a")),
        ("echo 'a b'\"c\"", echo([["quoted", "a b"], ["quoted", ""], ["quoted", "c"]])),
        ("echo $a", echo([["var", False, "a"]])),
        ('echo "$a"', echo([["quoted", ""], ["var", True, "a"]])),
        ("echo ${a:-b}", echo([["param", False, "a", ":-", "b", 1]])),
        ("echo $(b)", echo([["command", False, "b", 1]])),
        ("x=1 echo a", ["simple", 1, [["x", "1"]], ["echo", "a"], []]),
        ("echo a > f 2>&1", ["simple", 1, [], ["echo", "a"], [[">", 1, "f"], [">&", 2, "1"]]]),
        ("echo a | echo b", ["pipe", 1, [echo("a"), echo("b")], False]),
        ("! echo a", ["pipe", 1, [echo("a")], True]),
        ("echo a && echo b", ["and_or", 1, echo("a"), [["&&", echo("b")]]]),
        ("echo a; echo b &", ["list", 1, [[echo("a"), False], [echo("b"), True]]]),
        ("if echo a; then echo b; fi", ["if", 1, [[echo("a"), echo("b")]], None]),
        ("while echo a; do echo b; done", ["loop", 1, echo("a"), echo("b"), False]),
        ("for i in a b; do echo a; done", ["for", 1, "i", ["a", "b"], echo("a")]),
        ("( echo a )", ["subshell", 1, echo("a")]),
        ("{ echo a; }", ["group", 1, echo("a")]),
    ],
)
def test_trees(text, tree):
    assert board.call("parsed", text) == tree


@pytest.mark.parametrize(
    "text, line",
    [("if", 1), ("if a\nthen", 2), ("echo )", 1), ("a | | b", 1), ("for 1 in a", 1), ("case a in", 1), ("echo 'a", 1), ("\n\ndone", 3),
     ("a && ; b", 1), ("echo ${a", 1), ("echo $(a", 1), ("{ a", 1), ("echo >", 1)],
)  # fmt: skip
def test_a_syntax_error_has_a_line(text, line):
    error = board.call("parsed", text)
    assert isinstance(error, str) and int(error.partition(":")[0]) >= line


@pytest.mark.parametrize(
    "words, variables, fields",
    [
        ("$a", {"a": " x  y "}, ["x", "y"]),
        ('"$a"', {"a": " x  y "}, [" x  y "]),
        ("$a", {"a": ""}, []),
        ('"$a"', {"a": ""}, [""]),
        ("x${a}y", {"a": "1 2"}, ["x1", "2y"]),
        ("$a", {"a": "a:b::c", "IFS": ":"}, ["a", "b", "", "c"]),
        ("${a:-b c}", {}, ["b", "c"]),
        ('"${a:-b c}"', {}, ["b c"]),
        ("${a-b} ${a:-b}", {"a": ""}, ["b"]),
        ("${a:+x}y", {"a": "1"}, ["xy"]),
        ("${#a}", {"a": "aé"}, ["2"]),
        ("${a#*/} ${a##*/} ${a%/*} ${a%%/*}", {"a": "x/y/z"}, ["y/z", "z", "x/y", "x"]),
        ("${a/b/c} ${a//b/c}", {"a": "abb"}, ["acb", "acc"]),
        ("${a:1:2} ${a: -1}", {"a": "abcd"}, ["bc", "d"]),
        ("$((a * 2 + 1))", {"a": "3"}, ["7"]),
        ("$(echo 1 2) `echo 3`", {}, ["1", "2", "3"]),
        ('"$(echo 1 2)"', {}, ["1 2"]),
        ("{a,b}{1..3}", {}, ["a1", "a2", "a3", "b1", "b2", "b3"]),
        ("'$a' \\$a $'\\t'", {"a": "no"}, ["$a", "$a", "\t"]),
        ("~ ~/x '~'", {"HOME": "/h"}, ["/h", "/h/x", "~"]),
        ("no[a-c]*such?", {}, ["no[a-c]*such?"]),
        ("${!a}", {"a": "b", "b": "c"}, ["c"]),
        ("$a$b", {"a": "1 ", "b": " 2"}, ["1", "2"]),
    ],
)
def test_fields(words, variables, fields):
    assert expanded(words, variables) == fields


def expanded(words, variables):
    """The fields of words where these variables are set."""
    script = "".join(f"{name}={quoted(value)}; " for name, value in variables.items())
    status, out, err = board.run("sh", "-c", f"{script}set -- {words}; IFS=' '; printf '%s\\n' $# \"$@\"")
    assert (status, err) == (0, "")
    count, *found = out.split("\n")[:-1]
    found = found if count != "0" else []
    assert len(found) == int(count)
    return found


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


TEXTS = st.text("ab*?[]~\\'\"$(){} \té", max_size=10)


@given(TEXTS)
def test_a_quoted_text_is_one_field(text):
    assert expanded(quoted(text) + ' "$a"', {"a": text}) == [text, text]


@given(st.text("ab \t", max_size=12))
def test_an_unquoted_text_is_split_at_blanks(text):
    assert expanded("$a", {"a": text}) == text.split()


@given(st.text("ab:", max_size=10))
def test_a_field_ends_at_each_mark_that_is_no_blank(text):
    fields = text.split(":")
    assert expanded("$a", {"a": text, "IFS": ":"}) == (fields[:-1] if not fields[-1] else fields)


@given(st.text("abc", max_size=8), st.text("abc", max_size=2))
def test_cut_and_replaced_as_python_does(text, part):
    assert expanded(f'"${{a#{part}}}" "${{a%{part}}}" "${{a//b/{part}}}"', {"a": text}) == [
        text.removeprefix(part),
        text.removesuffix(part),
        text.replace("b", part),
    ]
