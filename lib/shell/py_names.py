# TAB in Python code: names of the namespace, of the language and of the attributes of what stands before a dot.

import builtins
import os
import sys

_KEYWORDS = (
    "and as assert async await break class continue def del elif else except finally for from global if import in is "
    "lambda nonlocal not or pass raise return try while with yield True False None"
)


def press(editor, key):
    """TAB at the Python prompt; editor.owner is its namespace. At the beginning of a line it indents."""
    line = editor.text[: editor.at]
    if line[line.rfind("\n") + 1 :].strip():
        complete(editor, editor.owner)
    else:
        editor.replace(editor.at, editor.at, "    ")


def complete(editor, space):
    """Complete the name before the cursor."""
    from shell import completion

    text = editor.text
    start = end = editor.at
    while start and (text[start - 1].isalpha() or text[start - 1].isdigit() or text[start - 1] in "_."):
        start -= 1
    parts = text[start:end].split(".")
    prefix = parts.pop()
    before = text[text.rfind("\n", 0, start) + 1 : start].split()
    if before and (before[-1] == "import" or before[-1] == "from") and not parts and before[:1] != ["from", "import"]:
        found = modules() if before[0] != "from" or len(before) == 1 else exported(before[1])
    elif parts:
        found = attributes(space, parts)
    else:
        found = list(space) + dir(builtins) + _KEYWORDS.split()
    found = [name for name in found if name.startswith(prefix) and (prefix or name[:1] != "_")]
    completion.choose(editor, end - len(prefix), found)


def attributes(space, parts):
    """The names of the attributes of a.b.c, without calling anything."""
    if parts[0] in space:
        value = space[parts[0]]
    else:
        value = getattr(builtins, parts[0], None)
    for name in parts[1:]:
        value = getattr(value, name, None)
    return [] if value is None else dir(value)


def exported(name):
    """The names of a module that is loaded."""
    module = sys.modules.get(name)
    return dir(module) if module else []


def modules():
    """The names of modules: those that are loaded, and the files along sys.path."""
    found = [name for name in sys.modules if "." not in name and "/" not in name]
    for directory in sys.path:
        try:
            for entry in os.listdir(directory or "."):
                name, dot, kind = entry.partition(".")
                if not dot or kind in ("py", "mpy"):
                    found.append(name)
        except OSError:
            pass
    return found
