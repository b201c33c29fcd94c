# chown - change the owner of files (not supported by the file systems)
# usage: chown [-R] USER[:GROUP] FILE...
#
# littlefs and FAT keep no owners, so this always fails.
#   -R  no effect
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/chown.html

from base.errors import Failure, Usage
from program import options

proc = None


def __main__(args):
    _, names = options(args, "R", (("recursive", "R"),))
    if len(names) < 2:
        raise Usage("expected USER and FILE")
    raise Failure(names[1], "the file system has no owners")
