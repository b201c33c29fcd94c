# ps - show the processes
# usage: ps [-aAef] [-p PID]
#
#   -p PID  only that one      -a -A -e -f  no difference: all are shown, with their arguments
# PID PPID  numbers of the process and of the one that has started it
# S         R runs or waits, H is held, S is asked to end, Z has ended and nobody has asked for its status;
#           with + it is in the foreground of a session, with t it is a thread
# TIME      time on the processor, seconds      ELAPSED  since its start      MEM  heap that loading it took
# Deviations: no -o, -t, -u: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html

from time import ticks_diff, ticks_ms

from base.clock import hms
from process import process
from program import human, options

proc = None


def __main__(args):
    opts, _ = options(args, "aAefp:")
    only = opts.number("p", None)
    rows = [p for p in process.table.values() if only is None or p.pid == only]
    rows.sort(key=lambda p: p.pid)
    proc.stdout.write("  PID  PPID S     TIME   ELAPSED   MEM COMMAND\n")
    now = ticks_ms()
    for p in rows:
        seconds = ticks_diff(now, p.started) // 1000
        days = f"{seconds // 86400}d" if seconds >= 86400 else ""
        elapsed = days + hms(seconds % 86400)
        time = p.time / 1000000
        command = " ".join([p.name] + [str(arg) for arg in p.args])
        memory = human(p.memory) if p.memory else "-"
        proc.stdout.write(f"{p.pid:>5} {p.ppid:>5} {state(p):<2} {time:>7.2f} {elapsed:>9} {memory:>5} {command}\n")
    return 0 if rows else 1


def state(p):
    if p.status is not None:
        return "Z"
    mark = "t" if p.thread else ""
    if p.session and p.session.foreground and p in p.session.foreground:
        mark = "+"
    return ("H" if p.stopped else p.sts) + mark
