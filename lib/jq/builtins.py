# The most common functions of jq. jq.library, jq.regexp and jq.formats have the others, definitions.txt those written in
# jq itself. Functions in SIMPLE take the input and the values of their arguments; those in DEEP have the signature of the
# functions of jq.interpreter and take the trees of their arguments.

from collections import OrderedDict

from base.errors import Failure
from base.paths import exists
from jq.interpreter import INPUT, Break, following, nothing
from jq.json import text, tostring
from jq.values import LOST, NOTHING, Error, binary, each, floor, get, key_of, kind, lost, need, true, way, whole

_ready = {}  # (name, number of arguments): result of find()


def find(key):
    """Return (kind, function) of a function, or None. Import its module here, where the C stack is shallow."""
    found = _ready.get(key)
    if found:
        return found
    name = key[0]
    if name[0] == "@":
        if name not in ("@text", "@json"):
            from jq import formats  # noqa: F401  (late: few filters have any)
        found = ("simple", lambda value: formatted(name, value))
    elif key in SIMPLE:
        found = ("simple", SIMPLE[key])
    elif key in DEEP:
        found = ("deep", DEEP[key])
    else:
        found = _rarer(key)
    if found:
        _ready[key] = found
    return found


def _rarer(key):
    start = f"{key[0]}/{key[1]} "
    for line in definitions():
        if line.startswith(start):
            return ("own", line[len(start) :].strip())
    from jq import library  # late: rarer functions

    if key in library.SIMPLE:
        return ("simple", library.SIMPLE[key])
    if key in library.SEVERAL:
        return ("several", library.SEVERAL[key])
    if key[0] in library.WORDS:
        from jq import regexp  # late: with the first pattern

        return ("simple", regexp.SIMPLE[key]) if key in regexp.SIMPLE else None
    if key[0] in library.DATES:
        from jq import formats  # late: only for @formats and dates

        return ("simple", formats.SIMPLE[key]) if key in formats.SIMPLE else None
    function = library.mathematics(key)
    return ("simple", function) if function else None


def definitions():
    """Yield the lines of definitions.txt."""
    for place in (__file__.rsplit("/", 1)[0], "/lib/jq", "/rom/lib/jq"):  # in a pack, __file__ differs
        if exists(place + "/definitions.txt"):
            with open(place + "/definitions.txt") as file:
                yield from file
            return


def prepare(calls):
    """Resolve all functions that a filter calls, directly or not. Raise Failure if one is not defined."""
    todo = list(calls)
    while todo:
        key = todo.pop()
        if key[0] == "%rare":
            from jq import constructs  # noqa: F401  (late: few filters need it)

            continue
        found = find(key)
        if not found:
            raise Failure("", f"{key[0]}/{key[1]} is not defined", 3)
        if found[0] == "own" and isinstance(found[1], str):
            from jq import constructs  # noqa: F401  (late: few filters need it)
            from jq.parser import parse

            _, name, params, body, _ = parse(found[1] + " .", todo)
            known = {}
            known[key] = (params, body, known)
            _ready[key] = ("own", known[key])


def call(forks, name, args, value, path, names, then):
    """Return the next state for a call."""
    what, function = _ready[name, len(args)]
    if what == "own":
        from jq.constructs import applied  # late: only for functions of the filter

        return applied(forks, function, args, value, path, names, then)
    if what == "deep":
        return function(forks, args, value, path, names, then)
    return argument(forks, (argument, then, what, function, args, len(args), (), value, path, names), NOTHING, None)


def argument(forks, then, item, _):
    """Evaluate the arguments one by one, from the last to the first, then call the function."""
    _, behind_it, what, function, args, i, values, value, path, names = then
    if item is not NOTHING:
        values = (item,) + values
    while i:
        i -= 1
        if args[i][0] != "lit":
            return (
                args[i],
                value,
                None,
                names,
                (argument, behind_it, what, function, args, i, values, value, path, names),
            )
        values = (args[i][1],) + values
    if what == "several":
        return following(forks, [following, ((item, lost(path)) for item in function(value, *values)), behind_it])
    return None, function(value, *values), lost(path), None, behind_it


def tonumber(value):
    if kind(value) == "number":
        return value
    try:
        text = need(value, "string").strip()
        return whole(float(text)) if "." in text or "e" in text.lower() else int(text)
    except ValueError:
        raise Error(f"not a number: {value}")


def length(value):
    if value is None:
        return 0
    if kind(value) == "number":
        return abs(value)
    need(value, "string", "array", "object")
    return len(value)


def keys(value):
    if isinstance(value, list):
        return list(range(len(value)))
    return sorted(need(value, "object", "array"))


def has(value, key):
    if value is None:
        return False
    if isinstance(value, dict) == isinstance(key, str) and kind(key) in ("string", "number"):
        return key in value if isinstance(value, dict) else 0 <= key < len(need(value, "array", "object"))
    raise Error(f"cannot check whether {kind(value)} has a key of type {kind(key)}")


def add(value):
    items = each(value)
    if items and all(isinstance(item, str) for item in items):
        return "".join(items)
    total = None
    for item in items:
        total = binary("+", total, item)
    return total


def split(value, separator):
    return need(value, "string").split(separator) if separator else list(value)


def join(value, separator):
    return separator.join(["" if item is None else tostring(item) for item in need(value, "array")])


def formatted(form, value):
    """Return value in a format: @text, @json, or one of jq.formats."""
    if form == "@text":
        return tostring(value)
    if form == "@json":
        return text(value)
    from jq import formats  # late: only for @formats and dates

    return formats.formatted(form, value)


def by_keys(value, keys):
    """Return the (key, value) pairs of an array in a stable sort by keys."""
    found = [(key_of(keys[i]), i, item) for i, item in enumerate(need(value, "array"))]
    found.sort(key=lambda triple: triple[:2])
    return [(key, item) for key, _, item in found]


def to_entries(value):
    pairs = enumerate(value) if isinstance(value, list) else need(value, "object").items()
    return [OrderedDict((("key", key), ("value", item))) for key, item in pairs]


def extreme(value, keys, last):
    pairs = by_keys(value, keys)
    return pairs[-last][1] if pairs else None


def error(value, found):
    raise Error(tostring(found), found)


# --- functions that need paths or cut off results


def select(forks, args, value, path, names, then):
    return args[0], value, None, names, (selected, then, value, path)


def selected(forks, then, condition, _):
    return (None, then[2], then[3], None, then[1]) if true(condition) else None


def where(forks, args, value, path, names, then):
    """path(f)"""
    return args[0], value, (), names, (place, then, path)


def place(forks, then, value, path):
    if path is LOST:
        raise Error("Invalid path expression")
    return None, list(path), lost(then[2]), None, then[1]


def getpath(forks, args, value, path, names, then):
    return args[0], value, None, names, (got, then, value, path)


def got(forks, then, keys, _):
    _, behind_it, value, path = then
    found = get(value, need(keys, "array"))
    for key in keys if path is not None else ():
        path = way(path, key)
    return None, found, path, None, behind_it


def limit(forks, args, value, path, names, then):
    if len(args) < 2:
        return limited(forks, (limited, then, args[0], value, path, names), 1, None)
    return args[0], value, None, names, (limited, then, args[1], value, path, names)


def limited(forks, then, most, _):
    _, behind_it, tree, value, path, names = then
    if most <= 0:
        return None
    fork = [nothing]
    forks.append(fork)
    return tree, value, path, names, (counted, behind_it, [most], fork)


def counted(forks, then, value, path):
    _, behind_it, left, fork = then
    left[0] -= 1
    if left[0] <= 0:
        forks.append([stop, fork])
    return None, value, path, None, behind_it


def stop(forks, fork):
    raise Break(fork[1])


SIMPLE = {
    ("tostring", 0): tostring,
    ("tonumber", 0): tonumber,
    ("tojson", 0): text,
    ("type", 0): kind,
    ("length", 0): length,
    ("not", 0): lambda v: not true(v),
    ("keys", 0): keys,
    ("keys_unsorted", 0): lambda v: keys(v) if isinstance(v, list) else list(need(v, "object", "array")),
    ("has", 1): has,
    ("add", 0): add,
    ("any", 0): lambda v: any(map(true, each(v))),
    ("all", 0): lambda v: all(map(true, each(v))),
    ("floor", 0): lambda v: floor(need(v, "number")),
    ("ascii_downcase", 0): lambda v: need(v, "string").lower(),
    ("ascii_upcase", 0): lambda v: need(v, "string").upper(),
    ("split", 1): split,
    ("join", 1): join,
    ("startswith", 1): lambda v, text: need(v, "string").startswith(need(text, "string")),
    ("endswith", 1): lambda v, text: need(v, "string").endswith(need(text, "string")),
    ("ltrimstr", 1): lambda v, t: v[len(t) :] if isinstance(v, str) and isinstance(t, str) and v.startswith(t) else v,
    ("reverse", 0): lambda v: "".join(reversed(v)) if isinstance(v, str) else list(reversed(v or [])),
    ("to_entries", 0): to_entries,
    ("error", 0): lambda v: error(v, v),
    ("error", 1): error,
    ("sort", 0): lambda v: [item for _, item in by_keys(v, v)],
    ("min", 0): lambda v: extreme(v, v, 0),
    ("max", 0): lambda v: extreme(v, v, 1),
    ("_sort_by", 1): lambda v, keys: [item for _, item in by_keys(v, keys)],
    ("_min_by", 1): lambda v, keys: extreme(v, keys, 0),
    ("_max_by", 1): lambda v, keys: extreme(v, keys, 1),
}

DEEP = {
    ("empty", 0): lambda forks, args, value, path, names, then: None,
    ("input", 0): lambda forks, args, value, path, names, then: (INPUT, value, path, names, then),
    ("recurse", 0): lambda forks, args, value, path, names, then: (("..",), value, path, names, then),
    ("select", 1): select,
    ("path", 1): where,
    ("getpath", 1): getpath,
    ("first", 1): limit,
    ("limit", 2): limit,
}
