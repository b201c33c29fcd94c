# mkdir - make directories
# usage: mkdir [-pv] [-m MODE] DIRECTORY...
#
#   -p  make parent directories, too, and accept existing ones
#   -v  print the created directories      -m MODE  no effect: there are no permissions
# Deviations: none but -m.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/mkdir.html

import os

from base.errors import Usage
from base.paths import dirname, exists, isdir
from program import complain, options, status

proc = None


def __main__(args):
    opts, names = options(args, "pvm:", (("parents", "p"), ("verbose", "v"), ("mode", "m")))
    if not names:
        raise Usage("missing operand")
    for name in names:
        try:
            if "p" in opts:
                missing = []
                path = name.rstrip("/")
                while path and not exists(path):
                    missing.append(path)
                    path = dirname(path)
                if path and not isdir(path):
                    raise OSError(17 if not missing else 20)  # EEXIST, ENOTDIR
            else:
                missing = [name.rstrip("/") or name]
            while missing:
                path = missing.pop()
                os.mkdir(path)
                if "v" in opts:
                    print(f"mkdir: created directory '{path}'")
        except OSError as e:
            complain(name, e)
    return status()
