# Paths: one normal form, so that /tmp/../boot.py and //boot.py are /boot.py everywhere.

import os

from micropython import const

DIRECTORY = const(0x4000)  # st_mode bit of a directory, as MicroPython's os.stat gives it

_ENOENT = const(2)
_ENOTDIR = const(20)


def normal(path, cwd="/"):
    """The absolute path without '.', '..', empty parts or a slash at the end (POSIX 4.16, without links)."""
    if not path.startswith("/"):
        path = cwd + "/" + path
    if "//" not in path and "/." not in path:
        return path if path == "/" or not path.endswith("/") else path[:-1]
    parts = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part and part != ".":
            parts.append(part)
    return "/" + "/".join(parts)


def join(directory, name):
    """directory and name with one slash between them."""
    if name.startswith("/") or not directory:
        return name
    return directory + name if directory.endswith("/") else directory + "/" + name


def basename(path):
    """The last part of path, as POSIX basename gives it."""
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else ""
    return stripped.rsplit("/", 1)[-1]


def dirname(path):
    """All but the last part of path, as POSIX dirname gives it."""
    stripped = path.rstrip("/")
    if "/" not in stripped:
        return "/" if path and not stripped else "."
    return stripped.rsplit("/", 1)[0].rstrip("/") or "/"


def mode(path):
    """The mode bits of path, or 0 where nothing is there."""
    try:
        return os.stat(path)[0]
    except OSError:
        return 0


def exists(path):
    """True where path names anything."""
    return mode(path) != 0


def isdir(path):
    """True where path names a directory."""
    return mode(path) & DIRECTORY != 0


def isfile(path):
    """True where path names something that is no directory."""
    found = mode(path)
    return found != 0 and not found & DIRECTORY


def space(path):
    """(bytes in all, bytes free) of the file system that path is on.

    littlefs counts a block that two files share twice, so its sum of used blocks can pass the number there is.
    """
    found = os.statvfs(path)
    total = found[2]
    free = found[3] if 0 <= found[3] <= total else 0
    return found[0] * total, found[0] * free


def realpath(name, cwd, whole, missing):
    """The absolute path of name; OSError where it is not there: all of it (whole), or all but its last part.

    missing: nothing needs to be there.
    """
    path = normal(name, cwd)
    if not name:
        raise OSError(_ENOENT)
    if not missing:
        if isfile(path) and name.endswith("/") or not exists(path) and isfile(dirname(path)):
            raise OSError(_ENOTDIR)
        if not exists(path) and (whole or not isdir(dirname(path))):
            raise OSError(_ENOENT)
    return path
