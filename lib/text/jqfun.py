# The functions of jq that are used most; the others are in text.jqmore. SIMPLE ones take values, those of TREES take
# expressions; each is there with the number of its arguments.

from collections import OrderedDict

from base.errors import Failure
from text.jqrun import Error, each, index, key_of, kind, run, true


def call(name, args, value, names):
    """All results of a function for the input value."""
    if name[0] == "@":
        return [formatted(name, value)]
    key = (name, len(args))
    function = TREES.get(key)
    simple = SIMPLE.get(key)
    if not function and not simple:
        from text import jqmore  # late: the rarer ones

        function = jqmore.TREES.get(key)
        simple = jqmore.SIMPLE.get(key)
    if function:
        return function(value, names, *args)
    if not simple:
        raise Failure("", f"{name}/{len(args)} is not defined")
    function = simple
    if not args:
        return [function(value)]
    combinations = [()]
    for arg in args:
        combinations = [head + (item,) for item in run(arg, value, names) for head in combinations]
    return [function(value, *given) for given in combinations]


def need(value, *kinds):
    """value, if it is of one of those kinds."""
    if kind(value) not in kinds:
        raise Error(f"{kind(value)} instead of {' or '.join(kinds)}")
    return value


def tostring(value):
    from text.json import text

    return value if isinstance(value, str) else text(value)


def tonumber(value):
    if kind(value) == "number":
        return value
    try:
        text = need(value, "string").strip()
        return float(text) if "." in text or "e" in text.lower() else int(text)
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
    if isinstance(value, dict):
        return key in value
    return 0 <= key < len(need(value, "array", "object"))


def add(value):
    from text.jqrun import binary

    total = None
    if value and all(isinstance(item, str) for item in each(value)):
        return "".join(each(value))
    for item in each(value):
        total = binary("+", total, item)
    return total


def split(value, separator):
    return need(value, "string").split(separator) if separator else list(value)


def join(value, separator):
    return separator.join(["" if item is None else tostring(item) for item in need(value, "array")])


def first_of(found):
    return found[0] if found else None


def keyed(value, names, tree):
    """(key, value) pairs of an array, sorted by what the expression gives; equal ones stay in their order."""
    found = [(key_of(run(tree, item, names)), i, item) for i, item in enumerate(need(value, "array"))]
    found.sort(key=lambda triple: triple[:2])
    return [(key, item) for key, _, item in found]


def to_entries(value):
    pairs = enumerate(value) if isinstance(value, list) else need(value, "object").items()
    return [OrderedDict((("key", key), ("value", item))) for key, item in pairs]


def mapped(value, names, tree):
    return [out for item in each(value) for out in run(tree, item, names)]


def extreme(value, names, tree, last):
    pairs = keyed(value, names, tree)
    if not pairs:
        return [None]
    if last:
        return [pairs[-1][1]]
    return [pairs[0][1]]


def count(value, names, *trees):
    """range"""
    ends = [run(tree, value, names)[0] for tree in trees]
    start, end, step = (0, ends[0], 1) if len(ends) == 1 else (ends + [1])[:3]
    found = []
    while len(found) < 20000 and (start < end if step > 0 else step < 0 and start > end):
        found.append(start)
        start += step
    return found


def select(value, names, tree):
    return [value for one in run(tree, value, names) if true(one)]


def error(value, names, tree=None):
    found = value if tree is None else run(tree, value, names)[0]
    raise Error(tostring(found), found)


def formatted(form, value):
    """value in a format: @text @json @csv @tsv @html @uri @sh @base64 @base64d"""
    if form in ("@text", "@json"):
        from text.json import text

        return tostring(value) if form == "@text" else text(value)
    from text import jqform

    return jqform.formatted(form, value)


HERE = (".",)

SIMPLE = {
    ("tostring", 0): tostring,
    ("tonumber", 0): tonumber,
    ("tojson", 0): lambda v: formatted("@json", v),
    ("type", 0): kind,
    ("length", 0): length,
    ("not", 0): lambda v: not true(v),
    ("keys", 0): keys,
    ("keys_unsorted", 0): lambda v: keys(v) if isinstance(v, list) else list(need(v, "object", "array")),
    ("has", 1): has,
    ("add", 0): add,
    ("any", 0): lambda v: any(map(true, each(v))),
    ("all", 0): lambda v: all(map(true, each(v))),
    ("floor", 0): lambda v: int(v // 1),
    ("ascii_downcase", 0): lambda v: need(v, "string").lower(),
    ("ascii_upcase", 0): lambda v: need(v, "string").upper(),
    ("split", 1): split,
    ("join", 1): join,
    ("startswith", 1): lambda v, text: need(v, "string").startswith(need(text, "string")),
    ("endswith", 1): lambda v, text: need(v, "string").endswith(need(text, "string")),
    ("ltrimstr", 1): lambda v, t: v[len(t) :] if isinstance(v, str) and isinstance(t, str) and v.startswith(t) else v,
    ("reverse", 0): lambda v: "".join(reversed(v)) if isinstance(v, str) else list(reversed(v or [])),
    ("first", 0): lambda v: index(v, 0),
    ("last", 0): lambda v: index(v, -1),
    ("to_entries", 0): to_entries,
}

TREES = {
    ("empty", 0): lambda v, n: [],
    ("error", 0): error,
    ("error", 1): error,
    ("select", 1): select,
    ("values", 0): lambda v, n: [] if v is None else [v],
    ("map", 1): lambda v, n, f: [mapped(v, n, f)],
    ("sort", 0): lambda v, n: [[item for _, item in keyed(v, n, HERE)]],
    ("sort_by", 1): lambda v, n, f: [[item for _, item in keyed(v, n, f)]],
    ("min", 0): lambda v, n: extreme(v, n, HERE, False),
    ("max", 0): lambda v, n: extreme(v, n, HERE, True),
    ("any", 1): lambda v, n, f: [any(map(true, mapped(v, n, f)))],
    ("all", 1): lambda v, n, f: [all(map(true, mapped(v, n, f)))],
    ("first", 1): lambda v, n, f: run(f, v, n)[:1],
    ("last", 1): lambda v, n, f: run(f, v, n)[-1:],
    ("range", 1): count,
    ("range", 2): count,
    ("range", 3): count,
}
