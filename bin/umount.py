# umount - unmount a file system
# usage: umount [-f] DIRECTORY...
#
#   -f  even if a process uses it

import sys

import vfs

from base import volumes
from base.errors import Usage
from base.files import inside
from base.paths import normal
from process import open_files, process
from program import complain, options, status

proc = None


def __main__(args):
    opts, names = options(args, "f")
    if not names:
        raise Usage("missing DIRECTORY")
    for name in names:
        path = normal(name, proc.cwd)
        points = [point for _, point in vfs.mount()]
        if path not in points:
            complain(name, "is not mounted")
        elif path in ("/", "/proc", "/dev") or path in sys.path:
            complain(name, "in use by the system")
        elif "f" not in opts and (pid := user(path)):
            complain(name, f"process {pid} uses it")
        else:
            try:
                volumes.umount(path)
            except OSError as e:  # closing a file failed to write its rest
                complain(name, e)
    return status()


def user(path):
    """Return the pid of a process that uses something below path, or None."""
    for p in process.table.values():
        if p is proc or p.status is not None:
            continue
        places = [p.cwd] + [normal(s.path, p.cwd) for _, s in open_files.streams(p) if open_files.is_file(s)]
        if any(inside(place, path) for place in places):
            return p.pid
    return None
