# Values of jq: their kinds and order, what is in them, and the operators between them.

from collections import OrderedDict

from base.errors import Failure

NOTHING = object()


class Error(Failure):
    """An error of a filter: what `?` and try catch."""

    def __init__(self, text, value=NOTHING):
        super().__init__("", text, 5)
        self.value = text if value is NOTHING else value


def kind(value):
    """The name of a type as jq has it."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float)):
        return "number"
    return "object" if isinstance(value, dict) else "array"


def true(value):
    return value is not None and value is not False


def key_of(value):
    """What sorts values as jq does: null, false, true, numbers, strings, arrays, objects."""
    if value is None:
        return (0,)
    if value is True or value is False:
        return (1 + value,)
    if isinstance(value, str):
        return (4, value)
    if isinstance(value, (int, float)):
        return (3, value) if value == value else (2, value)
    if isinstance(value, dict):
        keys = sorted(value)
        return (6, keys, [key_of(value[key]) for key in keys])
    return (5, [key_of(item) for item in value])


def whole(number):
    """A float without a fraction as an int."""
    if isinstance(number, float) and abs(number) < 1e15 and number == int(number):
        return int(number)
    return number


def each(item):
    """.[]"""
    if isinstance(item, dict):
        return list(item.values())
    if isinstance(item, list):
        return item
    raise Error(f"cannot iterate over {kind(item)}")


def index(item, key):
    """.[key]"""
    if item is None and (key is None or isinstance(key, (str, int, float))):
        return None
    if isinstance(item, dict) and isinstance(key, str):
        return item.get(key)
    if isinstance(item, list) and kind(key) == "number":
        key = int(key // 1)
        return item[key] if -len(item) <= key < len(item) else None
    if isinstance(item, list) and isinstance(key, list):
        from text.jqmore import indices

        return indices(item, key)
    name = f'"{key}"' if isinstance(key, str) else kind(key)
    raise Error(f"cannot index {kind(item)} with {name}")


def cut(item, start, end):
    """.[start:end]"""
    if item is None:
        return None
    if not isinstance(item, (str, list)):
        raise Error(f"cannot cut {kind(item)}")
    start, end = span(item, start, end)
    return item[start:end]


def span(item, start, end):
    """The two places of item[start:end], as numbers from its beginning."""
    size = len(item)
    places = []
    for at, default in ((start, 0), (end, size)):
        at = default if at is None else int(at // 1)
        places.append(min(max(at + size if at < 0 else at, 0), size))
    return places[0], max(places)


def binary(op, a, b):
    """One of + - * / % or a comparison."""
    if op in ("==", "!="):
        return (key_of(a) == key_of(b)) == (op == "==")
    if op[0] in "<>":
        x, y = key_of(a), key_of(b)
        return x < y if op == "<" else x <= y if op == "<=" else x > y if op == ">" else x >= y
    kinds = (kind(a), kind(b))
    if kinds == ("number", "number"):
        return arithmetic(op, a, b)
    if op == "+":
        if a is None or b is None:
            return b if a is None else a
        if kinds[0] == kinds[1] and kinds[0] in ("string", "array"):
            return a + b
        if kinds == ("object", "object"):
            return merged(a, b)
    elif op == "-" and kinds == ("array", "array"):
        return [item for item in a if item not in b]
    elif op == "*" and kinds == ("string", "number"):
        return a * int(b) if b > 0 else None
    elif op == "*" and kinds == ("object", "object"):
        return merged(a, b, True)
    elif op == "/" and kinds == ("string", "string"):
        return a.split(b) if b else list(a)
    verb = {"+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "%": "divided"}[op]
    raise Error(f"{kinds[0]} and {kinds[1]} cannot be {verb}")


def arithmetic(op, a, b):
    if op in "/%" and not (int(b) if op == "%" else b):
        raise Error("division by zero")
    if op == "+":
        return whole(a + b)
    if op == "-":
        return whole(a - b)
    if op == "*":
        return whole(a * b)
    if op == "/":
        return a // b if isinstance(a, int) and isinstance(b, int) and a % b == 0 else whole(a / b)
    rest = abs(int(a)) % abs(int(b))
    return -rest if a < 0 else rest


def merged(a, b, deep=False):
    """a with what b has; deep: objects in both are merged, too."""
    out = OrderedDict(a.items())
    for key, item in b.items():
        if deep and isinstance(out.get(key), dict) and isinstance(item, dict):
            item = merged(out[key], item, True)
        out[key] = item
    return out


def everything(value):
    """value and all below it: `..`"""
    found = [value]
    at = 0
    while at < len(found):
        item = found[at]
        below = list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else ()
        found[at + 1 : at + 1] = below
        at += 1
    return found
