# mkfifo - make named pipes (not supported by the file systems)
# usage: mkfifo [-m MODE] NAME...
#
# littlefs and FAT keep no named pipes, so this always fails. A | B, <(A) and >(A) connect commands without one.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/mkfifo.html

from base.errors import Failure, Usage
from program import options


def __main__(args):
    _, names = options(args, "m:", (("mode", "m"),))
    if not names:
        raise Usage("missing operand")
    raise Failure(names[0], "the file system has no named pipes: use |, <( ) or >( )")
