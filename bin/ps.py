# ps - show the processes
# usage: ps [-aAef] [-p PID[,PID...]] [-o FIELD[=HEADING][,FIELD...]]...
#
#   -p PID  only those      -a -A -e -f  no effect: all are shown, with their arguments
#   -o FIELD  these columns: pid ppid stat time etime etimes pcpu mem rss vsz tty user comm args; FIELD= has no heading
# PID PPID  numbers of the process and its parent
# S         R runs or waits, H is held, S is ending, Z is a zombie (ended, not waited for);
#           + in the foreground of a session, t a thread
# TIME      CPU time in seconds      ELAPSED  since its start
# MEM       heap taken by loading the program; for a compiled one, the size of its file
# Deviations: no -t, -u: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html

from process import process, ps
from program import integer, options

proc = None


def __main__(args):
    opts, _ = options(args, "aAefp:o:", (("format", "o"), ("pid", "p")))
    wanted = None
    if "p" in opts:
        wanted = [integer(pid) for text in opts.all("p") for pid in text.replace(",", " ").split()]
    if "o" in opts:
        return columns(opts.all("o"), wanted)
    rows = ps.rows() if wanted is None else [row for pid in wanted for row in ps.rows(pid)]
    proc.stdout.write(b"  PID  PPID S     TIME   ELAPSED   MEM COMMAND\n" + b"".join(rows))
    return 0 if rows else 1


def columns(texts, wanted):
    """Write the columns that -o asks for."""
    from text import processes  # late: the usual columns need none of it

    found = [p for pid, p in sorted(process.table.items()) if wanted is None or pid in wanted]
    for line in processes.table(found, texts):
        proc.stdout.write(line + "\n")
    return 0 if found else 1
