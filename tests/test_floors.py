"""The floors of the house hold: an import goes down, or sideways inside a room; no modules import each other in a circle.

All imports of the board's code are read from its sources, those inside functions too (floors.py).
"""

import pytest
from floors import circles, early, edges, imports, is_allowed, modules, unexplained

CIRCLE_MAX = 9  # modules that reach each other by late imports, too: expansion, whose rarer forms are loaded late


@pytest.fixture(scope="module")
def all_imports():
    return imports(modules())


def test_imports_go_down_or_sideways_inside_a_room(all_imports):
    assert sorted((each.source, each.target) for each in all_imports if not is_allowed(each.source, each.target)) == []


def test_no_modules_import_each_other_in_a_circle(all_imports):
    assert circles(early(all_imports)) == []


def test_circles_through_late_imports_stay_small(all_imports):
    assert [group for group in circles(edges(all_imports)) if len(group) > CIRCLE_MAX] == []


def test_programs_import_no_program(all_imports):
    assert [each for each in all_imports if each.target.startswith("bin.")] == []


def test_imports_inside_functions_give_a_reason():
    assert unexplained(modules()) == []


def test_imports_without_a_reason_are_found(tmp_path):
    source = tmp_path / "m.py"
    source.write_text(
        "def f():\n    import a\n    if a:\n        import b  # noqa: F401\n    import c  # late: rare\n    import d\n"
        "    try:\n        import e\n    except ImportError:\n        import g\n    # the reason\n    import h\n"
        "    h = 1\n    import i  # noqa: F401  (late: rare)\n    for _ in h:\n        import j\n"
    )
    assert unexplained({"m": source}) == ["m:2", "m:4", "m:10", "m:16"]


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
