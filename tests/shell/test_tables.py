"""The tables of what is loaded late: each built-in and each kind of node is where its table says, and none is forgotten."""

import ast
import re

from harness import ROOT

SHELL = ROOT / "lib/shell"


def table(name):
    """The value of LATE in a module of the shell."""
    for node in ast.parse((SHELL / name).read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "LATE":
            return ast.literal_eval(node.value)
    raise AssertionError(name)


def bound(module):
    """{name: its value's node} of what a module binds at its top."""
    found = {}
    for node in ast.parse((SHELL / (module.replace(".", "/") + ".py")).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    return found


def late_built_ins():
    """[(module, names)] of the built-ins that are loaded late."""
    lines = table("resolve.py").decode().splitlines()
    return [(module, names.split()) for module, _, names in (line.partition(":") for line in lines)]


def test_each_late_built_in_is_where_the_table_says():
    for module, names in late_built_ins():
        found = bound(module)
        for name in names:
            assert "b_" + {".": "dot"}.get(name, name) in found, f"{name} in {module}"


def test_no_built_in_is_forgotten():
    late = [name for _, names in late_built_ins() for name in names]
    early = [key.value for key in bound("resolve")["TABLE"].keys]
    assert len(late + early) == len(set(late + early))
    known = {"b_" + name for name in late + early} | {"b_dot", "b_bracket"}
    for path in [*SHELL.glob("builtins/*.py"), *SHELL.glob("*.py")]:
        for name in bound(str(path.relative_to(SHELL))[:-3]):
            assert not name.startswith("b_") or name in known, name


def test_each_kind_of_node_has_its_handler_where_the_table_says():
    late = {}
    for module, kinds in table("ast.py"):
        handlers = [key.value for key in bound(module)["HANDLERS"].keys]
        assert sorted(handlers) == sorted(kinds.split()), module
        late.update(dict.fromkeys(handlers, module))
    described = set(re.findall(r'\("(\w+)", line', (SHELL / "ast.py").read_text()))
    assert described == set(late) | {"simple", "and_or", "list", "label"}
