# Modes and times of files. littlefs and FAT keep no modes, and no time but that of the last write: what chmod and touch set
# is in a table on the flash, a line for each file: MODE TIME SIZE WRITTEN PATH.
#
# A mode holds until the file is removed. A time holds until the file is written: SIZE and WRITTEN tell. Nothing refuses to
# read, write or run a file because of its mode: it is there for who asks, as root's commands do everywhere.

import os
from binascii import crc32

from micropython import const

from base import generation
from base.errors import Failure
from base.paths import DIRECTORY, normal

PATH = "/var/attributes"
FILES_MAX = const(100)  # in the table

GIVEN = const(0x10000)  # in st_mode

_FILE = const(0o644)
_PROGRAM = const(0o755)  # and directories
_DEVICE = const(0o666)
_READ_ONLY = const(0o444)
_UNSET = const(-1)

_table = None  # path: (mode or -1, time or -1, size, time of the last write), once it has been read


def stat(path, cwd="/"):
    """os.stat() of a file with the mode and time that it has, and a number of its own as the inode."""
    path = normal(path, cwd)
    st = given(path)
    mode = st[0] & 0o7777 if st[0] & GIVEN else usual(path, st[0])
    return (st[0] & 0xF000 | mode, crc32(path.encode()) or 1, 0, 1, 0, 0) + st[6:]


def given(path, cwd="/"):
    """os.stat() of a file with the time that it has been given, and with GIVEN in front of a mode that it has been given."""
    path = normal(path, cwd)
    st = os.stat(path)
    entry = _entries().get(path) if generation.attributes is not False else None
    mode, moment = st[0] & 0xF000, st[8]
    if entry:
        if entry[0] != _UNSET:
            mode |= entry[0] | GIVEN
        if entry[1] != _UNSET and entry[2:] == (st[6], st[8]):
            moment = entry[1]
    return (mode, 0, 0, 1, 0, 0, st[6], moment, moment, moment)


def usual(path, kind):
    """The mode of a file for which none has been set."""
    if kind & DIRECTORY:
        return _PROGRAM
    if kind & 0xF000 == 0x2000:
        return _DEVICE
    mode = _PROGRAM if path.endswith((".py", ".mpy", ".sh")) else _FILE
    from base import config  # late: many that import this ask for the time or the size only

    return mode & 0o555 if path.startswith(("/proc/", "/rom/")) or config.protected(path) else mode


def set_mode(path, mode):
    """Give the file at the normal path a mode."""
    st = os.stat(path)
    entry = _entries().get(path) or (_UNSET, _UNSET, 0, 0)
    _put(path, (_UNSET if mode == usual(path, st[0]) else mode,) + entry[1:])


def set_time(path, moment):
    """Give the file at the normal path a time, in this port's seconds; None: that of the last write."""
    st = os.stat(path)
    entry = _entries().get(path) or (_UNSET, _UNSET, 0, 0)
    if moment is None or moment == st[8]:
        moment = _UNSET
    _put(path, (entry[0], moment, st[6], st[8]))


def removed(path):
    """The file at the path is gone."""
    _put(normal(path, os.getcwd()), (_UNSET, _UNSET, 0, 0))


def moved(old, new):
    """A file or directory has another path now."""
    cwd = os.getcwd()
    old, new = normal(old, cwd), normal(new, cwd)
    below = old + "/"
    entries = _entries()
    changed = entries.pop(new, None) is not None
    for path in list(entries):
        if path == old or path.startswith(below):
            entries[new + path[len(old) :]] = entries.pop(path)
            changed = True
    if changed:
        _save()


def _entries():
    """The table; this module alone writes it."""
    global _table
    if _table is None:
        _table = {}
        try:
            with open(PATH, "rb") as file:
                while line := file.readline():
                    mode, moment, size, written, path = line.decode().rstrip("\n").split(" ", 4)
                    _table[path] = (int(mode, 8), int(moment), int(size), int(written))
        except (OSError, ValueError):  # there is none, or its rest is damaged
            pass
        generation.attributes = bool(_table)
    return _table


def _put(path, entry):
    entries = _entries()
    if entries.get(path, (_UNSET, _UNSET))[:2] == entry[:2] == (_UNSET, _UNSET):
        return
    if entry[:2] == (_UNSET, _UNSET):
        entries.pop(path, None)
    else:
        if path not in entries and len(entries) >= FILES_MAX:
            for known in list(entries):  # those whose file is gone make room
                if not _is_there(known):
                    del entries[known]
            if len(entries) >= FILES_MAX:
                raise Failure(path, f"more than {FILES_MAX} files with modes or times of their own")
        entries[path] = entry
    _save()


def _is_there(path):
    try:
        os.stat(path)
    except OSError:
        return False
    return True


def _save():
    from base.files import Replacement  # late: reading needs none of it

    with Replacement(PATH) as file:
        for path, (mode, moment, size, written) in _table.items():
            file.write(f"{mode:o} {moment} {size} {written} {path}\n")
    generation.attributes = bool(_table)
