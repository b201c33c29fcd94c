# The files below some directories, chosen by patterns of their names: for `grep -r`. Most searches name their files: without
# this they need 6 kB less heap in the simulator, and pipelines find room.

import os

from base.files import Walk
from base.paths import basename, normal
from program import complain, odd
from text.pattern import match

VIRTUAL = ("dev", "proc")


def is_virtual(path):
    """True for /dev, whose files have no end, and /proc."""
    return normal(path, os.getcwd())[1:] in VIRTUAL


def files_below(tops, include=None, exclude=None, without=None):
    """Yield the paths of files below tops, or below the working directory.

    include and exclude are patterns of the names of files, without of directories.
    """
    for top in tops or ["."]:
        try:
            walk = Walk(top, odd)
            for path, directory, depth in walk:
                name = basename(path)
                if directory:
                    if depth and (without and match(without, name) or name in VIRTUAL and is_virtual(path)):
                        walk.prune()
                elif directory is not None and (not include or match(include, name)):
                    if not exclude or not match(exclude, name):
                        yield path if tops else path[2:]
        except OSError as e:
            complain(top, e)
