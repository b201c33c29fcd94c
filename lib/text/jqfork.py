# What text.jqrun and text.jqtree share: places, and the forks where a filter goes on.
#
# A fork is a list that begins with one of the functions here; it is called when its turn comes and gives a state, or None.

from text.jqvalue import Error

LOST = ("nowhere",)
INPUT = ("input",)  # the tree for the next input


class Break(Error):
    """The end of what a label is before."""

    def __init__(self, label):
        super().__init__("break")
        self.label = label


def lost(path):
    """The path of what is made by an expression."""
    return None if path is None else LOST


def way(path, key):
    """path with one more key."""
    if path is None:
        return None
    if path is LOST:
        raise Error("this does not say where something is")
    return path + (key,)


def rest_of(forks, fork):
    """What stands behind a comma."""
    _, items, i, value, path, names, then = fork
    if i + 1 < len(items):
        fork[2] = i + 1
        forks.append(fork)
    return items[i], value, path, names, then


def nothing(forks, fork):
    """The place of a label: nothing else comes from there."""


def caught(forks, fork):
    """The place of a try, whose body is done."""


def behind(forks, fork):
    """Between the fork fork[1] and here the body of a try was left."""


def following(forks, fork):
    """The next of an iterator of (value, path)."""
    _, items, then = fork
    pair = next(items, None)
    if pair is None:
        return None
    forks.append(fork)
    return None, pair[0], pair[1], None, then


def otherwise(forks, fork):
    """The right side of // where the left one gave nothing."""
    return None if fork[1] else fork[2]


def complete(forks, fork):
    """An array that has all its items; a state of reduce that has its last value."""
    _, cell, path, then = fork
    return None, cell, path, None, then


def stepped(forks, fork):
    """A step of reduce is over: its last value is the new one."""
    cell = fork[1]
    cell[0], cell[1] = cell[2], cell[3]
    cell[2], cell[3] = None, lost(cell[1])


def reduced(forks, fork):
    _, cell, then = fork
    return None, cell[0], cell[1], None, then
