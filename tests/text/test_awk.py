"""lib/awk: the lexer, the parser and the machine, on a bare interpreter."""

import pytest
from bare import Programs
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Failed

board = Programs(
    """
from awk.lexer import Lexer

def lexed(text):
    lexer = Lexer(text.encode())
    found = []
    while True:
        kind, value = lexer.next()
        if kind == "e":
            return found
        found.append([kind, value[0].decode() if isinstance(value, tuple) else value])
"""
)


def awk(program, stdin="", *args):
    """The output of a program that ends well."""
    status, out, err = board.run("awk", *args, program, stdin=stdin)
    assert (status, err) == (0, "")
    return out


@pytest.mark.parametrize(
    "text, tokens",
    [
        ("a / b / c", [["v", "a"], ["o", "/"], ["v", "b"], ["o", "/"], ["v", "c"]]),
        ("$1 ~ /a\\/b/", [["o", "$"], ["n", 1], ["o", "~"], ["r", "a/b"]]),
        ("f(1) g (2)", [["f", "f"], ["o", "("], ["n", 1], ["o", ")"], ["v", "g"], ["o", "("], ["n", 2], ["o", ")"]]),
        ('"a\\tb\\"" # no\n', [["s", 'a\tb"'], ["o", "\n"]]),
        ("x **= 0x1F", [["v", "x"], ["o", "^="], ["n", 31]]),
        ("a \\\n b", [["v", "a"], ["v", "b"]]),
        ("1e3 .5", [["n", 1000], ["n", 0.5]]),
    ],
)
def test_tokens(text, tokens):
    assert board.call("lexed", text) == tokens


@pytest.mark.parametrize("text", ['"a', "/a", "@", "'"])
def test_what_is_no_token(text):
    with pytest.raises(Failed, match="in line 1 of the program"):
        board.call("lexed", text)


@pytest.mark.parametrize(
    "program, line",
    [("{", 1), ("{ print }\n}", 2), ("BEGIN { if }", 1), ("function f(", 1), ("BEGIN {\n x = \n\n ) }", 4), ("{ next = 1 }", 1),
     ("BEGIN { f(1) }", 1), ("BEGIN { break }", 1), ("BEGIN { return }", 1)],
)  # fmt: skip
def test_a_wrong_program_is_told_with_its_line(program, line):
    status, out, err = board.run("awk", program)
    assert (status, out) == (2, "") and f"in line {line} of the program" in err


@pytest.mark.parametrize(
    "program, stdin, out",
    [
        ("{ print $2; n += $1 } END { print n, NR }", "1 a\n2 b\n", "a\nb\n3 2\n"),
        ("/b/,/d/", "a\nb\nc\nd\ne\n", "b\nc\nd\n"),
        ("NR == 2 { $3 = \"x\" } 1", "a\nb\n", "a\nb  x\n"),
        ("{ NF = 2; print }", "a b c\n", "a b\n"),
        ("BEGIN { print length(\"é\"), index(\"aéb\", \"b\"), substr(\"aébc\", 2, 2) }", "", "1 3 éb\n"),
        ("BEGIN { n = split(\"a:b:c\", p, \":\"); print n, p[3] }", "", "3 c\n"),
        ("BEGIN { s = \"aXbX\"; print gsub(/X/, \"[&]\", s), s }", "", "2 a[X]b[X]\n"),
        ("BEGIN { print match(\"xaab\", /a+/), RSTART, RLENGTH }", "", "2 2 2\n"),
        ("BEGIN { a[1, 2] = 3; for (k in a) { split(k, p, SUBSEP); print p[1], p[2] } print (1, 2) in a }", "", "1 2\n1\n"),
        ("function f(n) { return n < 2 ? 1 : n * f(n - 1) } BEGIN { print f(10) }", "", "3628800\n"),
        ("function f(a) { a[1] = 2 } BEGIN { f(x); print x[1] }", "", "2\n"),
        ("BEGIN { while (i < 5) { if (++i == 2) continue; if (i == 4) break; print i } }", "", "1\n3\n"),
        ("BEGIN { do print i; while (i++ < 1) }", "", "\n1\n"),
        ("BEGIN { printf \"%5.2f|%-4s|%03d|%c|%x\\n\", 3.14159, \"ab\", 7, 65, 255 }", "", " 3.14|ab  |007|A|ff\n"),
        ("BEGIN { print 1 2, 1 + 2 \"3\", -1 \" \" -1, 2 ^ 3 ^ 2, 7 % 4, !0 }", "", "12 33 -1-1 512 3 1\n"),
        ("BEGIN { print (\"10\" < \"9\"), (10 < 9), (\"a\" < 1) }", "", "1 0 0\n"),
        ("$1 < $2", "10 9\n2 10\n", "2 10\n"),
        ("BEGIN { RS = \"\" } { print NF, $1 }", "a b\nc\n\n\nd\n", "3 a\n1 d\n"),
        ("BEGIN { FS = \"[:,]+\" } { print $2 }", "a:,b\n", "b\n"),
        ("BEGIN { while ((getline line) > 0) n++; print n, line }", "a\nb\n", "2 b\n"),
        ("{ exit 0 } END { print NR }", "a\nb\n", "1\n"),
        ("BEGIN { print toupper(\"aé\"), tolower(\"BÉ\") }", "", "AÉ bé\n"),
        ("BEGIN { print substr(\"abc\", 0), substr(\"abc\", -1, 3), substr(\"abc\", 3, 9) \".\" }", "", "abc a c.\n"),
        ("BEGIN { OFMT = \"%.2g\"; CONVFMT = \"%.3g\"; x = 3.14159; print x, x \"\" }", "", "3.1 3.14\n"),
        ("BEGIN { $0 = \"a b\"; print NF; $5 = \"e\"; print; print NF }", "", "2\na b   e\n5\n"),
        ("END { delete a; print length(a) }", "", "0\n"),
        ("BEGIN { getline; print \"got \" $0 } { print }", "1\n2\n", "got 1\n2\n"),
    ],
)  # fmt: skip
def test_programs(program, stdin, out):
    assert awk(program, stdin) == out


NUMBERS = st.integers(-999, 999)
EXPRESSIONS = st.recursive(
    NUMBERS.map(lambda n: (f"({n})", n)),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda x: (f"({x[0][0]} {x[1]} {x[2][0]})", {"+": x[0][1] + x[2][1], "-": x[0][1] - x[2][1], "*": x[0][1] * x[2][1]}[x[1]])
    ),
    max_leaves=5,
)  # fmt: skip


@given(EXPRESSIONS)
def test_arithmetic_agrees_with_python(expression):
    text, value = expression
    assert awk(f'BEGIN {{ printf "%d\\n", {text} }}') == f"{value}\n"


@given(st.lists(st.lists(st.text("ab1", min_size=1, max_size=3), min_size=1, max_size=4), min_size=1, max_size=4))
def test_fields_are_those_of_python(rows):
    data = "".join("  ".join(row) + " \n" for row in rows)
    assert awk('{ for (i = 1; i <= NF; i++) printf "%s,", $i; print NF }', data) == "".join(
        "".join(word + "," for word in row) + f"{len(row)}\n" for row in rows
    )


@given(st.text('{}()[];,$ab1+-*/!~<>=&|?:"\n /', max_size=25))
def test_any_text_is_a_program_or_a_failure(text):
    status, _, err = board.run("awk", "function never() {" + text + "\n} BEGIN { }")
    assert (status, err) == (0, "") or (status == 2 and "of the program" in err)
