"""Files that a board must be able to use without lib/: what they share with it is copied into them.

In the tree such a file says `from repository.manifest import allowed, numbers`, so that each rule stands once. What a board
gets has these functions in place of that line, with the functions and constants that they use, from wherever they import them.
"""

import ast
import os

from simulator import compiled

FILES = ("rescue.py",)
SHARED = ("base", "repository", "update")  # packages of lib/
ALONE = "recovery"  # another such file


def path(tree, name):
    """The path of a file of the tree as a board gets it."""
    source = os.path.join(tree, name)
    if name not in FILES or not os.path.isfile(source):
        return source
    text = read(source)
    complete = with_copies(text, tree)
    return source if complete == text else compiled.kept_text(complete.encode())


def with_copies(text, tree):
    """The source with what it imports from shared modules in place of the imports."""
    body = ast.parse(text).body
    copied = {name: "" for node in body for name in defined(node)}  # what stands there already
    lines = text.split("\n")
    found = []
    for node in body:
        if is_shared(node):
            for alias in node.names:
                del copied[alias.name]
            found.append((node, copies(node.module, [alias.name for alias in node.names], copied, tree)))
    for node, segments in reversed(found):
        lines[node.lineno - 1 : node.end_lineno] = ["\n".join(segments)]
    return "\n".join(lines)


def is_shared(node):
    return isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] in (*SHARED, ALONE)


def source_of(module, tree):
    """The path of a module's source in the tree."""
    if module == ALONE:
        return os.path.join(tree, module + ".py")
    path = os.path.join(tree, "lib", *module.split("."))
    return os.path.join(path, "__init__.py") if os.path.isdir(path) else path + ".py"


def copies(module, wanted, copied, tree):
    """The definitions of names in a module and of what these use, in an order that works; `copied` has those done, by name."""
    text = read(source_of(module, tree))
    body, lines = ast.parse(text).body, text.split("\n")
    known = {name for node in body for name in defined(node)}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise ValueError("%s: does not define %s" % (module, ", ".join(missing)))
    here = {name for node in body if not isinstance(node, (ast.Import, ast.ImportFrom)) for name in defined(node)}
    needed, waiting = set(), list(wanted)
    while waiting:
        name = waiting.pop()
        if name in here and copied.get(name, module) not in ("", module):
            raise ValueError("%s: %s is defined in %s, too" % (module, name, copied[name]))
        if name in known and name not in needed and name not in copied:
            needed.add(name)
            nodes = [node for node in body if name in defined(node) and not is_shared(node)]
            waiting += [use.id for node in nodes for use in ast.walk(node) if isinstance(use, ast.Name)]
    segments = []
    for node in body:
        names = needed.intersection(defined(node))
        if is_shared(node) and names:
            segments += copies(node.module, sorted(names), copied, tree)
        elif names:
            if isinstance(node, ast.ImportFrom) and os.path.isdir(
                os.path.join(tree, "lib", node.module.partition(".")[0])
            ):
                raise ValueError("%s: what is copied needs %s" % (module, node.module))
            blank = "\n\n" * isinstance(node, (ast.FunctionDef, ast.ClassDef))
            segments.append(blank + source_segment(lines, node))
        copied.update(dict.fromkeys(names, module))
    return segments


def source_segment(lines, node):
    """ast.get_source_segment() of a statement at the top, without taking the text apart for each of them."""
    last = lines[node.end_lineno - 1].encode()[: node.end_col_offset].decode()
    return "\n".join([*lines[node.lineno - 1 : node.end_lineno - 1], last])


def defined(node):
    """The names that a statement at the top of a module defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name for alias in node.names]
    if isinstance(node, ast.AugAssign):
        return [node.target.id]
    return [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]


def read(source):
    with open(source, encoding="utf-8") as file:
        return file.read()
