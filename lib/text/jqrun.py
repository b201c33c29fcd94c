# Evaluates the trees of text.jqparse: run(tree, value, variables) -> the list of all results.
#
# Lists and not generators: a call deep is all that a level of the tree costs (DESIGN law 8). The functions of the
# language are in text.jqfun.

from collections import OrderedDict

from micropython import const

from base.errors import Failure

RESULTS_MAX = const(20000)


class Error(Failure):
    """An error of a filter: what `?` and try catch."""

    def __init__(self, text, value=None):
        super().__init__("", text)
        self.value = text if value is None else value


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
        return (3, value)
    if isinstance(value, dict):
        keys = sorted(value)
        return (6, keys, [key_of(value[key]) for key in keys])
    return (5, [key_of(item) for item in value])


def whole(number):
    """A float without a fraction as an int."""
    if isinstance(number, float) and abs(number) < 1e15 and number == int(number):
        return int(number)
    return number


def run(tree, value, names):
    """All results of a tree for the input value; names: the variables."""
    what = tree[0]
    if what == ".":
        return [value]
    if what == "lit":
        return [tree[1]]
    if what == "path":
        steps = tree[2]
        careful = steps.count(("?",))  # what goes wrong before a ? is no error
        try:
            found = run(tree[1], value, names)
        except Error:
            if not careful:
                raise
            return []
        for step in steps:
            if step[0] == "?":
                careful -= 1
            else:
                found = take(step, found, value, names, careful)
        return found
    if what == "|":
        found = [value]
        for stage in tree[1]:
            found = [out for item in found for out in run(stage, item, names)]
            if len(found) > RESULTS_MAX:
                raise Failure("", f"more than {RESULTS_MAX} results")
        return found
    if what == ",":
        return [out for item in tree[1] for out in run(item, value, names)]
    if what == "op":
        return operate(tree[1], tree[2], tree[3], value, names)
    if what == "call":
        own = names.get((tree[1], len(tree[2])))
        if own:
            return apply(own, tree[2], value, names)
        from text import jqfun

        return jqfun.call(tree[1], tree[2], value, names)
    if what == "$":
        if tree[1] not in names:
            raise Failure("", f"${tree[1]} is not defined")
        return [names[tree[1]]]
    if what == "if":
        found = []
        for condition in run(tree[1], value, names):
            found.extend(run(tree[2] if true(condition) else tree[3], value, names))
        return found
    return _MORE[what](tree, value, names)


def take(step, found, value, names, careful):
    """One step of a path for all that has been found so far; value is the input of the whole path."""
    what = step[0]
    out = []
    for item in found:
        try:
            if what == "[]":
                out.extend(each(item))
            elif what == ".":
                out.extend([index(item, key) for key in run(step[1], value, names)])
            else:
                starts = run(step[1], value, names) if step[1] else (None,)
                ends = run(step[2], value, names) if step[2] else (None,)
                out.extend([cut(item, start, end) for end in ends for start in starts])
        except Error:
            if not careful:
                raise
    return out


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


def operate(op, left, right, value, names):
    if op in ("and", "or"):
        found = []
        for a in run(left, value, names):
            if true(a) == (op == "or"):
                found.append(op == "or")
            else:
                found.extend([true(b) for b in run(right, value, names)])
        return found
    if op == "//":
        try:
            found = [a for a in run(left, value, names) if true(a)]
        except Error:
            found = []
        return found or run(right, value, names)
    if op[-1:] == "=" and op not in ("==", "!=", "<=", ">="):
        from text import jqpath

        return jqpath.assign(op, left, right, value, names)
    return [binary(op, a, b) for b in run(right, value, names) for a in run(left, value, names)]


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


def make_array(tree, value, names):
    return [list(run(tree[1], value, names)) if tree[1] else []]


def make_object(tree, value, names):
    found = [OrderedDict()]
    for key_tree, value_tree in tree[1]:
        keys = run(key_tree, value, names)
        values = run(value_tree, value, names)
        more = []
        for made in found:
            for key in keys:
                if not isinstance(key, str):
                    raise Error(f"a key of an object cannot be {kind(key)}")
                for item in values:
                    one = OrderedDict(made.items()) if len(keys) * len(values) > 1 else made
                    one[key] = item
                    more.append(one)
        found = more
    return found


def make_string(tree, value, names):
    from text import jqfun

    found = [""]
    for part in tree[1]:
        if isinstance(part, str):
            found = [head + part for head in found]
        else:
            texts = [jqfun.formatted(tree[2] or "@text", item) for item in run(part, value, names)]
            found = [head + text for text in texts for head in found]
    return found


def bind(tree, value, names):
    found = []
    for item in run(tree[1], value, names):
        inner = names.copy()
        inner[tree[2]] = item
        found.extend(run(tree[3], value, inner))
    return found


def define(tree, value, names):
    inner = names.copy()
    inner[tree[1], len(tree[2])] = (tree[2], tree[3], inner)
    return run(tree[4], value, inner)


def apply(own, args, value, names):
    """The results of a function that the program has defined: (parameters, body, the names that it knows)."""
    params, body, known = own
    inner = known.copy()
    combinations = [inner]
    for (sort, name), arg in zip(params, args):  # noqa: B905
        for inner in combinations:
            inner[name, 0] = ((), arg, names)
        if sort == "$":
            found = run(arg, value, names)
            more = []
            for inner in combinations:
                for item in found:
                    inner = inner.copy()
                    inner[name] = item
                    more.append(inner)
            combinations = more
    return [out for inner in combinations for out in run(body, value, inner)]


def attempt(tree, value, names):
    try:
        return run(tree[1], value, names)
    except Error as e:
        return run(tree[2], e.value, names) if tree[2] else []


def fold(tree, value, names):
    """reduce and foreach."""
    inner = names.copy()
    out = []
    state = None
    for state in run(tree[3], value, names)[-1:]:
        for item in run(tree[1], value, names):
            inner[tree[2]] = item
            state = (run(tree[4], state, inner) or [None])[-1]
            if tree[0] == "foreach":
                out.extend(run(tree[5], state, inner) if len(tree) > 5 else [state])
    return out if tree[0] == "foreach" else [state]


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


def negate(tree, value, names):
    return [
        arithmetic("-", 0, item) if kind(item) == "number" else no_number(item) for item in run(tree[1], value, names)
    ]


def no_number(item):
    raise Error(f"{kind(item)} cannot be negated")


_MORE = {
    "array": make_array,
    "object": make_object,
    "str": make_string,
    "as": bind,
    "def": define,
    "try": attempt,
    "reduce": fold,
    "foreach": fold,
    "neg": negate,
    "..": lambda tree, value, names: everything(value),
}
