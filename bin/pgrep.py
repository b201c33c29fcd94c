# pgrep - print the pids of the processes whose name matches
# usage: pgrep [-flnox] PATTERN
#
#   -f  match the arguments, too      -x  the whole name      -l  print the names, too
#   -n  only the newest               -o  only the oldest
# PATTERN is an extended regular expression. Status 1 if there is no such process.

from base.errors import Usage
from program import options
from text.pids import matching

proc = None


def __main__(args):
    opts, words = options(args, "flnox")
    if len(words) != 1:
        raise Usage("expected one PATTERN")
    found = matching(words[0], "f" in opts, "x" in opts)
    if "n" in opts or "o" in opts:
        found = found[-1:] if "n" in opts else found[:1]
    for p in found:
        name = " ".join([p.name] + [str(arg) for arg in p.args]) if "f" in opts else p.name
        proc.stdout.write(f"{p.pid} {name}\n" if "l" in opts else f"{p.pid}\n")
    return 0 if found else 1
