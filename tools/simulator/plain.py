"""The files that stay sources in every image, stripped of comments and docstrings."""

import ast
import re
import sys

from simulator import compiled

INDENT = 4  # of ast.unparse()


def stripped(source):
    """A Python source without comments, docstrings and empty lines, and with indents of one space.

    A comment in the first line stays: boot.py knows its own main.py by it.
    """
    first = source.partition("\n")[0]
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    text = re.sub("^ +", lambda indent: " " * (len(indent[0]) // INDENT), ast.unparse(tree), flags=re.MULTILINE)
    text = re.sub("\n\n+", "\n", text)
    if ast.dump(ast.parse(text)) != ast.dump(tree):
        raise ValueError("%s: means something else without its comments" % first)
    return (first + "\n" if first.startswith("#") else "") + text + "\n"


def kept(path):
    """The path of a file with the stripped source of another, made once for each source."""
    with open(path, "rb") as file:
        data = file.read()
    key = b"%s\0%s\0%s" % (sys.version.encode(), compiled.VERSION.encode(), data)  # unparse() is that of this Python
    return compiled.kept(key, ".plain.py", lambda: stripped(data.decode()).encode())
