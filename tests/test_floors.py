"""The floors of the house hold: an import goes down, or sideways inside a room; no modules import each other in a circle.

All imports of the board's code are read from its sources, those inside functions too (floors.py). tests/floors.txt lists
those that still go up or sideways. It only shrinks: a line whose import has gone is a failure, as is an import that has no
line.
"""

import pytest
from floors import circles, early, imports, is_allowed, modules
from harness import ROOT

LIST = ROOT / "tests" / "floors.txt"


@pytest.fixture(scope="module")
def all_imports():
    return imports(modules())


def listed():
    """[(source, target)] of the list."""
    found = []
    for line in LIST.read_text().splitlines():
        words = line.partition("#")[0].split()
        if words:
            assert len(words) == 3 and words[1] == "->", line
            found.append((words[0], words[2]))
    return found


def test_imports_go_down_or_are_on_the_list(all_imports):
    wrong = sorted((each.source, each.target) for each in all_imports if not is_allowed(each.source, each.target))
    exceptions = listed()
    assert exceptions == sorted(set(exceptions)), "the list is sorted, each line once"
    assert [pair for pair in wrong if pair not in exceptions] == [], "imports that go up or sideways"
    assert [pair for pair in exceptions if pair not in wrong] == [], "no longer needed in tests/floors.txt"


def test_no_modules_import_each_other_in_a_circle(all_imports):
    assert circles(early(all_imports)) == []


def test_programs_import_no_program(all_imports):
    assert [each for each in all_imports if each.target.startswith("bin.")] == []


def test_circles_are_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}}) == []


def test_imports_are_read_wherever_they_stand(tmp_path):
    source = tmp_path / "m.py"
    source.write_text(
        "import base.a\nif base:\n    from base import b\n"
        "def f():\n    from base.c import x\n    preload('base.d', 'base.e')\n    from base.a import y\n"
    )
    found = {"m": source} | {"base." + name: tmp_path / "empty" for name in "abcde"}
    (tmp_path / "empty").write_text("")
    late = {each.target: each.late for each in imports(found)}
    assert late == {"base.a": False, "base.b": False, "base.c": True, "base.d": True, "base.e": True}


@pytest.mark.parametrize(
    "source, target, allowed",
    [
        ("shell.parser", "process.cpu", True),
        ("process.cpu", "shell.parser", False),
        ("archive.tar", "edit.nano", False),
        ("archive.tar", "text.width", True),
        ("shell.a", "shell.b", True),
        ("net.wifi", "wireless", True),
        ("shell.python_prompt", "sdata", False),
        ("bin.ls", "kernel.boot", True),
        ("bin.ls", "bin.cat", False),
        ("main", "kernel", True),
    ],
)
def test_what_may_know_what(source, target, allowed):
    assert is_allowed(source, target) is allowed
