# The rarer functions of jq (see jq.builtins): most filters save 12 kB by not loading this.

import math
from collections import OrderedDict

from micropython import const

from base.errors import Failure
from jq.builtins import by_keys
from jq.json import read, skip, text, tostring
from jq.values import Error, delete, each, floor, index, key_of, kind, need, put, whole
from process import cpu

_FLOATS = "log log2 log10 exp exp2 exp10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh trunc cbrt fabs"
_COPIES_MAX = const(65536)  # items of a transposed array

# Functions in jq.regexp and jq.formats.
WORDS = ("_match", "_test", "_captured", "split")
DATES = ("mktime", "gmtime", "localtime", "strftime", "strflocaltime", "strptime", "now")


def fromjson(value):
    data = need(value, "string").encode()
    try:
        found = read(data)
    except Failure as e:
        raise Error(e.reason)
    if found is None or skip(data, found[1]) < len(data):
        raise Error("not one JSON value: " + value)
    return found[0]


def contains(value, other):
    if isinstance(value, dict) and isinstance(other, dict):
        return all(
            key in value and kind(value[key]) == kind(item) and contains(value[key], item)
            for key, item in other.items()
        )
    if isinstance(value, list) and isinstance(other, list):
        return all(any(kind(mine) == kind(item) and contains(mine, item) for mine in value) for item in other)
    if isinstance(value, str) and isinstance(other, str):
        return other in value
    if kind(value) != kind(other):
        raise Error(f"{kind(value)} cannot contain {kind(other)}")
    return value == other


def flatten(value, depth=1000):
    if depth < 0:
        raise Error("flatten depth must not be negative")
    out = []
    stack = [(list(need(value, "array")), depth)]
    while stack:
        items, depth = stack.pop()
        while items:
            item = items.pop(0)
            if isinstance(item, list) and depth > 0:
                stack.append((items, depth))
                items, depth = list(item), depth - 1
            else:
                out.append(item)
    return out


def indices(value, what):
    if value is None:
        return None
    if isinstance(value, str):
        found = []
        at = value.find(need(what, "string"))
        while at >= 0 and what:
            found.append(at)
            at = value.find(what, at + 1)
        return found
    key = key_of(what)
    if not isinstance(what, list):
        return [i for i, item in enumerate(need(value, "array")) if key_of(item) == key]
    size = len(what)
    return [i for i in range(len(value) - size + 1) if size and key_of(value[i : i + size]) == key]


def unique(value, keys):
    """Return the first value for each key, in the order of the keys."""
    out = []
    last = None
    for key, item in by_keys(value, keys):
        if not out or key != last:
            out.append(item)
        last = key
    return out


def group_by(value, keys):
    out = []
    last = None
    for key, item in by_keys(value, keys):
        if out and key == last:
            out[-1].append(item)
        else:
            out.append([item])
        last = key
    return out


def from_entries(value):
    out = OrderedDict()
    for item in each(value):
        key = found = None
        for name in ("key", "k", "name", "Name", "Key", "K"):
            if key is None or key is False:
                key = index(item, name) if index(item, name) is not None else key
        for name in ("value", "v", "Value", "V"):
            if found is None and name in item:
                found = item[name]
        out[key if isinstance(key, str) else tostring(key)] = found
    return out


def transpose(value):
    width = max([len(need(row, "array")) for row in need(value, "array")] + [0])
    if width * len(value) > _COPIES_MAX:
        raise Failure("", f"more than {_COPIES_MAX} items")
    return [[index(row, i) for row in value] for i in range(width)]


def bsearch(value, what):
    """Return the index of what in a sorted array, or -1 - the index where it would be inserted."""
    key = key_of(what)
    low, high = 0, len(need(value, "array"))
    while low < high:
        middle = (low + high) // 2
        if key_of(value[middle]) < key:
            low = middle + 1
        else:
            high = middle
    return low if low < len(value) and key_of(value[low]) == key else -1 - low


def count(value, start, end, step):
    """range"""
    if kind(start) != "number" or kind(end) != "number" or kind(step) != "number":
        raise Error("a range has numbers")
    while start < end if step > 0 else step < 0 and start > end:
        yield start
        start += step


def environment(value):
    """Return the environment as an object."""
    out = OrderedDict()
    for name, found in cpu.current.env.items():
        out[name] = found if isinstance(found, str) else str(found)
    return out


def log_to_stderr(value, message):
    """Write message to standard error and return value."""
    cpu.current.stderr.write(message)
    return value


def character(code):
    """Return the character for a code point; a surrogate, which UTF-8 has no bytes for, becomes U+FFFD."""
    if not 0 <= code < 0x110000:
        raise Error("invalid codepoint")
    code = int(code)
    return chr(0xFFFD if 0xD800 <= code < 0xE000 else code)


def stopped(value, status):
    """halt_error"""
    if not abs(need(status, "number")) < 1e9:
        raise Error("halt_error/1: number required")
    cpu.current.stderr.write(value if isinstance(value, str) else tostring(value) + "\n")
    raise SystemExit(int(status))


def ended(value):
    raise SystemExit(0)


def setpath(value, path, new):
    return put(value, path, new)


def delpaths(value, paths):
    return delete(value, need(paths, "array"))


def mathematics(key):
    """Return the function of the module math for key, or None."""
    name, count = key
    if count == 0 and name in _FLOATS.split():
        return lambda value: calculated(name, value)
    return None


def calculated(name, *values):
    for value in values:
        need(value, "number")
    try:
        if name == "exp10":
            return whole(10.0 ** values[0])
        if name == "exp2":
            return whole(2.0 ** values[0])
        if name == "cbrt":
            return whole(math.copysign(round(abs(values[0]) ** (1 / 3), 15), values[0]))
        if name == "log" and not values[0]:
            return float("-inf")
        return whole(float(getattr(math, name)(*values)))
    except (ValueError, ZeroDivisionError):
        return float("nan")
    except OverflowError:
        return float("inf")


SIMPLE = {
    ("fromjson", 0): fromjson,
    ("utf8bytelength", 0): lambda v: len(need(v, "string").encode()),
    ("contains", 1): contains,
    ("flatten", 0): flatten,
    ("flatten", 1): flatten,
    ("ceil", 0): lambda v: -floor(-need(v, "number")),
    ("round", 0): lambda v: floor(abs(need(v, "number")) + 0.5) * (1 if v > 0 else -1),
    ("sqrt", 0): lambda v: whole(v**0.5) if need(v, "number") >= 0 else float("nan"),
    ("abs", 0): lambda v: abs(need(v, "number")),
    ("pow", 2): lambda v, a, b: calculated("pow", a, b),
    ("atan2", 2): lambda v, a, b: calculated("atan2", a, b),
    ("fmin", 2): lambda v, a, b: min(a, b),
    ("fmax", 2): lambda v, a, b: max(a, b),
    ("fmod", 2): lambda v, a, b: calculated("fmod", a, b),
    ("explode", 0): lambda v: [ord(c) for c in need(v, "string")],
    ("implode", 0): lambda v: "".join([character(need(code, "number")) for code in need(v, "array")]),
    ("rtrimstr", 1): lambda v, t: (
        v[: -len(t)] if t and isinstance(v, str) and isinstance(t, str) and v.endswith(t) else v
    ),
    ("trim", 0): lambda v: need(v, "string").strip(),
    ("ltrim", 0): lambda v: need(v, "string").lstrip(),
    ("rtrim", 0): lambda v: need(v, "string").rstrip(),
    ("index", 1): lambda v, what: (indices(v, what) or [None])[0],
    ("rindex", 1): lambda v, what: (indices(v, what) or [None])[-1],
    ("indices", 1): indices,
    ("from_entries", 0): from_entries,
    ("transpose", 0): transpose,
    ("bsearch", 1): bsearch,
    ("setpath", 2): setpath,
    ("delpaths", 1): delpaths,
    ("unique", 0): lambda v: unique(v, v),
    ("_unique_by", 1): unique,
    ("_group_by", 1): group_by,
    ("infinite", 0): lambda v: float("inf"),
    ("nan", 0): lambda v: float("nan"),
    ("isnan", 0): lambda v: need(v, "number") != v,
    ("isinfinite", 0): lambda v: abs(need(v, "number")) == float("inf"),
    ("isnormal", 0): lambda v: v == v and v != 0 and abs(need(v, "number")) != float("inf"),
    ("env", 0): environment,
    ("debug", 0): lambda v: log_to_stderr(v, f'["DEBUG:",{text(v)}]\n'),
    ("debug", 1): lambda v, message: log_to_stderr(v, f'["DEBUG:",{text(message)}]\n'),
    ("stderr", 0): lambda v: log_to_stderr(v, text(v)),
    ("halt", 0): ended,
    ("halt_error", 1): stopped,
    ("builtins", 0): lambda v: known(),
}

SEVERAL = {
    ("_range", 3): count,
}


def known():
    """Return the names of all functions with the number of their arguments."""
    from jq import builtins, formats, regexp  # late: only for `builtins`

    found = []
    for table in (SIMPLE, SEVERAL, builtins.SIMPLE, builtins.DEEP, regexp.SIMPLE, formats.SIMPLE):
        found.extend([f"{name}/{count}" for name, count in table if name[0] != "_"])
    found.extend([line[: line.find(" ")] for line in builtins.definitions() if line[0] not in "#_"])
    return found + [name + "/0" for name in _FLOATS.split()]
