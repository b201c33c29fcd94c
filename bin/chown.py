# chown - change the owner of files (not supported by the file systems)
# usage: chown [-fhRv] USER[:GROUP] FILE...
#
# littlefs and FAT keep no owners: all files are root's. To give them to root changes nothing, and to anybody else fails.
#   -R, -h, -f, -v  no effect
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/chown.html

import os

from base.errors import Failure, Usage
from program import complain, options, status

proc = None


def __main__(args):
    _, names = options(args, "hRvf", (("recursive", "R"), ("no-dereference", "h")))
    if len(names) < 2:
        raise Usage("expected USER and FILE")
    for name in names[1:]:
        try:
            os.stat(name)
        except OSError as e:
            complain(name, e)
            continue
        if any(part not in ("root", "0", "") for part in names[0].replace(".", ":").split(":")):
            complain(name, Failure("", "the file system has no owners"))
    return status()
