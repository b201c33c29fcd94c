# realpath - print the absolute path of files
# usage: realpath [-em] FILE...
#
# Print each FILE without "." and "..", beginning at the root. All but the last part must be there.
#   -e  all of it must be there      -m  nothing needs to be there
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/realpath.html

from base.errors import Usage
from program import options, status
from text.real import show

proc = None


def __main__(args):
    opts, names = options(args, "em")
    if not names:
        raise Usage("missing operand")
    for name in names:
        show(name, opts, False)
    return status()
