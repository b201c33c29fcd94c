"""The imports of the board's code, by floors and rooms; `python tests/floors.py [DIR]` prints what the house is made of."""

import ast
import sys
from collections import Counter, namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# From below: what may know what.
FLOORS = {"base": 0, "process": 1, "net": 2, "shell": 4, "services": 5, "kernel": 6, "face": 7, "bin": 8, "start": 9}
SUBJECTS = 3  # all rooms that FLOORS does not name

# Single files of lib/, by the room that they belong to.
ROOM_OF = {
    "wireless": "net",
    "transfer": "program",
    "manual": "program",
    "sdata": "face",
    "utls": "face",
    "queue": "face",
    "upyos": "face",
    "packs": "base",
    "romfs": "base",
}
SHARED = ("program", "text", "regex", "repository")  # rooms of the subjects' floor that all others on it may know

START = ("boot", "main")  # files beside lib/
BY_NAME = ("preload", "__import__", "attach")  # functions that import what their arguments name
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

Import = namedtuple("Import", "source target late")


def modules(root=ROOT):
    """{name: path} of the board's modules; a program is bin.NAME."""
    found = {name: root / (name + ".py") for name in START}
    for path in sorted((root / "lib").rglob("*.py")):
        parts = path.relative_to(root / "lib").with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    for path in sorted((root / "bin").glob("*.py")):
        found["bin." + path.stem] = path
    return found


def room(module):
    first = module.partition(".")[0]
    return "start" if first in START else ROOM_OF.get(first, first)


def floor(module):
    return FLOORS.get(room(module), SUBJECTS)


def is_allowed(source, target):
    if floor(source) != floor(target):
        return floor(source) > floor(target)
    return room(source) == room(target) != "bin" or room(target) in SHARED


def names(node):
    """The modules that a node of a syntax tree imports, as they are written; what may be an attribute, too."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert not node.level, "a relative import"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", None))
        if called in BY_NAME:
            return [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return []


def walk(node, late=False):
    """Yield (node, whether it is inside a function) for all below a node."""
    late = late or isinstance(node, (*FUNCTIONS, ast.Lambda))
    for child in ast.iter_child_nodes(node):
        yield child, late
        yield from walk(child, late)


def imports(found):
    """All imports between these modules; one that is both late and early counts as early."""
    known = {}
    for source, path in found.items():
        for node, late in walk(ast.parse(path.read_text())):
            for name in names(node):
                while name and name not in found:
                    name = name.rpartition(".")[0]
                if name and name != source:
                    known[source, name] = late and known.get((source, name), True)
    return [Import(source, target, late) for (source, target), late in known.items()]


def blocks(node, late=False):
    """Yield (the statements of a block, whether it tries an import) for all blocks inside functions."""
    late = late or isinstance(node, FUNCTIONS)
    for field, value in ast.iter_fields(node):
        if late and isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            caught = [
                name.id for each in getattr(node, "handlers", ()) for name in ast.walk(each) if hasattr(name, "id")
            ]
            yield value, field == "body" and "ImportError" in caught
    for child in ast.iter_child_nodes(node):
        yield from blocks(child, late)


def unexplained(found):
    """The imports inside functions whose line gives no reason, as "MODULE:LINE".

    One reason is enough for imports that follow each other, and a try with an `except ImportError` is one.
    """
    missing = []
    for module, path in found.items():
        text = path.read_text()
        lines = text.splitlines()
        for block, probes in blocks(ast.parse(text)):
            explained = probes
            for node in block:
                if not isinstance(node, (ast.Import, ast.ImportFrom)):
                    explained = probes
                    continue
                comment = lines[node.end_lineno - 1].partition("#")[2].strip()
                above = lines[node.lineno - 2].strip().startswith("#")
                explained = explained or above or bool(comment) and (not comment.startswith("noqa") or "(" in comment)
                if not explained:
                    missing.append(f"{module}:{node.lineno}")
    return missing


def edges(all_imports):
    """{module: those that it imports}."""
    found = {}
    for each in all_imports:
        found.setdefault(each.source, set()).add(each.target)
    return found


def early(all_imports):
    """{module: those that it imports at its top}."""
    return edges(each for each in all_imports if not each.late)


def circles(graph):
    """The groups of modules that import each other in circles (Tarjan's strongly connected components)."""
    number, low, stack, found = {}, {}, [], []

    def visit(module):
        number[module] = low[module] = len(number)
        stack.append(module)
        for target in graph.get(module, ()):
            if target not in number:
                visit(target)
            if target in stack:
                low[module] = min(low[module], low[target])
        if low[module] == number[module]:
            at = stack.index(module)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for module in graph:
        if module not in number:
            visit(module)
    return [group for group in found if len(group) > 1]


def figures(root=ROOT):
    """{what: how many} of the house."""
    found = modules(root)
    trees = {name: ast.parse(path.read_text()) for name, path in found.items()}
    nodes = [(node, late) for tree in trees.values() for node, late in walk(tree)]
    sizes = [node.end_lineno - node.lineno + 1 for node, _ in nodes if isinstance(node, FUNCTIONS)]
    all_imports = imports(found)
    importers = Counter(each.target for each in all_imports)
    return {
        "modules": len(found),
        "lines": sum(len(path.read_text().splitlines()) for path in found.values()),
        "files of lib/text": len(list((root / "lib" / "text").glob("*.py"))),
        "modules with one importer": sum(count == 1 for count in importers.values()),
        "imports inside functions": sum(
            late and isinstance(node, (ast.Import, ast.ImportFrom)) for node, late in nodes
        ),
        "lines of the largest function": max(sizes),
        "functions of more than 60 lines": sum(size > 60 for size in sizes),
        "imports that go up or sideways": sum(not is_allowed(each.source, each.target) for each in all_imports),
        "circles of imports at the top of modules": len(circles(early(all_imports))),
        "modules in the largest circle, with imports inside functions": max(map(len, circles(edges(all_imports)))),
    }


if __name__ == "__main__":
    for what, count in figures(Path(*sys.argv[1:]).resolve() if sys.argv[1:] else ROOT).items():
        print(f"{count:7,}  {what}")
