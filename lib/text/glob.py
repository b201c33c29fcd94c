# Patterns as paths: what the shell does with an unquoted * ? [...] in a word.

import os

from micropython import const

from base.errors import Failure
from base.files import listed
from base.paths import DIRECTORY, normal
from text.pattern import has_magic, match, unescape

_MATCHES_MAX = const(10000)  # paths at any moment of an expansion

_FILE = const(0x8000)


def expand(pattern, cwd):
    """The sorted paths that match; empty where there are none. A dot that begins a name is matched by a dot alone."""
    if not pattern:
        return []
    parts = pattern.split("/")
    last = len(parts) - 1
    found = [""]
    unsure = False  # the names that were added last may not exist
    for k in range(len(parts)):
        part = parts[k]
        if k and found != [""]:
            found = [path + "/" for path in found]
        elif k:
            found[0] = "/"
        if has_magic(part):
            found = _listed(found, part, cwd, k < last)
            unsure = False
        elif part:
            if k < last and len(part) - len(part.rstrip("\\")) & 1:
                part = part[:-1]  # a quoted slash
            part = unescape(part)
            found = [path + part for path in found]
            unsure = True
        elif k == last:
            found = [path for path in found if _mode(path, cwd) & DIRECTORY]
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


def _listed(directories, part, cwd, only_directories):
    """The paths of the names in directories that match."""
    hidden = part[0] == "." or part[:2] == "\\."
    out = []
    for directory in directories:
        try:
            for name, bits in listed(normal(directory, cwd)):
                if (name[0] == ".") != hidden or (only_directories and bits & 0xF000 == _FILE):
                    continue
                if match(part, name):
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
