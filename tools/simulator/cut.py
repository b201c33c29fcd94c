"""A Python module without what nobody uses of it: for libraries of which a board needs a part."""

import ast


def cut(text, left_out, imports):
    """The source without the definitions, assignments and imports of some names, NAME or CLASS.NAME.

    imports: {module: the one that is imported instead}. KeyError where there is no such name.
    """
    tree = ast.parse(text)
    rest = set(left_out)
    _cut_body(tree, "", rest)
    if rest:
        raise KeyError(min(rest))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in imports:
            node.module = imports[node.module]
    return ast.unparse(tree) + "\n"


def _cut_body(node, prefix, rest):
    body = []
    for item in node.body:
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            item.names = [alias for alias in item.names if not _is_taken(prefix + alias.name, rest)]
            if not item.names:
                continue
        elif any(_is_taken(prefix + name, rest) for name in _names(item)):
            continue
        if isinstance(item, ast.ClassDef):
            _cut_body(item, item.name + ".", rest)
        body.append(item)
    node.body = body or [ast.Pass()]


def _is_taken(name, rest):
    found = name in rest
    rest.discard(name)
    return found


def _names(item):
    """What a statement defines."""
    if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [item.name]
    if isinstance(item, ast.Assign):
        return [target.id for target in item.targets if isinstance(target, ast.Name)]
    return []
