# realpath - print the absolute path of files
# usage: realpath [-eLmPqsz] [--relative-to=DIR] [--relative-base=DIR] FILE...
#
# Print the absolute path of each FILE without "." and "..". All but the last part must exist.
#   -e  all parts must exist      -m  no part needs to exist     -q  no messages     -z  NUL instead of newlines
#   --relative-to=DIR  relative to DIR      --relative-base=DIR  relative to DIR if it is below DIR
#   -L, -P, -s  no effect: there are no links
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/realpath.html

from base.errors import Failure, Usage, reason
from base.files import inside
from base.paths import normal, realpath
from program import complain, options, status

proc = None

LONG = (
    ("canonicalize-existing", "e"),
    ("canonicalize-missing", "m"),
    ("logical", "L"),
    ("physical", "P"),
    ("quiet", "q"),
    "relative-base:",
    "relative-to:",
    ("strip", "s"),
    ("no-symlinks", "s"),
    ("zero", "z"),
)


def __main__(args):
    opts, names = options(args, "eLmPqsz", LONG)
    if not names:
        raise Usage("missing operand")
    for name in ("relative-base", "relative-to"):
        if name in opts and "m" not in opts:
            try:
                realpath(opts[name], proc.cwd, True, False)
            except OSError as e:
                raise Failure(opts[name], reason(e))
    base = normal(opts["relative-base"] or "/", proc.cwd)
    start = normal(opts["relative-to"], proc.cwd) if "relative-to" in opts else base if "relative-base" in opts else ""
    for name in names:
        try:
            path = realpath(name, proc.cwd, "e" in opts, "m" in opts)
        except OSError as e:
            if "q" in opts:
                proc.failed = 1
            else:
                complain(name or "''", e)
            continue
        if start and inside(path, base) and inside(start, base):
            path = relative(path, start)
        proc.stdout.write(path + ("\0" if "z" in opts else "\n"))
    return status()


def relative(path, start):
    """Return path relative to the directory start."""
    to = [part for part in path.split("/") if part]
    origin = [part for part in start.split("/") if part]
    same = 0
    while same < min(len(to), len(origin)) and to[same] == origin[same]:
        same += 1
    return "/".join([".."] * (len(origin) - same) + to[same:]) or "."
