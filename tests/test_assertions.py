"""Every test asserts something, itself or in a helper."""

import ast
from collections import defaultdict

from harness import ROOT

DEPTH = 5  # calls from a test to the helper that asserts
# What fails on its own: of pytest, pexpect, and subprocess.run(check=True).
FAILING = {"raises", "fail", "expect", "expect_exact"}


def name_of(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def asserts(function):
    """True if a function has an assertion of its own."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Assert, ast.Raise)):
            return True
        if isinstance(node, ast.Call):
            checks = any(word.arg == "check" and getattr(word.value, "value", False) for word in node.keywords)
            if checks or name_of(node) in FAILING:
                return True
    return False


def test_every_test_asserts_something():
    calls = defaultdict(set)  # name of a function: those that it calls
    good = set()  # names of functions that assert
    tests = {}
    for path in (ROOT / "tests").rglob("*.py"):
        shared = path.name in (
            "conftest.py",
            "harness.py",
        )  # starts boards and runs commands: that it works is no assertion
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                name = node.name
                if name.startswith("test_") and path.name.startswith("test_"):
                    name = tests.setdefault((path, node.lineno), f"{path.relative_to(ROOT)}: {node.name}")
                if not shared:
                    calls[name] |= {name_of(inner) for inner in ast.walk(node) if isinstance(inner, ast.Call)}
                if asserts(node) and (not shared or name.startswith("wait")):
                    good.add(name)
    assert len(tests) > 1000
    for _ in range(DEPTH):
        good |= {name for name in calls if calls[name] & good}
    assert not sorted(set(tests.values()) - good)
