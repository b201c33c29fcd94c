# Finding programs: a name to the file that PATH gives for it.

import os

from base import changes
from base.paths import DIRECTORY, normal

PATH = "/bin:/rom/bin"  # where no PATH is set

_SUFFIXES = (".py", ".mpy", ".sh", "")

_held = None  # (path, file) of the program that was found last and opened by the way


def is_file(path):
    """True for a file, False for a directory or nothing."""
    try:
        return not os.stat(path)[0] & DIRECTORY
    except OSError:
        return False


def stamp(path):
    """What changes when the file does: size and time."""
    st = os.stat(path)
    return st[6], st[8]


def held(path):
    """The file at path, open for reading: as it was opened when it was found, or anew."""
    global _held
    held, _held = _held, None
    if held:
        if held[0] == path:
            return held[1]
        held[1].close()
    return open(path, "rb")


def let_go():
    """Close what was opened when it was found: it is not loaded after all."""
    global _held
    if _held:
        _held[1].close()
        _held = None


def in_bin(name):
    """The program called name in /bin, which stays open for who loads it next; None where there is none.

    Where files have a time, stat() goes through littlefs's directory twice, and open() once. A file that cannot be
    opened leaves a kilobyte of garbage, though: .py, for which a compiled system is asked in vain, is not asked so. The
    files are named with bytes: each str that is made is looked for among all names there are.
    """
    global _held
    let_go()
    base = b"/bin/" + name.encode()
    if is_file(base + b".py"):
        return f"/bin/{name}.py"
    try:
        file = open(base + b".mpy", "rb")
    except OSError:
        return first("/bin/" + name, (".sh", ""))
    path = "/bin/%s.mpy" % name
    _held = path, file
    return path


def find(name, process, hold=False):
    """The path of the program called name: along PATH, or where a name with a slash says. None where there is none.

    hold: it is about to be loaded.
    """
    if "/" in name:
        return first(normal(name, process.cwd), ("",) + _SUFFIXES[:3])
    places = process.env.get("PATH", PATH)
    if not isinstance(places, str):  # a program of upyOS may have set anything
        places = str(places)
    start = 0
    while True:
        end = places.find(":", start)
        if hold and places.startswith("/bin:", start) and not changes.unsaved:
            path = in_bin(name)
        else:
            directory = places[start : end if end >= 0 else len(places)]
            path = first(normal(directory, process.cwd) + "/" + name, _SUFFIXES)
        if path or end < 0:
            return path
        start = end + 1


def first(base, suffixes):
    """The first file there is of base with one of these suffixes, or None."""
    for suffix in suffixes:
        path = base + suffix
        if is_file(path):
            return path
    return None
