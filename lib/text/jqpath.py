# Where values are: the paths that an expression of jq names, and changing, setting and deleting there.

from collections import OrderedDict

from base.errors import Failure
from text.jqrun import Error, binary, cut, each, index, kind, run, span, true


def paths(tree, value, names):
    """(path as a tuple, value there) for all that a tree names in value."""
    return walk(tree, [((), value)], value, names)


def walk(tree, found, value, names):
    """The same from each (path, value) of found on."""
    what = tree[0]
    if what == ".":
        return found
    if what == "path":
        found = walk(tree[1], found, value, names)
        for step in tree[2]:
            found = [pair for start in found for pair in step_from(step, start, value, names)]
        return found
    if what == "|":
        for stage in tree[1]:
            found = [pair for start in found for pair in walk(stage, [start], start[1], names)]
        return found
    if what == ",":
        return [pair for item in tree[1] for pair in walk(item, found, value, names)]
    if what == "..":
        return [pair for start in found for pair in below(start)]
    if what == "if":
        return [
            pair
            for start in found
            for condition in run(tree[1], start[1], names)
            for pair in walk(tree[2] if true(condition) else tree[3], [start], start[1], names)
        ]
    if what == "call":
        name, args = tree[1], tree[2]
        if name == "empty":
            return []
        if name == "select":
            return [start for start in found for one in run(args[0], start[1], names) if true(one)]
        if name == "recurse" and not args:
            return [pair for start in found for pair in below(start)]
        if name in ("first", "last") and not args:
            step = (".", ("lit", 0 if name == "first" else -1))
            return [pair for start in found for pair in step_from(step, start, value, names)]
        if name in ("first", "last"):
            found = walk(args[0], found, value, names)
            return found[:1] if name == "first" else found[-1:]
        if name == "map":
            return walk(
                args[0], [pair for start in found for pair in step_from(("[]",), start, value, names)], value, names
            )
        if name == "getpath":
            out = []
            for start in found:
                for path in run(args[0], start[1], names):
                    out.append((start[0] + tuple(path), get(start[1], path)))
            return out
    raise Failure("", "this does not say where something is")


def step_from(step, start, value, names):
    """The pairs that one step of a path leads to."""
    path, item = start
    if step[0] == "?":
        return [start]
    if step[0] == "[]":
        if item is None:
            return []
        keys = list(item) if isinstance(item, dict) else range(len(each(item)))
        return [(path + (key,), item[key]) for key in keys]
    if step[0] == ".":
        return [(path + (key,), index(item, key)) for key in run(step[1], value, names)]
    out = []
    for first in run(step[1], value, names) if step[1] else (None,):
        for last in run(step[2], value, names) if step[2] else (None,):
            out.append((path + ((first, last),), cut(item, first, last)))
    return out


def below(start):
    """start and all that is in it."""
    found = [start]
    at = 0
    while at < len(found):
        path, item = found[at]
        if isinstance(item, (dict, list)):
            keys = list(item) if isinstance(item, dict) else range(len(item))
            found[at + 1 : at + 1] = [(path + (key,), item[key]) for key in keys]
        at += 1
    return found


def get(value, path):
    for key in path:
        if value is None:
            return None
        value = cut(value, key[0], key[1]) if isinstance(key, tuple) else index(value, key)
    return value


def put(value, path, new):
    """value with new at path; what it changes is copied."""
    trail = []
    for key in path:
        trail.append((value, key))
        value = cut(value, key[0], key[1]) if isinstance(key, tuple) else index(value, key)
    for holder, key in reversed(trail):
        new = with_item(holder, key, new)
    return new


def with_item(holder, key, new):
    """A copy of holder with new at key."""
    if isinstance(key, tuple):
        if not isinstance(new, list):
            raise Error("a part of an array can only become an array")
        out = list(holder or [])
        start, end = span(out, key[0], key[1])
        out[start:end] = new
        return out
    if isinstance(key, str):
        out = OrderedDict(holder.items() if holder else ())
        out[key] = new
        return out
    if kind(key) != "number":
        raise Error(f"cannot index with {kind(key)}")
    out = list(holder or [])
    key = int(key)
    if key < 0:
        key += len(out)
    if not 0 <= key < 65536:
        raise Error("no such place in the array")
    while len(out) <= key:
        out.append(None)
    out[key] = new
    return out


def delete(value, found):
    """value without what is at the paths, the last ones first."""
    from text.jqrun import key_of

    for path in sorted(
        found, key=lambda path: key_of([list(k) if isinstance(k, tuple) else k for k in path]), reverse=True
    ):
        if not path:
            return None
        holder = get(value, path[:-1])
        key = path[-1]
        if isinstance(holder, dict) and isinstance(key, str):
            out = OrderedDict([pair for pair in holder.items() if pair[0] != key])
        elif isinstance(holder, list):
            out = list(holder)
            if isinstance(key, tuple):
                start, end = span(out, key[0], key[1])
                out[start:end] = []
            elif -len(out) <= key < len(out):
                del out[int(key)]
        elif holder is None:
            continue
        else:
            raise Error(f"cannot delete from {kind(holder)}")
        value = put(value, path[:-1], out)
    return value


def assign(op, left, right, value, names):
    """left = right and its relatives: the input with what is at left changed."""
    if op == "|=":
        gone = []
        out = value
        for path, _ in paths(left, value, names):
            new = run(right, get(out, path), names)
            if new:
                out = put(out, path, new[0])
            else:
                gone.append(path)
        return [delete(out, gone)]
    found = []
    for new in run(right, value, names):
        out = value
        for path, old in paths(left, value, names):
            if op == "=":
                item = new
            elif op == "//=":
                item = old if true(old) else new
            else:
                item = binary(op[:-1], old, new)
            out = put(out, path, item)
        found.append(out)
    return found
