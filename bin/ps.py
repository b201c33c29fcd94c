# ps - show the processes
# usage: ps [-aAef] [-p PID]
#
#   -p PID  only that one      -a -A -e -f  no effect: all are shown, with their arguments
# PID PPID  numbers of the process and its parent
# S         R runs or waits, H is held, S is ending, Z is a zombie (ended, not waited for);
#           + in the foreground of a session, t a thread
# TIME      CPU time in seconds      ELAPSED  since its start
# MEM       heap taken by loading the program; for a compiled one, the size of its file
# Deviations: no -o, -t, -u: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html

from process import ps
from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "aAefp:")
    rows = ps.rows(opts.number("p", None))
    proc.stdout.write(b"  PID  PPID S     TIME   ELAPSED   MEM COMMAND\n" + b"".join(rows))
    return 0 if rows else 1
