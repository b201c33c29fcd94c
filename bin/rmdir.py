# rmdir - remove empty directories
# usage: rmdir [-pv] DIRECTORY...
#
#   -p  remove empty parent directories, too      -v  print the removed directories
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/rmdir.html

import os

from base.errors import Usage
from base.paths import dirname, isdir, mode
from program import complain, options, status

proc = None


def __main__(args):
    opts, names = options(args, "pv", (("parents", "p"), ("verbose", "v")))
    if not names:
        raise Usage("missing operand")
    for name in names:
        path = name.rstrip("/") or name
        while path not in (".", "/"):
            try:
                if not isdir(path):
                    raise OSError(20 if mode(path) else 2)  # ENOTDIR, ENOENT
                os.rmdir(path)
            except OSError as e:
                complain(path, e)
                break
            if "v" in opts:
                print(f"rmdir: removing directory, '{path}'")
            if "p" not in opts:
                break
            path = dirname(path)
        else:
            if path == name:
                complain(name, "refusing to remove it")
    return status()
