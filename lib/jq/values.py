# jq's values: types, order, indexing, paths and operators.

from collections import OrderedDict

from base.errors import Failure

INDEX_MAX = 65536
_ENDLESS = float("inf")

NOTHING = object()
LOST = ("nowhere",)


class Error(Failure):
    """An error in a filter, caught by `?` and try."""

    def __init__(self, text, value=NOTHING):
        super().__init__("", text, 5)
        self.value = text if value is NOTHING else value


def kind(value):
    """Return the name of a value's type."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float)):
        return "number"
    return "object" if isinstance(value, dict) else "array"


def need(value, *kinds):
    """Return value, or raise Error if it is not of one of these kinds."""
    if kind(value) not in kinds:
        raise Error(f"{kind(value)} instead of {' or '.join(kinds)}")
    return value


def true(value):
    return value is not None and value is not False


def key_of(value):
    """Return a sort key in jq's order: null, false, true, numbers, strings, arrays, objects."""
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
    """Return an integral float as an int."""
    if isinstance(number, float) and abs(number) < 1e15 and number == int(number):
        return int(number)
    return number


def floor(number):
    """Round down to an integer; keep NaN and infinity."""
    return int(number // 1) if abs(number) < _ENDLESS else number


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
        key = floor(key)
        return item[key] if -len(item) <= key < len(item) else None  # NaN is no index
    if isinstance(item, list) and isinstance(key, list):
        from jq.library import indices  # late: only for arrays as keys

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
    """Return start and end of item[start:end] as non-negative indices."""
    size = len(item)
    places = []
    for at, default in ((start, 0), (end, size)):
        if at is None or at != at:
            at = default
        else:
            at = -floor(-at) if places else floor(at)
        places.append(min(max(at + size if at < 0 else at, 0), size))
    return places[0], max(places)


def binary(op, a, b):
    """Apply + - * / % or a comparison."""
    if op in ("==", "!="):
        return (key_of(a) == key_of(b)) == (op == "==")
    if op[0] in "<>":
        x, y = key_of(a), key_of(b)
        if a != a and kind(b) == "number":
            return op[0] == "<"  # NaN is less than any number, even itself
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
        return a * (int(b) or 1) if 0 < b < _ENDLESS else None
    elif op == "*" and kinds == ("object", "object"):
        return merged(a, b, True)
    elif op == "/" and kinds == ("string", "string"):
        return a.split(b) if b else list(a)
    verb = {"+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "%": "divided"}[op]
    raise Error(f"{kinds[0]} and {kinds[1]} cannot be {verb}")


def arithmetic(op, a, b):
    if op == "%":
        a, b = truncated(a), truncated(b)
    if op in "/%" and not b:
        raise Error("division by zero")
    if op == "+":
        return whole(a + b)
    if op == "-":
        return whole(a - b)
    if op == "*":
        return whole(a * b)
    if op == "/":
        return a // b if isinstance(a, int) and isinstance(b, int) and a % b == 0 else whole(a / b)
    rest = whole(abs(a) % abs(b)) if abs(a) < _ENDLESS else float("nan")
    return -rest if a < 0 else rest


def truncated(number):
    """Drop the fraction, as % does."""
    return int(number) if abs(number) < _ENDLESS else number


def merged(a, b, deep=False):
    """Return a updated with b; deep: merge nested objects, too."""
    out = OrderedDict(a.items())
    for key, item in b.items():
        if deep and isinstance(out.get(key), dict) and isinstance(item, dict):
            item = merged(out[key], item, True)
        out[key] = item
    return out


def everything(value):
    """Return value and all its descendants: `..`"""
    found = [value]
    at = 0
    while at < len(found):
        item = found[at]
        below = list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else ()
        found[at + 1 : at + 1] = below
        at += 1
    return found


# --- paths: lists of keys, numbers and {"start": 1, "end": 2}


def lost(path):
    """Return the path of a computed value."""
    return None if path is None else LOST


def way(path, key):
    """Return path extended by key."""
    if path is None:
        return None
    if path is LOST:
        raise Error("Invalid path expression")
    return path + (key,)


def inside(value, path):
    """Yield value and its descendants, with their paths."""
    todo = [(value, path)]
    while todo:
        value, path = todo.pop()
        yield value, path
        if isinstance(value, (dict, list)):
            keys = list(value) if isinstance(value, dict) else range(len(value))
            todo.extend(reversed([(value[key], way(path, key)) for key in keys]))


def step(value, key):
    if isinstance(key, dict):
        return cut(value, key.get("start"), key.get("end"))
    return index(value, key)


def get(value, path):
    for key in path:
        if value is None:
            return None
        value = step(value, key)
    return value


def put(value, path, new):
    """Return value with new at path. Containers on the way are copied."""
    if not isinstance(path, (list, tuple)):
        raise Error("a path is an array")
    trail = []
    for key in path:
        trail.append((value, key))
        value = step(value, key)
    for holder, key in reversed(trail):
        new = with_item(holder, key, new)
    return new


def with_item(holder, key, new):
    """Return a copy of holder with new at key."""
    if isinstance(key, dict):
        if not isinstance(new, list):
            raise Error("a part of an array can only become an array")
        out = list(holder or [])
        start, end = span(out, key.get("start"), key.get("end"))
        out[start:end] = new
        return out
    if isinstance(key, str):
        out = OrderedDict(holder.items() if holder else ())
        out[key] = new
        return out
    if kind(key) != "number":
        raise Error(f"cannot index with {kind(key)}")
    out = list(holder or [])
    if not abs(key) < INDEX_MAX:
        raise Failure("", f"an array has at most {INDEX_MAX} items" if key == key else "NaN is no index")
    key = int(key)
    if key < 0:
        key += len(out)
    if key < 0:
        raise Error("out of bounds: negative index of an array")
    if key >= INDEX_MAX:
        raise Failure("", f"an array has at most {INDEX_MAX} items")
    while len(out) <= key:
        out.append(None)
    out[key] = new
    return out


def delete(value, found):
    """Return value without the given paths, deleting the last ones first."""
    for path in sorted(found, key=key_of, reverse=True):
        if not path:
            return None
        holder = get(value, path[:-1])
        key = path[-1]
        if isinstance(holder, dict) and isinstance(key, str):
            out = OrderedDict([pair for pair in holder.items() if pair[0] != key])
        elif isinstance(holder, list) and not isinstance(key, str):
            out = list(holder)
            if isinstance(key, dict):
                start, end = span(out, key.get("start"), key.get("end"))
                out[start:end] = []
            elif -len(out) <= key < len(out):
                del out[int(key)]
        elif holder is None:
            continue
        else:
            raise Error(f"cannot delete from {kind(holder)}")
        value = put(value, path[:-1], out)
    return value
