"""Glob patterns, in directories of the host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Board, Failed

board = Board("from text.pattern import expand", heap="16M")

FILES = ["a.py", "b.py", "c.txt", ".hidden", "d/x1", "d/x2", "d/.x3", "e/x1", "e/f/x9", "s p/q*", "s p/q1", "[k]", "μ1"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("tree")
    for name in FILES:
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).touch()
    return str(root)


CASES = [
    ("*.py", ["a.py", "b.py"]),
    ("*", ["[k]", "a.py", "b.py", "c.txt", "d", "e", "s p", "μ1"]),
    (".*", [".hidden"]),
    ("\\.h*", [".hidden"]),
    ("[.]h*", []),
    ("*.nothing", []),
    ("*/x*", ["d/x1", "d/x2", "e/x1"]),
    ("*/x1", ["d/x1", "e/x1"]),
    ("d/*", ["d/x1", "d/x2"]),
    ("d//*", ["d//x1", "d//x2"]),
    ("*/", ["d/", "e/", "s p/"]),
    ("*//", ["d//", "e//", "s p//"]),
    ("*/*/*", ["e/f/x9"]),
    ("./d/../[ab].py", ["./d/../a.py", "./d/../b.py"]),
    ("*/nothing/*", []),
    ("nothing/*", []),
    ("a.py/*", []),
    ("*/x1/", []),
    ("s\\ p/q\\*", ["s p/q*"]),
    ("s*/q\\*", ["s p/q*"]),
    ("\\[?]", ["[k]"]),
    ("?1", ["μ1"]),
    ("a.py", ["a.py"]),
    ("nothing", []),
    ("[bin", []),
    ("", []),
]


@pytest.mark.parametrize("pattern, expected", CASES)
def test_paths_that_match(tree, pattern, expected):
    assert board.call("expand", pattern, tree) == expected


@pytest.mark.parametrize("pattern, expected", [("*.py", ["/a.py", "/b.py"]), ("/[d]/", ["//d/"]), ("d*/x2", ["/d/x2"])])
def test_absolute_pattern_gives_absolute_paths(tree, pattern, expected):
    root = tree.replace("[", "\\[")
    assert board.call("expand", root + "/" + pattern, "/") == [tree + path for path in expected]


def test_more_matches_than_the_limit_are_an_error(tmp_path):
    for k in range(101):
        (tmp_path / f"d{k}").mkdir()
    for k in range(100):
        (tmp_path / "d0" / f"{k}").touch()
    assert len(board.call("expand", "d[1-9]*/../d0/*", str(tmp_path))) == 10000
    with pytest.raises(Failed, match="more than 10000 matching paths"):
        board.call("expand", "*/../*", str(tmp_path))


@given(st.text("ab*?[]/.\\d-", max_size=12))
def test_any_pattern_expands_or_does_not(pattern):
    board.survives("expand", pattern, "/nonexistent")
