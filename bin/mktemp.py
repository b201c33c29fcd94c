# mktemp - make a temporary file or directory with a new name
# usage: mktemp [-dqu] [-p DIR] [--suffix=TEXT] [TEMPLATE]
# usage: mktemp [-dqu] -t [TEMPLATE]
#
# Create a file whose name is TEMPLATE (tmp.XXXXXXXXXX) with its last X (three or more) replaced, and print its name.
#   -d  a directory      -u  only print a name      -q  no error messages
#   -p DIR, --tmpdir=DIR  in DIR; --tmpdir alone, or no TEMPLATE: in $TMPDIR, or /tmp
#   -t  in $TMPDIR, or in DIR, or in /tmp      --suffix=TEXT  append TEXT to the TEMPLATE, which must end with X

import os

from base.errors import Failure, Usage
from base.paths import exists, join
from program import options

proc = None

CHARS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
TRIES = 20


def __main__(args):
    args = ["--tmpdir=" if arg == "--tmpdir" else arg for arg in args]
    opts, names = options(args, "dqutp:", "directory=d dry-run=u quiet=q suffix: tmpdir=p")
    if len(names) > 1:
        raise Usage("extra operand", names[1])
    template = names[0] if names else "tmp.XXXXXXXXXX"
    suffix = opts["suffix"]
    if suffix is None:  # it is what follows the last X
        suffix = template[template.rfind("X") + 1 :] if "X" in template else ""
        template = template[: len(template) - len(suffix)]
    stem = template.rstrip("X")
    length = len(template) - len(stem)
    try:
        if length < 3:
            raise Failure(
                template + suffix,
                "too few X in template" if opts["suffix"] is None else "too few X at the end",
            )
        if "/" in suffix:
            raise Failure(suffix, "directory separator in suffix")
        if "p" in opts or "t" in opts or not names:
            if "/" in template:
                raise Failure(template, "directory not allowed with -p and -t")
            tmp = proc.env.get("TMPDIR")
            given = opts["p"]
            directory = (tmp or given) if "t" in opts else (given or tmp)
            stem = join(directory or "/tmp", stem)
        path = make(stem, length, suffix, opts)
    except (OSError, Failure) as e:
        if "q" not in opts:
            proc.complain("" if isinstance(e, Failure) else template, e)
        return 1
    proc.stdout.write(path + "\n")


def make(stem, length, suffix, opts):
    for _ in range(TRIES):
        path = stem + "".join([CHARS[byte % len(CHARS)] for byte in os.urandom(length)]) + suffix
        if exists(path):
            continue
        if "u" in opts:
            pass
        elif "d" in opts:
            os.mkdir(path)
        else:
            open(path, "wb").close()
        return path
    raise Failure(stem, "no free name")
