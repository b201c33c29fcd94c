# Evaluates the trees of text.jqparse: run(tree, value, names) yields the results one after the other.
#
# A machine with two lists of its own in place of calls, so that neither deep data nor recursion in a filter needs C
# stack (DESIGN law 8), and results come as they are asked for. What is to be done with a value is a chain of tuples,
# `then`: (function, the chain behind it, ...). Where an expression has several results, what makes the next one waits
# in `forks`: [function, ...]; when a chain has come to its end, or gives nothing, the last fork goes on.
# A state is (tree, value, path, names, then): evaluate tree; or with None for the tree: hand value to then.
# path is None, or where the path() around it needs to know where value is, a tuple of keys; LOST is nowhere.

from micropython import const

from base.errors import Failure
from text.jqfork import INPUT, Break, behind, caught, lost, otherwise
from text.jqtree import TREES
from text.jqvalue import Error

FORKS_MAX = const(20000)
STEPS = const(255)  # between two pauses, less one

PAUSE, WANT = object(), object()  # what run() yields besides results: time for others, and: send the next input


def run(tree, value, names):
    """Yield the results; PAUSE now and then; and WANT, to which (value,) is sent, or None where there is no input."""
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
    """The state behind an error: what catches it, or it is raised again."""
    left = set()  # the ids of what has been left on the way to where the error was, and catches nothing there
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
