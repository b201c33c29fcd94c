# ln - make links (not supported by the file systems)
# usage: ln [-fs] SOURCE... TARGET
#
# littlefs and FAT have neither hard nor symbolic links, so this always fails; use cp.
#   -s, -f  no effect
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ln.html

from base.errors import Failure, Usage
from program import options

proc = None


def __main__(args):
    _, names = options(args, "fs")
    if not names:
        raise Usage("missing operand")
    raise Failure(names[-1], "the file system has no links (cp copies)")
