"""lib/sed: the parser and the editor, on a bare interpreter."""

import re

import pytest
from bare import Programs
from hypothesis import given
from hypothesis import strategies as st

board = Programs()


def sed(script, stdin, *options):
    """The output of a script that ends well."""
    status, out, err = board.run("sed", *options, "-e", script, stdin=stdin)
    assert (status, err) == (0, "")
    return out


@pytest.mark.parametrize(
    "script, stdin, out",
    [
        ("s/a/b/", "aa\n", "ba\n"),
        ("s/a/b/g", "aa\n", "bb\n"),
        ("s/a/b/2", "aaa\n", "aba\n"),
        ("s/a/b/2g", "aaa\n", "abb\n"),
        ("s/\\(a\\)\\(b\\)/\\2\\1/", "xab\n", "xba\n"),
        ("s,/,-,g", "a/b/c\n", "a-b-c\n"),
        ("s/.*/<&>/", "é\n", "<é>\n"),
        ("s/x*/-/g", "abc\n", "-a-b-c-\n"),
        ("s/a/\\n/", "1a2\n", "1\n2\n"),
        ("s/\\w\\+/\\U&/2", "ab cd\n", "ab CD\n"),
        ("2d", "1\n2\n3\n", "1\n3\n"),
        ("2!d", "1\n2\n3\n", "2\n"),
        ("$d", "1\n2\n", "1\n"),
        ("2,3d", "1\n2\n3\n4\n", "1\n4\n"),
        ("/2/,/4/d", "1\n2\n3\n4\n5\n", "1\n5\n"),
        ("2,+1d", "1\n2\n3\n4\n", "1\n4\n"),
        ("0~2d", "1\n2\n3\n4\n", "1\n3\n"),
        ("1!G;h;$!d", "1\n2\n3\n", "3\n2\n1\n"),
        ("N;P;D", "1\n2\n3\n", "1\n2\n3\n"),
        ("$!N;s/\\n/ /", "1\n2\n3\n", "1 2\n3\n"),
        (":a;s/^\\(x*\\)a/\\1x/;ta", "aaa\n", "xxx\n"),
        ("/a/{s/a/b/;n;s/a/c/}", "a\na\na\n", "b\nc\nb\n"),
        ("y/abc/xyz/", "aabc\n", "xxyz\n"),
        ("1i\\\nbefore\n1a\\\nafter", "x\n", "before\nx\nafter\n"),
        ("2c\\\nnew", "1\n2\n3\n", "1\nnew\n3\n"),
        ("=", "a\n", "1\na\n"),
        ("l", "a\tb\n", "a\\tb$\na\tb\n"),
        ("2q", "1\n2\n3\n", "1\n2\n"),
        ("x;1d", "1\n2\n3\n", "1\n2\n"),
        ("/a/b;s/$/!/", "a\nb\n", "a\nb!\n"),
        ("/a/s//y/", "a\n", "y\n"),
    ],
)
def test_scripts(script, stdin, out):
    assert sed(script, stdin) == out


@pytest.mark.parametrize(
    "script, options, stdin, out",
    [("s/(a|b)+/<&>/", ["-E"], "xab\n", "x<ab>\n"), ("2p", ["-n"], "1\n2\n", "2\n"), ("s/a/b/p", ["-n"], "a\nc\n", "b\n"),
     ("s/a{2}/b/", ["-r"], "aaa\n", "ba\n")],
)  # fmt: skip
def test_options(script, options, stdin, out):
    assert sed(script, stdin, *options) == out


@pytest.mark.parametrize(
    "script", ["s/a/b", "s/a", "{p", "p}", "k", "1,p", "y/ab/c/", "b nowhere", "s/a/b/q", "s/\\(/b/", "3,x"]
)
def test_a_wrong_script_is_refused(script):
    status, out, err = board.run("sed", script, stdin="a\n")
    assert (status, out) == (1, "") and err.startswith("sed: ")


@given(
    st.text("abcx ", max_size=12),
    st.sampled_from(["a", "b*", "[ab]", "a.", "x$", "^a", "ab\\|c"]),
    st.sampled_from(["", "-", "<&>"]),
)
def test_substitution_agrees_with_python(line, pattern, replacement):
    found = sed(f"s/{pattern}/{replacement}/g", line + "\n")
    expected = substituted(pattern.replace("\\|", "|"), replacement, line)
    assert found == expected + "\n"


def substituted(pattern, replacement, line):
    """re.sub() as sed has it: no empty match right behind another match."""
    out, at, last = "", 0, -1
    for match in re.finditer(pattern, line):
        if match.start() == match.end() == last:
            continue
        out += line[at : match.start()] + replacement.replace("&", match[0])
        at = last = match.end()
    return out + line[at:]


@given(st.text("sydpqnNgGhHxDPbt{}!;:/1,$ab\\\n =", max_size=15))
def test_any_text_is_a_script_or_a_failure(text):
    status, _, err = board.run("sed", "-n", "1{q\n}\n" + text, stdin="a\n")  # it is parsed, and not run
    assert (status, err) == (0, "") or (status == 1 and err.startswith("sed: "))
