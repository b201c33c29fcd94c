# readlink - print the target of a link, or an absolute path
# usage: readlink FILE...
# usage: readlink -f | -e | -m [-n] [-q] [-z] FILE...
#
# There are no links here, so without -f, -e or -m this fails with status 1.
#   -f  print the absolute path; all but the last part must exist
#   -e  all parts must exist      -m  no part needs to exist
#   -n  no newline      -z  NUL instead of it      -v  report errors      -q, -s  no effect
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/readlink.html

from base.errors import Usage
from base.paths import exists, realpath
from program import complain, options, status

proc = None

LONG = (
    ("canonicalize", "f"),
    ("canonicalize-existing", "e"),
    ("canonicalize-missing", "m"),
    ("no-newline", "n"),
    ("quiet", "q"),
    ("verbose", "v"),
    ("zero", "z"),
)


def __main__(args):
    opts, names = options(args, "efmnqsvz", LONG)
    if not names:
        raise Usage("missing operand")
    for name in names:
        if "f" in opts or "e" in opts or "m" in opts:
            try:
                path = realpath(name, proc.cwd, "e" in opts, "m" in opts)
            except OSError as e:
                complain(name or "''", e)
                continue
            end = "\0" if "z" in opts else "" if "n" in opts and len(names) == 1 else "\n"
            proc.stdout.write(path + end)
        elif exists(name):
            proc.failed = 1  # not a link: scripts test for that and want no message
            if "v" in opts:
                complain(name, OSError(22))
        else:
            complain(name, OSError(2))
    return status()
