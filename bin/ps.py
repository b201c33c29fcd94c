# ps - show the processes
# usage: ps [-aAef] [-p PID]
#
#   -p PID  only that one      -a -A -e -f  no difference: all are shown, with their arguments
# PID PPID  numbers of the process and of the one that has started it
# S         R runs or waits, H is held, S is asked to end, Z has ended and nobody has asked for its status;
#           with + it is in the foreground of a session, with t it is a thread
# TIME      time on the processor, seconds      ELAPSED  since its start
# MEM       heap that loading the program took; of a compiled one, the size of its file
# Deviations: no -o, -t, -u: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html

from process import ps
from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "aAefp:")
    rows = ps.rows(opts.number("p", None))
    proc.stdout.write(b"  PID  PPID S     TIME   ELAPSED   MEM COMMAND\n" + b"".join(rows))
    return 0 if rows else 1
