# pidof - print the pids of the processes with a name
# usage: pidof [-s] NAME...
#
#   -s  only one, the oldest
# Status 1 if there is no such process.

from base.errors import Usage
from process import process
from program import options

proc = None


def __main__(args):
    opts, names = options(args, "s")
    if not names:
        raise Usage("missing NAME")
    found = [pid for pid in sorted(process.table) if process.get(pid).name in names and process.get(pid).status is None]
    if not found:
        return 1
    proc.stdout.write(" ".join([str(pid) for pid in found[:1] if "s" in opts] or [str(pid) for pid in found]) + "\n")
