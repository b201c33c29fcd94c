# basename - the last part of a path
# usage: basename PATH [SUFFIX]
# usage: basename [-a] [-s SUFFIX] PATH...
#
#   -a  every operand is a path      -s SUFFIX  remove this suffix
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/basename.html

from base.errors import Usage
from base.paths import basename
from program import options

proc = None


def __main__(args):
    opts, names = options(args, "as:", (("multiple", "a"), ("suffix", "s")))
    suffix = opts["s"] or ""
    if not names:
        raise Usage("missing operand")
    if "a" not in opts and "s" not in opts and len(names) > 1:
        if len(names) > 2:
            raise Usage("extra operand")
        suffix = names.pop()
    for name in names:
        base = basename(name)
        if suffix and base.endswith(suffix) and base != suffix:
            base = base[: -len(suffix)]
        print(base)
