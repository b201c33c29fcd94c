"""A Python module without what nobody uses of it: for libraries of which a board needs a part."""

import ast


def cut(text, left_out, imports):
    """The source without the definitions, assignments and imports of some names, NAME or CLASS.NAME.

    imports: {module: the one that is imported instead}. KeyError where there is no such name.
    """
    tree = ast.parse(text)
    found = set()
    _cut_body(tree, "", left_out, found)
    if found != set(left_out):
        raise KeyError(min(set(left_out) - found))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in imports:
            node.module = imports[node.module]
    return ast.unparse(tree) + "\n"


def _cut_body(node, prefix, left_out, found):
    node.body = _kept(node.body, prefix, left_out, found) or [ast.Pass()]


def _kept(items, prefix, left_out, found):
    """What is left of some statements."""

    def is_taken(name):
        if prefix + name in left_out:
            found.add(prefix + name)
            return True
        return False

    body = []
    for item in items:
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            item.names = [alias for alias in item.names if not is_taken(alias.name)]
            if not item.names:
                continue
        elif [name for name in _names(item) if is_taken(name)]:
            continue
        if isinstance(item, ast.ClassDef):
            _cut_body(item, item.name + ".", left_out, found)
        elif isinstance(item, ast.Try):  # one name in several ways: for this interpreter or that
            item.body = _kept(item.body, prefix, left_out, found)
            for handler in item.handlers:
                _cut_body(handler, prefix, left_out, found)
            if not item.body:
                continue
        body.append(item)
    return body


def _names(item):
    """What a statement defines."""
    if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [item.name]
    if isinstance(item, ast.Assign):
        return [target.id for target in item.targets if isinstance(target, ast.Name)]
    return []
