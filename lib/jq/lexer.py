# The tokens of jq's language.

from collections import OrderedDict
from json import loads

from base.errors import Failure

# Precedence of the operators; levels 2 and 4 are right-associative.
POWER = {"|": 1, ",": 2, "//": 3, "or": 5, "and": 6, "+": 8, "-": 8, "*": 9, "/": 9, "%": 9}
for _op in ("=", "|=", "+=", "-=", "*=", "/=", "%=", "//="):
    POWER[_op] = 4
for _op in ("==", "!=", "<", "<=", ">", ">="):
    POWER[_op] = 7


def tokens(text):
    """Return the tokens of a program: (kind, value). Kinds: "n" number, "s" string parts, "w" word, "" symbol, or . $ @."""
    found = []
    i = 0
    n = len(text)
    while i < n:
        c = text[i]
        if c in " \t\r\n":
            i += 1
        elif c == "#":
            while i < n and text[i] != "\n":
                i += 1
        elif c == '"':
            parts, i = string(text, i + 1)
            found.append(("s", parts))
        elif c.isdigit() or (c == "." and text[i + 1 : i + 2].isdigit()):
            start = i
            while i < n and (text[i].isdigit() or text[i] in ".eE" or (text[i] in "+-" and text[i - 1] in "eE")):
                i += 1
            found.append(("n", number(text[start:i])))
        elif c.isalpha() or c == "_" or (c in "$@." and (text[i + 1 : i + 2].isalpha() or text[i + 1 : i + 2] == "_")):
            start = i
            i += 1
            while i < n and (text[i].isalpha() or text[i].isdigit() or text[i] == "_"):
                i += 1
            word = text[start:i]
            if word == "$__loc__":
                word = OrderedDict((("file", "<top-level>"), ("line", text[:i].count("\n") + 1)))
                found.append(("n", word))
                continue
            found.append((c, word[1:]) if c in "$@." else ("w", word))
        else:
            for size in (3, 2, 1):
                sign = text[i : i + size]
                if sign in POWER or sign in ("?//", "..") or (size == 1 and sign in ".[](){}:;?"):
                    break
            else:
                raise Failure("", f"unexpected {c} in the filter")
            found.append(("", sign))
            i += len(sign)
    return found


def number(text):
    try:
        value = float(text)
        if "e" in text.lower():
            return int(value) if abs(value) < 1e15 and value == int(value) else value
        return value if "." in text else int(text)
    except ValueError:
        raise Failure("", f"not a number in the filter: {text}")


def string(text, i):
    """Parse a string at index i: (parts, index after it). An interpolation \\( ) is a list of tokens."""
    parts = []
    start = i
    while i < len(text):
        c = text[i]
        if c == '"':
            parts.append(loads('"' + text[start:i] + '"'))
            return parts, i + 1
        if c == "\\" and text[i + 1 : i + 2] == "(":
            parts.append(loads('"' + text[start:i] + '"'))
            depth = 1
            begin = i = i + 2
            while depth:
                if i >= len(text):
                    raise Failure("", "unfinished \\( in the filter")
                if text[i] == '"':
                    _, i = string(text, i + 1)
                    continue
                depth += (text[i] == "(") - (text[i] == ")")
                i += 1
            parts.append(tokens(text[begin : i - 1]))
            start = i
            continue
        i += 2 if c == "\\" else 1
    raise Failure("", "unfinished string in the filter")
