# The functions of jq that are not used every day: see text.jqfun.

from collections import OrderedDict

from base.errors import Failure
from text.jqfun import HERE, extreme, first_of, has, keyed, need, to_entries, tostring
from text.jqrun import Error, each, everything, index, kind, run, true, whole


def fromjson(value):
    from text.json import read, skip

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
        return all(key in value and contains(value[key], item) for key, item in other.items())
    if isinstance(value, list) and isinstance(other, list):
        return all(any(contains(mine, item) for mine in value) for item in other)
    if isinstance(value, str) and isinstance(other, str):
        return other in value
    if kind(value) != kind(other):
        raise Error(f"{kind(value)} cannot contain {kind(other)}")
    return value == other


def flatten(value, depth=1000):
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
    if isinstance(value, str):
        found = []
        at = value.find(need(what, "string"))
        while at >= 0 and what:
            found.append(at)
            at = value.find(what, at + 1)
        return found
    return [i for i in range(len(need(value, "array"))) if value[i] == what]


def unique(pairs):
    """The values of (key, value) pairs that are sorted, one for each key."""
    out = []
    last = None
    for key, item in pairs:
        if not out or key != last:
            out.append(item)
        last = key
    return out


def group_by(value, names, tree):
    out = []
    last = None
    for key, item in keyed(value, names, tree):
        if out and key == last:
            out[-1].append(item)
        else:
            out.append([item])
        last = key
    return [out]


def from_entries(value):
    out = OrderedDict()
    for item in each(value):
        key = first_of([item[name] for name in ("key", "k", "name", "Name", "Key") if item.get(name) is not None])
        out[key if isinstance(key, str) else tostring(key)] = first_of(
            [item[name] for name in ("value", "v", "Value") if name in item]
        )
    return out


def map_values(value, names, tree):
    if isinstance(value, list):
        return [[item for old in value for item in run(tree, old, names)[:1]]]
    out = OrderedDict()
    for key, old in need(value, "object", "array").items():
        for item in run(tree, old, names)[:1]:
            out[key] = item
    return [out]


def with_entries(value, names, tree):
    return [from_entries([item for entry in to_entries(value) for item in run(tree, entry, names)])]


def limit(value, names, number, tree):
    n = run(number, value, names)[0]
    return run(tree, value, names)[:n] if n > 0 else []


def recurse(value, names, tree):
    found = [value]
    at = 0
    while at < len(found) and at < 20000:
        found[at + 1 : at + 1] = run(tree, found[at], names)
        at += 1
    return found


def matches(value, pattern, flags=None):
    """test: by the extended regular expressions of POSIX."""
    from text.match import Matcher

    fold = bool(flags and "i" in flags)
    text = need(value, "string")
    return Matcher([pattern], extended=True, fold=fold).test((text.lower() if fold else text).encode())


def where(value, names, *trees):
    from text.jqpath import paths

    return [listed(path) for path, item in paths(trees[0], value, names)]


def listed(path):
    """A path as jq shows it."""
    return [OrderedDict((("start", k[0]), ("end", k[1]))) if isinstance(k, tuple) else k for k in path]


def all_paths(value, names, tree=None):
    from text.jqpath import below

    return [
        list(path) for path, item in below(((), value))[1:] if tree is None or any(map(true, run(tree, item, names)))
    ]


def leaf_paths(value, names):
    from text.jqpath import below

    return [list(path) for path, item in below(((), value))[1:] if true(item) and not isinstance(item, (dict, list))]


def drop(value, names, tree):
    """del"""
    from text.jqpath import delete, paths

    return [delete(value, [path for path, _ in paths(tree, value, names)])]


def getpath(value, path):
    from text.jqpath import get

    return get(value, path)


def setpath(value, path, new):
    from text.jqpath import put

    return put(value, path, new)


SIMPLE = {
    ("fromjson", 0): fromjson,
    ("utf8bytelength", 0): lambda v: len(need(v, "string").encode()),
    ("in", 1): lambda v, other: has(other, v),
    ("contains", 1): contains,
    ("inside", 1): lambda v, other: contains(other, v),
    ("flatten", 0): flatten,
    ("flatten", 1): flatten,
    ("ceil", 0): lambda v: -int(-v // 1),
    ("round", 0): lambda v: int((abs(v) + 0.5) // 1) * (1 if v > 0 else -1),
    ("sqrt", 0): lambda v: whole(need(v, "number") ** 0.5),
    ("abs", 0): lambda v: abs(need(v, "number")),
    ("pow", 2): lambda v, a, b: whole(a**b),
    ("explode", 0): lambda v: [ord(c) for c in need(v, "string")],
    ("implode", 0): lambda v: "".join([chr(c) for c in need(v, "array")]),
    ("rtrimstr", 1): lambda v, t: (
        v[: -len(t)] if t and isinstance(v, str) and isinstance(t, str) and v.endswith(t) else v
    ),
    ("trim", 0): lambda v: need(v, "string").strip(),
    ("ltrim", 0): lambda v: need(v, "string").lstrip(),
    ("rtrim", 0): lambda v: need(v, "string").rstrip(),
    ("test", 1): matches,
    ("test", 2): matches,
    ("index", 1): lambda v, what: first_of(indices(v, what)),
    ("rindex", 1): lambda v, what: first_of(indices(v, what)[-1:]),
    ("indices", 1): indices,
    ("nth", 1): lambda v, n: index(v, n),
    ("from_entries", 0): from_entries,
    ("transpose", 0): lambda v: [[index(row, i) for row in v] for i in range(max([len(row) for row in v] + [0]))],
    ("getpath", 1): getpath,
    ("setpath", 2): setpath,
    ("isnan", 0): lambda v: v != v,
}

TREES = {
    ("nulls", 0): lambda v, n: [v] if v is None else [],
    ("map_values", 1): map_values,
    ("with_entries", 1): with_entries,
    ("group_by", 1): group_by,
    ("unique", 0): lambda v, n: [unique(keyed(v, n, HERE))],
    ("unique_by", 1): lambda v, n, f: [unique(keyed(v, n, f))],
    ("min_by", 1): lambda v, n, f: extreme(v, n, f, False),
    ("max_by", 1): lambda v, n, f: extreme(v, n, f, True),
    ("limit", 2): limit,
    ("recurse", 0): lambda v, n: everything(v),
    ("recurse", 1): recurse,
    ("path", 1): where,
    ("paths", 0): all_paths,
    ("paths", 1): all_paths,
    ("leaf_paths", 0): leaf_paths,
    ("del", 1): drop,
    ("IN", 1): lambda v, n, f: [v in run(f, v, n)],
    ("isempty", 1): lambda v, n, f: [not run(f, v, n)],
}
for _name, _kinds in (
    ("arrays", ("array",)),
    ("objects", ("object",)),
    ("strings", ("string",)),
    ("numbers", ("number",)),
    ("booleans", ("boolean",)),
    ("iterables", ("array", "object")),
    ("scalars", ("null", "boolean", "number", "string")),
):
    TREES[_name, 0] = lambda v, n, _kinds=_kinds: [v] if kind(v) in _kinds else []
