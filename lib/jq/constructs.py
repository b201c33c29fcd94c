# Evaluation of the rarer trees of jq.parser (see jq.interpreter). Filters without them save 8 kB by not loading this.

from collections import OrderedDict

from base.errors import Failure
from jq import builtins
from jq.interpreter import TREES, Break, behind, caught, following, nothing, reduced, stepped
from jq.values import NOTHING, Error, everything, inside, kind, lost


def object_of(forks, tree, value, path, names, then):
    return made(forks, (made, then, tree[1], 0, (), value, path, names), None, None)


def made(forks, then, item, _):
    """Add a value to an object. then[4] is a linked list of (key, value) pairs, then[3] counts the evaluated expressions."""
    _, behind_it, pairs, i, chain, value, path, names = then
    if i:
        if i & 1 and not isinstance(item, str):
            raise Error(f"a key of an object cannot be {kind(item)}")
        chain = (chain, item)
    if i == 2 * len(pairs):
        found = []
        while chain:
            chain, item = chain
            found.append(item)
        out = OrderedDict()
        while found:
            key = found.pop()
            out[key] = found.pop()
        return None, out, lost(path), None, behind_it
    return pairs[i // 2][i & 1], value, None, names, (made, behind_it, pairs, i + 1, chain, value, path, names)


def string_of(forks, tree, value, path, names, then):
    return joined(forks, (joined, then, tree, len(tree[1]), "", value, path, names), NOTHING, None)


def joined(forks, then, item, _):
    """Add a part to a string, from the last to the first."""
    _, behind_it, tree, i, text, value, path, names = then
    if item is not NOTHING:
        text = builtins.formatted(tree[2] or "@text", item) + text
    while i:
        i -= 1
        part = tree[1][i]
        if not isinstance(part, str):
            return part, value, None, names, (joined, behind_it, tree, i, text, value, path, names)
        text = part + text
    return None, text, lost(path), None, behind_it


def bound(forks, tree, value, path, names, then):
    return tree[1], value, None, names, (bind, then, tree, value, path, names)


def bind(forks, then, item, _):
    _, behind_it, tree, value, path, names = then
    inner = names.copy()
    inner[tree[2]] = item
    return tree[3], value, path, inner, behind_it


def defined(forks, tree, value, path, names, then):
    inner = names.copy()
    inner[tree[1], len(tree[2])] = (tree[2], tree[3], inner)
    return tree[4], value, path, inner, then


def attempted(forks, tree, value, path, names, then):
    handler = tree[2]

    def catch(error):
        return (handler, error.value, lost(path), names, then) if handler else None

    fork = [caught, catch]
    forks.append(fork)
    return tree[1], value, path, names, (leave, then, fork)


def leave(forks, then, value, path):
    forks.append([behind, then[2]])
    return None, value, path, None, then[1]


def labelled(forks, tree, value, path, names, then):
    fork = [nothing]
    forks.append(fork)
    inner = names.copy()
    inner["*" + tree[1]] = fork
    return tree[2], value, path, inner, then


def broken(forks, tree, value, path, names, then):
    label = names.get("*" + tree[1])
    if label is None:
        raise Failure("", f"$*label-{tree[1]} is not defined", 3)
    raise Break(label)


def folded(forks, tree, value, path, names, then):
    """reduce and foreach: evaluate the initial state, then the items."""
    return tree[3], value, path, names, (begun, then, tree, value, names)


def begun(forks, then, first, path):
    _, behind_it, tree, value, names = then
    cell = [first, path, None, lost(path)]  # the state and its path, then those of the next state
    if tree[0] == "reduce":
        forks.append([reduced, cell, behind_it])
        behind_it = None
    return tree[1], value, None, names, (item_given, behind_it, tree, cell, names)


def item_given(forks, then, item, _):
    _, behind_it, tree, cell, names = then
    inner = names.copy()
    inner[tree[2]] = item
    if tree[0] == "reduce":
        forks.append([stepped, cell])
        return tree[4], cell[0], cell[1], inner, (keep, None, cell)
    return tree[4], cell[0], cell[1], inner, (go_on, behind_it, tree, cell, inner)


def keep(forks, then, value, path):
    then[2][2], then[2][3] = value, path


def go_on(forks, then, value, path):
    _, behind_it, tree, cell, names = then
    cell[0], cell[1] = value, path
    if len(tree) > 5:
        return tree[5], value, path, names, behind_it
    return None, value, path, None, behind_it


def below(forks, tree, value, path, names, then):
    """.."""
    if path is None:
        return following(forks, [following, ((item, None) for item in everything(value)), then])
    return following(forks, [following, iter(inside(value, path)), then])


def applied(forks, own, args, value, path, names, then):
    """Apply a function defined in jq: (parameters, body, the names in its scope)."""
    params, body, known = own
    if not params:
        return body, value, path, known, then
    inner = known.copy()
    wait = []
    for i, param in enumerate(params):
        inner[param[1], 0] = ((), args[i], names)
        if param[0] == "$":
            wait.append(i)
    if not wait:
        return body, value, path, inner, then
    return given(forks, (given, then, wait, 0, own, args, inner, value, path, names), NOTHING, None)


def given(forks, then, item, _):
    """Bind the parameters with $ to their values one by one, then evaluate the body."""
    _, behind_it, wait, i, own, args, inner, value, path, names = then
    if item is not NOTHING:
        inner = inner.copy()
        name = own[0][wait[i - 1]][1]
        inner[name] = item
        inner[name, 0] = ((), ("lit", item), {})
    if i == len(wait):
        return own[1], value, path, inner, behind_it
    return args[wait[i]], value, None, names, (given, behind_it, wait, i + 1, own, args, inner, value, path, names)


TREES.update(
    {
        "object": object_of,
        "str": string_of,
        "as": bound,
        "def": defined,
        "try": attempted,
        "label": labelled,
        "break": broken,
        "reduce": folded,
        "foreach": folded,
        "..": below,
    }
)
