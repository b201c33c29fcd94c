"""lib/regex: expressions by themselves. Every way to search agrees with every other, and with Python's re."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board, Failed

board = Board(
    """
from regex import parser
from regex.engine import Engine
from regex.finder import Finder
from regex.matcher import Matcher
from regex.perl import PerlMatcher

def found(pattern, extended, text):
    # The span of the match and of its groups, as finder and engine give it.
    data = text.encode()
    quick = Finder(pattern, extended).search(data)
    slow = Engine(parser.parse(pattern, extended, False)).search(data)
    assert (quick is None) == (slow is None) and list(quick or ()) == list(slow or ()), (quick, slow)
    return list(slow or ())

def matched(pattern, text, options):
    # The span that grep prints, and that test() says the same.
    matcher = Matcher([pattern], **options)
    span = matcher.span(text.encode())
    assert matcher.test(text.encode()) == (span is not None)
    return list(span or ())

def perl(pattern, text):
    return list(PerlMatcher([pattern]).span(text.encode()) or ())

def translated(pattern, extended):
    return parser.translate(parser.parse(pattern, extended, False)[0], False).decode()
""",
    heap="8M",
)

# (expression, extended, text, [begin, end, begin and end of each group])
FOUND = [
    ("b", False, "abc", [1, 2]),
    ("", False, "abc", [0, 0]),
    ("a*", False, "baa", [0, 0]),
    ("a\\{2\\}", False, "baaa", [1, 3]),
    ("a{2,}", True, "baaa", [1, 4]),
    ("a+?", False, "a+?", [0, 3]),
    ("x|xy|xyz", True, "wxyz", [1, 4]),
    ("\\(a\\)\\(b*\\)", False, "xabb", [1, 4, 1, 2, 2, 4]),
    ("(a|ab)(c|bcd)", True, "abcd", [0, 4, 0, 1, 1, 4]),
    ("\\(.\\)\\1", False, "abccd", [2, 4, 2, 3]),
    ("^b", False, "ab", []),
    ("b$", False, "ab", [1, 2]),
    ("a^b$", False, "a^b$", []),
    ("[]a]*", False, "x]a]", [0, 0]),
    ("[^]a]+", True, "]xy]", [1, 3]),
    ("[[:digit:]]+", True, "ab12c", [2, 4]),
    ("[a-c-]+", True, "zb-c", [1, 4]),
    (".", False, "é", [0, 2]),
    ("[éö]", False, "aö", [1, 3]),
    ("[^a]", False, "aö", [1, 3]),
    ("\\bcat\\b", True, "concat cat", [7, 10]),
    ("\\<b", False, "ab b", [3, 4]),
    ("(a*)(a|aa)", True, "aaa", [0, 3, 0, 2, 2, 3]),
    ("(ab|a)(bc|c)?", True, "abc", [0, 3, 0, 2, 2, 3]),
    ("\\.", False, "a.b", [1, 2]),
    ("(^a|b)c", True, "acbc", [0, 2, 0, 1]),
]


@pytest.mark.parametrize("pattern, extended, text, spans", FOUND)
def test_finder_and_engine_find_the_leftmost_longest_match(pattern, extended, text, spans):
    assert board.call("found", pattern, extended, text) == spans


@pytest.mark.parametrize(
    "pattern, extended, why",
    [
        ("a\\(", False, "unmatched ("),
        ("(a", True, "unmatched ("),
        ("[a", False, "unmatched ["),
        ("a{2", True, "invalid"),
        ("a\\{3,1\\}", False, "invalid"),
        ("[[:nothing:]]", False, "invalid bracket expression"),
        ("\\(a\\)\\2", False, "invalid back reference"),
        ("a{999}", True, "invalid content of {}"),
    ],
)
def test_a_wrong_expression_says_why(pattern, extended, why):
    with pytest.raises(Failed, match=re.escape(why)):
        board.call("found", pattern, extended, "aaa")


@pytest.mark.parametrize(
    "pattern, text, options, span",
    [
        ("a.c", "a.c abc", {"fixed": True}, [0, 3]),
        ("abc", "xABC", {}, []),
        ("abc", "xabc", {"fold": True}, [1, 4]),
        ("cat", "concat cat", {"word": True}, [7, 10]),
        ("cat", "cats", {"whole": True}, []),
        ("cats", "cats", {"whole": True}, [0, 4]),
        ("a.*z", "ba..zz", {}, [1, 6]),
        ("a|bc", "xbc", {"extended": True}, [1, 3]),
    ],
)
def test_matcher(pattern, text, options, span):
    assert board.call("matched", pattern, text, options) == span


PERL = [
    ("\\d+", "ab123"), ("a.*?b", "aabab"), ("a.*b", "aabab"), ("(?<=a)b", "bab"), ("(?<!a)b", "abb"), ("b(?=c)", "abbc"),
    ("b(?!c)", "bcb"), ("(?i)ABC", "xabc"), ("(a|b)\\1", "abb"), ("\\bfoo\\b", "afoo foo"),
    ("[^\\s,]+", ", ab c"), ("a{2,3}?", "aaaa"), ("(?:ab)+", "xababa"), ("^$", ""), ("x*", "aaa"), ("a|ab|abc", "abc"),
    ("\\x41", "xA"), ("[\\s,]+", "a, b"), ("(a+)+$", "aaab"),
]  # fmt: skip


@pytest.mark.parametrize("pattern, text", PERL)
def test_perl_matches_as_python_does(pattern, text):
    match = re.search(pattern, text)
    assert board.call("perl", pattern, text) == (list(match.span()) if match else [])


@given(st.text("ab.*[]^$\\()|{}1,", max_size=10), st.text("ab1.", max_size=8), st.booleans())
def test_any_expression_gives_the_same_by_each_way_or_a_failure(pattern, text, extended):
    board.survives("found", pattern, extended, text)


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "(a)", "(b|c)", "(ab)", "c"])
EXPRESSIONS = st.lists(st.tuples(ATOMS, st.sampled_from(["", "*", "+", "?", "{2}"])), min_size=1, max_size=4)


@given(EXPRESSIONS, st.text("abc", max_size=8))
def test_without_alternatives_of_different_length_python_finds_the_same(atoms, text):
    pattern = "".join(atom + suffix for atom, suffix in atoms)
    match = re.search(pattern, text)
    found = board.call("found", pattern, True, text)
    assert (found[:1]) == (list(match.span()[:1]) if match else [])
    assert not match or found[1] >= match.end()  # the longest, where Python takes the first


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)*b", "(a*)*\\1b", "(x+x+)+y"])
def test_no_expression_takes_exponential_time(pattern):
    board.survives("found", pattern, True, "a" * 40 + "x" * 40)
