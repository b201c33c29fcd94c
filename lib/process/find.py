# Finding programs: a name to the file that PATH gives for it.

import os

from base.paths import DIRECTORY, normal

PATH = "/bin:/rom/bin"  # where no PATH is set

_SUFFIXES = (".py", ".mpy", ".sh", "")


def is_file(path):
    """True for a file, False for a directory or nothing."""
    try:
        return not os.stat(path)[0] & DIRECTORY
    except OSError:
        return False


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
