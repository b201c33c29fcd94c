# Patterns as paths: what the shell does with an unquoted * ? [...] in a word.

import os

from micropython import const

from base.errors import Failure
from base.files import listed
from base.paths import DIRECTORY, normal
from text.pattern import has_magic, match, unescape

_MATCHES_MAX = const(10000)  # paths at any moment of an expansion
_PATHS_MAX = const(10000)

_FILE = const(0x8000)


def expand(pattern, cwd, dots=False, fold=False, stars=False):
    """The sorted paths that match; empty where there are none. A dot that begins a name is matched by a dot alone.

    dots: by all; fold: case does not matter; stars: ** goes through all directories.
    """
    if not pattern:
        return []
    parts = pattern.split("/")
    last = len(parts) - 1
    found = [""]
    unsure = joined = False  # the names that were added last may not exist; they end with a slash already
    for k in range(len(parts)):
        part = parts[k]
        if joined:
            joined = False
        elif k and found != [""]:
            found = [path + "/" for path in found]
        elif k:
            found[0] = "/"
        if stars and part == "**":
            joined = k < last
            found = _walk(found, cwd, joined, dots)
            unsure = False
        elif has_magic(part):
            found = _listed(found, part, cwd, k < last, dots, fold)
            unsure = False
        elif part:
            if k < last and len(part) - len(part.rstrip("\\")) & 1:
                part = part[:-1]  # a quoted slash
            part = unescape(part)
            found = [path + part for path in found]
            unsure = True
        elif k == last:
            found = [path for path in found if path and _mode(path, cwd) & DIRECTORY]
            unsure = False
        if not found:
            return found
    if unsure:
        found = [path for path in found if _mode(path, cwd)]
    found.sort()
    return found


def _mode(path, cwd):
    """The mode of a file; 0 where there is none."""
    try:
        return os.stat(normal(path, cwd))[0]
    except OSError:
        return 0


def _listed(directories, part, cwd, only_directories, dots, fold):
    """The paths of the names in directories that match."""
    hidden = part[0] == "." or part[:2] == "\\."
    if fold:
        part = part.lower()
    out = []
    for directory in directories:
        try:
            for name, bits in listed(normal(directory, cwd)):
                if ((name[0] == ".") != hidden and (hidden or not dots)) or (
                    only_directories and bits & 0xF000 == _FILE
                ):
                    continue
                if match(part, name.lower() if fold else name):
                    if len(out) >= _MATCHES_MAX:
                        raise Failure("", f"more than {_MATCHES_MAX} matching paths")
                    out.append(directory + name)
        except OSError:
            pass  # no directory, or one that cannot be read: no match
        except MemoryError:
            count = len(out)
            out = None
            raise Failure("", f"not enough memory for more than {count} matching paths")
    return out


def _walk(found, cwd, only_directories, dots):
    """The paths that ** is behind each one of found; those of directories end with a slash where more follows."""
    out = [path for path in found if only_directories or path]
    waiting = list(found)
    while waiting:
        place = waiting.pop()
        try:
            entries = listed(normal(place, cwd))
        except OSError:
            continue
        for name, bits in entries:
            if name[0] == "." and not dots:
                continue
            if len(out) >= _PATHS_MAX:
                raise Failure("", f"more than {_PATHS_MAX} paths match")
            if bits & DIRECTORY:
                waiting.append(place + name + "/")
                out.append(place + name + "/" * only_directories)
            elif not only_directories:
                out.append(place + name)
    return out
