# What ps and top show of a process.

from time import ticks_diff, ticks_ms

from base.clock import hms
from base.sizes import human
from process import process


def rows(only=None):
    """A row for each process, by number, or for just that one."""
    now = ticks_ms()
    return [row(process.table[pid], now) for pid in sorted(process.table) if only is None or pid == only]


def row(p, now, share=""):
    """PID PPID S, share, TIME ELAPSED MEM COMMAND; now is ticks_ms()."""
    seconds = ticks_diff(now, p.started) // 1000
    elapsed = hms(seconds % 86400)
    if seconds >= 86400:
        elapsed = f"{seconds // 86400}d{elapsed}"
    command = p.name
    for arg in p.args:
        command += f" {arg}"
    memory = human(p.memory) if p.memory else "-"
    time = p.time / 1000000
    return "%5d %5d %-2s%s %7.2f %9s %5s %s\n" % (p.pid, p.ppid, state(p), share, time, elapsed, memory, command)


def state(p):
    if p.status is not None:
        return "Z"
    mark = "t" if p.thread else ""
    if p.session and p.session.foreground and p in p.session.foreground:
        mark = "+"
    return ("H" if p.stopped else p.sts) + mark
