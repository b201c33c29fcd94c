# ** as a part of a path: directories inside each other. Loaded with the first one.

from micropython import const

from base.errors import Failure
from base.files import listed
from base.paths import DIRECTORY, normal

_PATHS_MAX = const(10000)


def walk(found, cwd, only_directories, dots):
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
