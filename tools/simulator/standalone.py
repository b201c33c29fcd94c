"""Files that a board must be able to use without lib/: what they share with it is copied into them.

In the tree such a file says `from repository.manifest import allowed, numbers`, so that each rule stands once. What a board
gets has these functions instead of that line, with the functions and constants of the same module that they use.
"""

import ast
import os

from simulator import compiled
from simulator.environment import ROOT

FILES = ("rescue.py",)
LIB = os.path.join(ROOT, "lib")
SHARED = {"recovery": "recovery.py", "repository": "lib/repository"}  # where from: a file, or a directory of modules


def path(tree, name):
    """The path of a file of the tree as a board gets it."""
    source = os.path.join(tree, name)
    if name not in FILES or not os.path.isfile(source):
        return source
    with open(source, encoding="utf-8") as file:
        text = file.read()
    complete = with_copies(text, tree)
    return source if complete == text else compiled.kept_text(complete.encode())


def with_copies(text, tree):
    """The source with what it imports from shared modules in place of the imports."""
    own = {name for node in ast.parse(text).body for name in defined(node)}
    lines = text.split("\n")
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in SHARED:
            wanted = [alias.name for alias in node.names]
            lines[node.lineno - 1 : node.end_lineno] = [copies(module_path(node.module, tree), wanted, own)]
    return "\n".join(lines)


def module_path(module, tree):
    first, _, rest = module.partition(".")
    return os.path.join(tree, SHARED[first], rest + ".py") if rest else os.path.join(tree, SHARED[first])


def copies(source, wanted, own):
    """The definitions of names in a module, and of what they use there but for own, in the order of the module.

    Of imports these may use what the firmware has.
    """
    with open(source, encoding="utf-8") as file:
        text = file.read()
    body = ast.parse(text).body
    known = {name: node for node in body for name in defined(node)}
    needed, waiting = set(), list(wanted)
    while waiting:
        name = waiting.pop()
        if name in known and name not in needed and (name in wanted or name not in own):
            needed.add(name)
            waiting += [node.id for node in ast.walk(known[name]) if isinstance(node, ast.Name)]
    missing = [name for name in wanted if name not in needed]
    if missing:
        raise ValueError("%s: does not define %s" % (source, ", ".join(missing)))
    found = [node for node in body if needed.intersection(defined(node))]
    for node in found:
        if isinstance(node, ast.ImportFrom) and os.path.exists(os.path.join(LIB, node.module.partition(".")[0])):
            raise ValueError("%s: what is copied needs %s" % (source, node.module))
    lines = ["\n\n" * isinstance(node, ast.FunctionDef) + ast.get_source_segment(text, node) for node in found]
    return "\n".join(lines)


def defined(node):
    """The names that a statement at the top of a module defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name for alias in node.names]
    if isinstance(node, ast.AugAssign):
        return [node.target.id]
    return [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]
