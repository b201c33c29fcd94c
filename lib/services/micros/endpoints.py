# What Load Modules serve over HTTP: the pages that they register, and the directories that they share.
#
# Loaded with the first of them, and unloaded when the service stops. What Diatom itself answers cannot be taken over, except
# for paths below /fs/, where micrOS's file server has its own.

from base.paths import exists
from services.micros.faces.files import OSPath, abs_path, is_file

METHODS = ("GET", "POST", "DELETE")
_WWW = "/www"  # Diatom's own pages, which come first
_OWN = " api camera capture.jpg config cp dashboard edit fs metrics rest stream "

table = {}  # path without its slash: {method: function, or the name of a file in the directory of pages}
mounts = {}  # $NAME: directory
_PLACES = {"modules": OSPath.MODULES, "data": OSPath.DATA, "logs": OSPath.LOGS}


def register(path, callback, method):
    if method not in METHODS:
        raise ValueError(f"method must be one of {METHODS}")
    table.setdefault(path.strip("/"), {})[method] = callback


def share(**named):
    """Share the directories modules, data and logs as $modules ..., or no longer; returns those that are."""
    for name, wanted in named.items():
        if wanted:
            mounts["$" + name] = _PLACES[name]
        elif wanted is not None:
            mounts.pop("$" + name, None)
    return mounts


def owns(path):
    """Whether a request for a path is for a Load Module."""
    name = path.strip("/")
    first, _, rest = name.partition("/")
    if f" {first} " in _OWN and not (first == "fs" and rest):
        return False
    if name in table or first in mounts:
        return True
    return first != "fs" and is_file(place(path)) and not (exists(_WWW + path) or exists(f"{_WWW}{path}.gz"))


def place(path):
    """The file at a path: in the directory of pages, or a shared one."""
    path = abs_path(path)
    first, _, rest = path[1:].partition("/")
    return f"{mounts[first]}/{rest}" if first in mounts else OSPath.WEB + path


def names():
    """The paths that can be got."""
    return sorted([path for path in table if "GET" in table[path]])
