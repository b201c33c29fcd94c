# ps - show the processes
# usage: ps [-aAefv] [-p PID[,PID...]] [-o FIELD[=HEADING][,FIELD...]]...
#
#   -p PID  only those      -v  MEM is all that the process holds      -a -A -e -f  no effect: all are shown, with their arguments
#   -o FIELD  these columns: pid ppid stat time etime etimes pcpu mem rss vsz tty user comm args; FIELD= has no heading
# PID PPID  numbers of the process and its parent
# S         R runs or waits, H is held, S is ending, Z is a zombie (ended, not waited for);
#           + in the foreground of a session, t a thread
# TIME      CPU time in seconds      ELAPSED  since its start
# MEM       heap taken by loading the program; for a compiled one, the size of its file
#           -v: with its objects, its session or its clients, as free -v estimates it; process 1 has what all share
# Deviations: no -t, -u: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html

from process import process, ps
from program import integer, options

proc = None


def __main__(args):
    opts, _ = options(args, "aAefvp:o:", (("format", "o"), ("pid", "p")))
    wanted = None
    if "p" in opts:
        wanted = [integer(pid) for text in opts.all("p") for pid in text.replace(",", " ").split()]
    if "o" in opts:
        return columns(opts.all("o"), wanted)
    held = holdings() if "v" in opts else None
    rows = [row for pid in wanted or (None,) for row in ps.rows(pid, held)]
    proc.stdout.write(b"  PID  PPID S     TIME   ELAPSED   MEM COMMAND\n" + b"".join(rows))
    return 0 if rows else 1


def columns(texts, wanted):
    """Write the columns of -o."""
    from text import processes  # late: not needed for the default columns

    found = [p for pid, p in sorted(process.table.items()) if wanted is None or pid in wanted]
    for line in processes.table(found, texts):
        proc.stdout.write(line + "\n")
    return 0 if found else 1


def holdings():
    """Return {pid: bytes of memory that the process holds}."""
    import gc  # late: rarely used

    from services import usage  # late: only for -v

    gc.collect()
    found = {}
    for _, pid, size in usage.report(gc.mem_alloc()):
        found[pid] = found.get(pid, 0) + size
    return found
