# dirname - a path without its last part
# usage: dirname PATH...
#
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/dirname.html

from base.errors import Usage
from base.paths import dirname
from program import options

proc = None


def __main__(args):
    names = options(args, "")[1]
    if not names:
        raise Usage("missing operand")
    for name in names:
        print(dirname(name))
