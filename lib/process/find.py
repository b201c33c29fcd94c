# Finding programs: a name to the file that PATH gives for it.

import os

from base import changes
from base.paths import DIRECTORY, normal

PATH = "/bin:/rom/bin"  # where no PATH is set

_SUFFIXES = (".py", ".mpy", ".sh", "")

_seen = ()  # (path, stamp, changes.count) of the file that was found last


def is_file(path):
    """True for a file, False for a directory or nothing."""
    global _seen
    try:
        st = os.stat(path)
    except OSError:
        return False
    if st[0] & DIRECTORY:
        return False
    _seen = path, (st[6], st[8]), changes.count
    return True


def stamp(path, again=True):
    """What changes when the file does: size and time. Not again: of a file that was found just now, what it was then."""
    if not again and _seen and _seen[0] == path and _seen[2] == changes.count:
        return _seen[1]
    st = os.stat(path)
    return st[6], st[8]


def find(name, process):
    """The path of the program called name: along PATH, or where a name with a slash says. None where there is none."""
    if "/" in name:
        base = normal(name, process.cwd)
        for suffix in ("",) + _SUFFIXES[:3]:
            if is_file(base + suffix):
                return base + suffix
        return None
    for directory in str(process.env.get("PATH", PATH)).split(":"):
        base = normal(directory, process.cwd) + "/" + name
        for suffix in _SUFFIXES:
            if is_file(base + suffix):
                return base + suffix
    return None
