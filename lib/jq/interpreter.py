# Evaluate the trees of jq.parser: run(tree, value, names) yields the results one after the other.
#
# A backtracking machine in continuation-passing style. It has its own stacks instead of calls, so that neither deep data
# nor recursion in a filter needs C stack (DESIGN law 8), and it produces results lazily. `then` is the continuation, a
# linked list of tuples: (function, the rest, ...). `forks` is the stack of backtrack points, [function, ...]: an
# expression with several results pushes one, and the last is resumed when a continuation has ended or gives no result.
# A state is (tree, value, path, names, then): evaluate tree; if tree is None, pass value to then.
# path is a tuple of keys inside path(), otherwise None; LOST if the value has no path.

from collections import OrderedDict

from micropython import const

from base.errors import Failure
from jq.values import Error, binary, cut, each, index, kind, lost, true, way

ITEMS_MAX = const(20000)  # items of an array
FORKS_MAX = const(20000)
STEPS = const(255)  # a pause every 256 steps

PAUSE, WANT = object(), object()  # yielded by run() besides results: yield to other tasks; send the next input
INPUT = ("input",)  # the tree of input/0


class Break(Error):
    """Ends the body of a label."""

    def __init__(self, label):
        super().__init__("break")
        self.label = label


def run(tree, value, names):
    """Yield the results, PAUSE now and then, and WANT, which expects (value,) to be sent, or None at the end of input."""
    forks = []
    state = (tree, value, None, names, None)
    steps = 0
    while True:
        try:
            while state:
                steps += 1
                if not steps & STEPS:
                    yield PAUSE
                tree, value, path, names, then = state
                if tree is None:
                    if then is None:
                        yield value
                        break
                    state = then[0](forks, then, value, path)
                elif tree is INPUT:
                    given = yield WANT
                    if given is None:
                        raise Error("No more inputs")
                    state = None, given[0], lost(path), None, then
                else:
                    state = TREES[tree[0]](forks, tree, value, path, names, then)
            if len(forks) > FORKS_MAX:
                raise Failure("", f"more than {FORKS_MAX} open alternatives")
            if not forks:
                return
            fork = forks.pop()
            state = fork[0](forks, fork)
        except Error as e:
            state = unwound(forks, e)


def unwound(forks, error):
    """Return the state after an error: that of its handler. Raise it again if there is none."""
    left = set()  # ids of the try bodies that were left before the error: they do not catch it
    while forks:
        fork = forks.pop()
        what = fork[0]
        if what is behind:
            left.add(id(fork[1]))
        elif isinstance(error, Break):
            if fork is error.label:
                return None
        elif what is caught and id(fork) not in left:
            return fork[1](error)
        elif what is otherwise and id(fork) not in left and not fork[1]:
            return what(forks, fork)
    raise error


# --- Forks: lists that begin with one of these functions, which returns the next state or None when resumed.


def rest_of(forks, fork):
    """Evaluate the next expression of a comma."""
    _, items, i, value, path, names, then = fork
    if i + 1 < len(items):
        fork[2] = i + 1
        forks.append(fork)
    return items[i], value, path, names, then


def nothing(forks, fork):
    """Mark a label; there are no further results."""


def caught(forks, fork):
    """Mark a try whose body has ended."""


def behind(forks, fork):
    """Mark that a result has left the body of the try fork[1]: errors from here on are not its own."""


def following(forks, fork):
    """Continue with the next pair of an iterator of (value, path)."""
    _, items, then = fork
    pair = next(items, None)
    if pair is None:
        return None
    forks.append(fork)
    return None, pair[0], pair[1], None, then


def otherwise(forks, fork):
    """Evaluate the right side of //, if the left one had no result."""
    return None if fork[1] else fork[2]


def complete(forks, fork):
    """Return a complete array, or the final state of reduce."""
    _, cell, path, then = fork
    return None, cell, path, None, then


def stepped(forks, fork):
    """Finish a step of reduce: its last value is the new state."""
    cell = fork[1]
    cell[0], cell[1] = cell[2], cell[3]
    cell[2], cell[3] = None, lost(cell[1])


def reduced(forks, fork):
    _, cell, then = fork
    return None, cell[0], cell[1], None, then


# --- Trees: functions of (forks, tree, value, path, names, then) that return the next state, or None for no result;
# and continuations: functions of (forks, then, value, path).
# result; and those of (forks, then, value, path), which stand in a chain


def here(forks, tree, value, path, names, then):
    return None, value, path, None, then


def literal(forks, tree, value, path, names, then):
    return None, tree[1], lost(path), None, then


def indexed(forks, tree, value, path, names, then):
    key = tree[2]
    if key[0] == "lit":
        if tree[1] == (".",):
            return index_by(forks, (index_by, then, key[1]), value, path)
        return tree[1], value, path, names, (index_by, then, key[1])
    return key, value, None, names, (key_given, then, tree[1], value, path, names)


def key_given(forks, then, key, _):
    return then[2], then[3], then[4], then[5], (index_by, then[1], key)


def index_by(forks, then, value, path):
    key = then[2]
    path = way(path, key)
    if isinstance(key, dict):  # {"start": 1, "end": 2}
        return None, cut(value, key.get("start"), key.get("end")), path, None, then[1]
    return None, index(value, key), path, None, then[1]


def iterated(forks, tree, value, path, names, then):
    return tree[1], value, path, names, (items_of, then)


def items_of(forks, then, value, path):
    if path is None:
        items = each(value)
        if len(items) == 1:
            return None, list(items)[0], None, None, then[1]
        pairs = ((item, None) for item in items)
    else:
        if value is None:
            return None
        keys = list(value) if isinstance(value, dict) else range(len(each(value)))
        pairs = ((value[key], way(path, key)) for key in keys)
    return following(forks, [following, pairs, then[1]])


def sliced(forks, tree, value, path, names, then):
    base, start, end = tree[1:]
    nil = ("lit", None)
    return start or nil, value, None, names, (start_given, then, base, end or nil, value, path, names)


def start_given(forks, then, start, _):
    return then[3], then[4], None, then[6], (end_given, then, start)


def end_given(forks, then, end, _):
    outer = then[1]
    return outer[2], outer[4], outer[5], outer[6], (slice_by, outer[1], then[2], end)


def slice_by(forks, then, value, path):
    path = way(path, OrderedDict((("start", then[2]), ("end", then[3]))))
    return None, cut(value, then[2], then[3]), path, None, then[1]


def piped(forks, tree, value, path, names, then):
    stages = tree[1]
    return stages[0], value, path, names, (stage, then, stages, 1, names)


def stage(forks, then, value, path):
    _, behind_it, stages, i, names = then
    if i + 1 < len(stages):
        behind_it = (stage, behind_it, stages, i + 1, names)
    return stages[i], value, path, names, behind_it


def several(forks, tree, value, path, names, then):
    items = tree[1]
    forks.append([rest_of, items, 1, value, path, names, then])
    return items[0], value, path, names, then


def operated(forks, tree, value, path, names, then):
    _, op, left, right = tree
    if op in ("and", "or"):
        return left, value, None, names, (decide, then, op, right, value, path, names)
    if op == "//":
        fork = [otherwise, False, (right, value, path, names, then)]
        forks.append(fork)
        return left, value, path, names, (found_one, then, fork)
    if right[0] == "lit":
        return left, value, None, names, (combine, then, op, right[1], path)
    return right, value, None, names, (right_given, then, op, left, value, path, names)


def right_given(forks, then, right, _):
    _, behind_it, op, left, value, path, names = then
    return left, value, None, names, (combine, behind_it, op, right, path)


def combine(forks, then, left, _):
    return None, binary(then[2], left, then[3]), lost(then[4]), None, then[1]


def decide(forks, then, left, _):
    _, behind_it, op, right, value, path, names = then
    if true(left) == (op == "or"):
        return None, op == "or", lost(path), None, behind_it
    return right, value, None, names, (truth, behind_it, path)


def truth(forks, then, value, _):
    return None, true(value), lost(then[2]), None, then[1]


def found_one(forks, then, value, path):
    fork = then[2]
    if not true(value):
        return None
    fork[1] = True
    forks.append([behind, fork])
    return None, value, path, None, then[1]


def conditional(forks, tree, value, path, names, then):
    return tree[1], value, None, names, (choose, then, tree, value, path, names)


def choose(forks, then, condition, _):
    _, behind_it, tree, value, path, names = then
    return tree[2] if true(condition) else tree[3], value, path, names, behind_it


def array(forks, tree, value, path, names, then):
    cell = []
    if not tree[1]:
        return None, cell, lost(path), None, then
    forks.append([complete, cell, lost(path), then])
    return tree[1], value, None, names, (collect, None, cell)


def collect(forks, then, value, _):
    if len(then[2]) >= ITEMS_MAX:
        raise Failure("", f"more than {ITEMS_MAX} results")
    then[2].append(value)


def negated(forks, tree, value, path, names, then):
    return tree[1], value, None, names, (minus, then, path)


def minus(forks, then, value, _):
    if kind(value) != "number":
        raise Error(f"{kind(value)} cannot be negated")
    return None, -value, lost(then[2]), None, then[1]


def variable(forks, tree, value, path, names, then):
    if tree[1] not in names:
        if tree[1] != "ENV":
            raise Failure("", f"${tree[1]} is not defined", 3)
        from jq import library  # late: only for $ENV

        return None, library.environment(None), lost(path), None, then
    return None, names[tree[1]], lost(path), None, then


def called(forks, tree, value, path, names, then):
    _, name, args = tree
    own = names.get((name, len(args)))
    if own:
        from jq.constructs import applied  # late: only for functions of the filter

        return applied(forks, own, args, value, path, names, then)
    from jq import builtins  # late: with the first call

    return builtins.call(forks, name, args, value, path, names, then)


TREES = {
    ".": here,
    "lit": literal,
    "index": indexed,
    "each": iterated,
    "cut": sliced,
    "|": piped,
    ",": several,
    "op": operated,
    "if": conditional,
    "array": array,
    "neg": negated,
    "$": variable,
    "call": called,
}
