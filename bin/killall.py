# killall - end the processes with a name
# usage: killall [-SIGNAL] [NAME...]
#
# Sends TERM, or SIGNAL, to each process whose name is exactly NAME; without a NAME to all of them.
# The kernel, the shells of sessions, and killall itself with its parents are excluded.
# The exit status is 1 if a NAME has no process.

from process import process
from process.signals import number
from program import complain, options, status
from text.pids import spared

proc = None

TERM = 15


def __main__(args):
    signal = TERM
    if args and args[0][:1] == "-" and args[0][1:2] not in ("", "-"):
        signal = number(args[0][1:])
        args = args[1:]
    _, names = options(args, "")
    safe = spared()
    targets = [p for p in list(process.table.values()) if p.pid not in safe and p.status is None]
    for name in names or (None,):
        found = False
        for p in targets:
            if name is None or p.name == name:
                found = True
                p.kill(signal)
        if not found and name is not None:
            complain(name, "no process found")
    return status()
