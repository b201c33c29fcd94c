"""Shell patterns: matching, cutting, replacing."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board

board = Board("from text.pattern import *", heap="8M")

MATCHES = [
    ("", "", True),
    ("", "a", False),
    ("a", "a", True),
    ("*", "", True),
    ("*.py", "hello.py", True),
    ("*.py", "hello.pyc", False),
    ("a*a", "a", False),
    ("a*b*c", "axxbyybc", True),
    ("a*b*c", "axxbyyb", False),
    ("**a**", "bab", True),
    ("?", "é", True),
    ("??", "é", False),
    ("*?x", "éx", True),
    ("h?llo.*", "hello.py", True),
    ("[abc]x", "bx", True),
    ("[a-c]", "b", True),
    ("[a-c]", "d", False),
    ("[!a-c]", "d", True),
    ("[^a-c]", "b", False),
    ("[é-ü]", "ö", True),
    ("[!é]", "é", False),
    ("*[é]*", "café!", True),
    ("[]]", "]", True),
    ("[!]]", "]", False),
    ("[]-a]", "^", True),
    ("[a-]", "-", True),
    ("[-a]", "-", True),
    ("[[z]", "[", True),
    ("[\\]z]", "]", True),
    ("[a\\-c]", "b", False),
    ("[a\\-c]", "-", True),
    ("[\\!a]", "!", True),
    ("[", "[", True),
    ("[a", "[a", True),
    ("[[:alpha", "[[:alpha", True),
    ("[[=a", "[[=a", True),
    ("[!bin", "[!bin", True),
    ("[]", "[]", True),
    ("a[b*", "a[bcd", True),
    ("\\*", "*", True),
    ("\\*", "a", False),
    ("\\[ab]", "[ab]", True),
    ("a\\bc", "abc", True),
    ("a\\\\b", "a\\b", True),
    ("a\\", "a\\", True),
    ("[[:alpha:]]*", "Abc", True),
    ("[[:alpha:][:digit:]_-]", "-", True),
    ("[[:digit:]]", "x", False),
    ("[![:space:]]", " ", False),
    ("[[:punct:]E]", "-", True),
    ("x[[:punct\\:]]", "x:]", True),
    ("[[:upper:]][[:lower:]][[:xdigit:]][[:blank:]]", "Abf\t", True),
    ("[[:cntrl:]][[:print:]][[:graph:]][[:alnum:]]", "\n é0", True),
    ("[[:nothing:]]", "n", False),
    ("[[=a=][.b.]]", "b", True),
    ("*\\(\\)", "foo()", True),
]


@pytest.mark.parametrize("pattern, text, expected", MATCHES)
def test_match(pattern, text, expected):
    assert board.call("match", pattern, text) is expected


MAGIC = [
    ("abc", False, "abc"),
    ("*", True, "*"),
    ("a?", True, "a?"),
    ("[ab]", True, "[ab]"),
    ("[ab", False, "[ab"),
    ("[]", False, "[]"),
    ("[][", False, "[]["),
    ("\\*", False, "*"),
    ("\\[ab]", False, "[ab]"),
    ("\\\\*", True, "\\*"),
    ("a\\bc\\\\", False, "abc\\"),
    ("\\\\\\\\\\", False, "\\\\\\"),
]


@pytest.mark.parametrize("pattern, magic, text", MAGIC)
def test_magic_is_what_is_not_quoted(pattern, magic, text):
    assert board.call("has_magic", pattern) is magic
    assert board.call("unescape", pattern) == text


# pattern, text, and what is left by # ## % %%
CUTS = [
    ("*b", "aabbccdd", "bccdd", "ccdd", "aabbccdd", "aabbccdd"),
    ("c*", "aabbccdd", "aabbccdd", "aabbccdd", "aabbc", "aabb"),
    ("*/", "a/b/c", "b/c", "c", "a/b/c", "a/b/c"),
    ("/*", "a/b/c", "a/b/c", "a/b/c", "a/b", "a"),
    ("*", "abc", "abc", "", "abc", ""),
    ("", "abc", "abc", "abc", "abc", "abc"),
    ("?", "μ-μ", "-μ", "-μ", "μ-", "μ-"),
    ("?abc?", "μabcμ", "", "", "", ""),
    ("*-", "--x--", "-x--", "", "--x-", ""),
    ("-*", "--x--", "-x--", "", "--x-", ""),
    ("[", "[foo]", "foo]", "foo]", "[foo]", "[foo]"),
    ("x", "abc", "abc", "abc", "abc", "abc"),
    ("*[!x]*b", "ab1b2", "1b2", "2", "ab1b2", "ab1b2"),
]


@pytest.mark.parametrize("pattern, text, short_head, long_head, short_tail, long_tail", CUTS)
def test_cutting(pattern, text, short_head, long_head, short_tail, long_tail):
    assert board.call("prefix", pattern, text, False) == short_head
    assert board.call("prefix", pattern, text, True) == long_head
    assert board.call("suffix", pattern, text, False) == short_tail
    assert board.call("suffix", pattern, text, True) == long_tail


REPLACEMENTS = [
    ("<*>", "begin <html></html> end", "[]", False, "", "begin [] end"),
    ("[[:alpha:]]", "xx_xx", "y", True, "", "yy_yy"),
    ("[^[:alpha:]]", "xx_xx_xx", "-", True, "", "xx-xx-xx"),
    ("\\**+", "aa*bb+cc", "__", True, "", "aa__cc"),
    ("a", "aabb", "", False, "", "abb"),
    ("a", "aabb", "é", True, "", "éébb"),
    ("*", "abc", "-", True, "", "-"),
    ("*", "", "-", False, "", "-"),
    ("a", "", "-", True, "", ""),
    ("", "abc", "-", True, "", "abc"),
    ("b", "abcb", "X", False, "%", "abcX"),
    ("a", "abca", "X", False, "#", "Xbca"),
    ("b", "abc", "X", False, "#", "abc"),
    ("", "abc", "X", False, "#", "Xabc"),
    ("", "abc", "X", False, "%", "abcX"),
    ("*b", "abcbd", "X", False, "#", "Xd"),
    ("b*", "abcbd", "X", False, "%", "aX"),
    ("?", "éa", "x", True, "", "xx"),
    ("ab", "aabab", "-", True, "", "a--"),
    ("[^]]", "ab^cd^", "z", True, "", "zzzzzz"),
]


@pytest.mark.parametrize("pattern, text, by, every, anchor, expected", REPLACEMENTS)
def test_replacing(pattern, text, by, every, anchor, expected):
    assert board.call("replace", pattern, text, by, every, anchor) == expected


simple = st.lists(st.sampled_from(["a", "b", "é", "*", "?", "[ab]", "[!a]", "[b-é]", "x"]), max_size=8).map("".join)
texts = st.text("abéx", max_size=12)


@given(simple, texts)
def test_agrees_with_fnmatch(pattern, text):
    assert board.call("match", pattern, text) is fnmatch.fnmatchcase(text, pattern)


@given(simple, texts)
def test_cuts_are_the_shortest_and_the_longest_that_match(pattern, text):
    heads = [k for k in range(len(text) + 1) if fnmatch.fnmatchcase(text[:k], pattern)]
    tails = [k for k in range(len(text) + 1) if fnmatch.fnmatchcase(text[k:], pattern)]
    assert board.call("prefix", pattern, text, False) == (text[heads[0] :] if heads else text)
    assert board.call("prefix", pattern, text, True) == (text[heads[-1] :] if heads else text)
    assert board.call("suffix", pattern, text, False) == (text[: tails[-1]] if tails else text)
    assert board.call("suffix", pattern, text, True) == (text[: tails[0]] if tails else text)


@given(simple, texts)
def test_replaces_the_leftmost_longest_matches(pattern, text):
    out = ""
    i = 0
    while pattern and i < len(text):
        ends = [k for k in range(len(text), i, -1) if fnmatch.fnmatchcase(text[i:k], pattern)]
        out += "-" if ends else text[i]
        i = ends[0] if ends else i + 1
    if text and pattern:
        assert board.call("replace", pattern, text, "-", True) == out


brackets = st.lists(st.sampled_from(["[", "[:", ":]", "alpha", "*", "]", "-", "\\"])).map("".join)
soup = st.text("ab[]!^-*?\\:é=.") | st.text() | brackets


@given(soup, st.text())
def test_any_pattern_is_a_pattern(pattern, text):
    for cut in ("prefix", "suffix"):
        board.survives(cut, pattern, text, False)
        board.survives(cut, pattern, text, True)
    board.survives("replace", pattern, text, "-", True)
    board.survives("match", pattern, text)
    if not board.call("has_magic", pattern):
        assert board.call("match", pattern, board.call("unescape", pattern)) is True


@given(st.text())
def test_a_quoted_text_matches_itself_alone(text):
    pattern = "".join("\\" + c for c in text)
    assert board.call("has_magic", pattern) is False
    assert board.call("match", pattern, text) is True
    assert board.call("match", pattern, text + "x") is False


def test_many_stars_take_no_exponential_time():
    text = "ab" * 10000
    board.survives("match", "*a*b" * 50 + "*c", text)
    board.survives("prefix", "*a?*[!b]*b", text, True)
    board.survives("suffix", "?a*[!x]a*", text, True)
    board.survives("replace", "?", text, "xx", True)
    board.survives("match", "[" * 60000, "a")
