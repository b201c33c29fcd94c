# Values at paths of jq: lists of keys, numbers and {"start": 1, "end": 2}.

from collections import OrderedDict

from base.errors import Failure
from text.jqfork import way
from text.jqvalue import Error, cut, index, key_of, kind, span

INDEX_MAX = 65536


def inside(value, path):
    """Yield value and all that is in it, with their paths."""
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
    """value with new at path; what it changes is copied."""
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
    """A copy of holder with new at key."""
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
    """value without what is at the paths, the last ones first."""
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
