# Finding programs: the file for a name, along PATH.

import os

from micropython import const

from base import generation, rom
from base.paths import DIRECTORY, isdir, normal

PATH = "/bin"  # where no PATH is set
ROM_PLACE = "/rom/bin/"
FROZEN_PLACE = ".frozen/bin/"  # of programs in the firmware, which no file system shows
FROZEN = rom.programs()
IN_ROM = bool(FROZEN) or isdir(ROM_PLACE[:-1])
STALE = rom.is_stale()  # compiled programs of the flash belong to another system
FLASH = rom.flash()  # what it has in /bin: the directory itself may show more (base.overlay)

_SUFFIXES = (".py", ".mpy", ".sh", "")
_IN_ROM = (".mpy", ".py", ".sh", "")
_OWN_MAX = const(16)  # names of files in /bin that are kept, where the system's lie elsewhere

_own = None  # the names of the files that the flash has in /bin; None where they are not known, or too many
_epoch = -1  # generation.count when they were read


def is_file(path, volume=os):
    """True for a file, False for a directory or nothing."""
    try:
        return not volume.stat(path)[0] & DIRECTORY
    except OSError:
        return False


def stamp(path):
    """The stamp of a file: size and time; constant for one in the firmware."""
    if path.startswith(FROZEN_PLACE):
        return 0, 0
    st = os.stat(path)
    return st[6], st[8]


def own(name):
    """True where the flash may have a program of this name in /bin.

    Where the system lies elsewhere it has few: their names are kept until a file changes.
    """
    global _own, _epoch
    if not IN_ROM:
        return True
    if _epoch != generation.count:
        _epoch = generation.count
        _own = []
        try:
            for entry in FLASH.ilistdir("/bin"):
                _own.append(entry[0])
                if len(_own) > _OWN_MAX:
                    _own = None
                    break
        except OSError:  # there is no such directory
            pass
    if _own is None or name in _own:
        return True
    for found in _own:
        if found.startswith(name + "."):
            return True
    return False


def in_bin(name):
    """The path of a program in /bin of the flash, or else in ROM; None if there is none."""
    if own(name):
        path = first("/bin/" + name, _SUFFIXES, FLASH)
        if path and not (STALE and path.endswith(".mpy") and (name in FROZEN or is_file(f"{ROM_PLACE}{name}.mpy"))):
            return path
    if name in FROZEN:
        return f"{FROZEN_PLACE}{name}.mpy"
    return first(ROM_PLACE + name, _IN_ROM) if IN_ROM else None


def find(name, process):
    """The path of a program: along PATH, or the path itself for a name with a slash. None if there is none.

    bash is the shell, where there is no other.
    """
    if "/" in name:
        path = normal(name, process.cwd)
        if IN_ROM and path.startswith("/bin/") and path.find("/", 5) < 0:
            stem, dot, ending = path[5:].rpartition(".")
            found = in_bin(stem if dot and "." + ending in _SUFFIXES else path[5:])
            if found and dot and not found.endswith(ending):
                found = None
        else:
            found = first(path, ("",) + _SUFFIXES[:3])
        return found or (in_bin("sh") if path.endswith("/bin/bash") else None)
    places = process.env.get("PATH", PATH)
    if not isinstance(places, str):  # a program of upyOS may have set any type
        places = str(places)
    start = 0
    while True:
        end = places.find(":", start)
        directory = places[start : end if end >= 0 else len(places)]
        if directory == "/bin":
            path = in_bin(name)
        else:
            path = first(normal(directory, process.cwd) + "/" + name, _SUFFIXES)
        if path or end < 0:
            return path if path or name != "bash" else in_bin("sh")
        start = end + 1


def shown(path):
    """The visible path of a program: those in ROM also appear in /bin."""
    return "/bin/" + path[path.rfind("/") + 1 :] if path.startswith((ROM_PLACE, FROZEN_PLACE)) else path


def first(base, suffixes, volume=os):
    """The first file there is of base with one of these suffixes, or None."""
    for suffix in suffixes:
        path = base + suffix
        if is_file(path, volume):
            return path
    return None
