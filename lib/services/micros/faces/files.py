# micrOS's modules Files and Web. Their directories are in /local/micros, and Load Modules in /local/modules.

import os

from base.paths import isdir, normal

_DIRECTORY = 0x4000


class OSPath:
    """Where files are."""

    _ROOT = "/"
    LOGS = "/local/micros/logs"
    DATA = "/local/micros/data"
    WEB = "/local/micros/web"
    MODULES = "/local/modules"
    CONFIG = "/local/micros/config"
    LIB = "/libx"


def path_join(*parts):
    """Parts of a path as one; absolute if the first is."""
    path = "/".join([part.strip("/") for part in parts if part])
    return "/" + path if parts and parts[0].startswith("/") else path


def abs_path(path):
    """A path without . and .., as if it began at the root."""
    return normal("/" + path.lstrip("/"))


def confined(path, directory):
    """A path that must lie in a directory; ValueError."""
    path = normal(path)
    if not path.startswith(directory + "/"):
        raise ValueError("not in " + directory)
    return path


def make_directories(path):
    """Make a directory, and those above it."""
    at = 0
    while at >= 0:
        at = path.find("/", at + 1)
        part = path[:at] if at > 0 else path
        if not isdir(part):
            os.mkdir(part)


def url_path_resolve(path):
    """The file of a page's address, below the directory of pages or a shared one: (whether there is none, its path or why)."""
    from services.micros import endpoints  # late: only where there are pages

    path = abs_path(path)
    alias = path[1:].partition("/")[0]
    if alias[:1] == "$" and alias not in endpoints.mounts:
        return True, "Invalid mount point: " + alias
    return False, endpoints.place(path)


def is_dir(path):
    return isdir(path)


def is_file(path):
    try:
        return not os.stat(path)[0] & _DIRECTORY
    except OSError:
        return False


def is_protected(path="/"):
    """Whether a Load Module must not remove a path: what lies in / itself, and what the system protects."""
    from base import config, users  # late: only to remove something

    path = normal(path)
    return path.count("/") < 2 or users.secret(path) or config.protected(path)


def ilist_fs(path="/", type_filter="*", select="*", core=False):
    """Yield the names in a directory, as (f or d, name) where all types are asked for; select: LM or IO."""
    for entry in os.ilistdir(path):
        name = entry[0]
        kind = "d" if entry[1] & _DIRECTORY else "f"
        if type_filter not in ("*", kind) or (select != "*" and (kind == "d" or name.split("_")[0] != select)):
            continue
        if kind == "f" and not core and path in ("", "/") and name.endswith((".py", ".mpy")):
            continue
        yield (kind, name) if type_filter == "*" else name


def list_fs(path="/", type_filter="*", select="*", core=False):
    """As ilist_fs(), as a list."""
    return list(ilist_fs(path, type_filter, select, core))


def remove_file(path, force=False):
    """Remove a file; returns a line about it."""
    if not force and is_protected(path):
        return "Protected resource, skip deletion: " + path
    if not is_file(path):
        return f"Cannot delete (not a file): {path}"
    os.remove(path)
    return path + " deleted"


def remove_dir(path, force=False):
    """Remove a directory with all that is in it; returns a line about it."""
    if not force and is_protected(path):
        return "Protected resource, skip deletion: " + path
    waiting = [path]
    found = []
    while waiting:  # without recursion: directories may be deep
        directory = waiting.pop()
        found.append(directory)
        for kind, name in list_fs(directory, core=True):
            full = path_join(directory, name)
            if kind == "d":
                waiting.append(full)
            else:
                os.remove(full)
    for directory in reversed(found):
        os.rmdir(directory)
    return path + " deleted"
