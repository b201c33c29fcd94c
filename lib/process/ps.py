# Processes and sessions for ps, top and who. Rows are bytes: MicroPython looks up each new str in the intern pool, which
# takes time.

from time import ticks_diff, ticks_ms

from base.units import human
from process import process

_FORM = b"%5d %5d %s%-1s%s %7.2f %s%02d:%02d:%02d %5s %s"


def rows(only=None, held=None):
    """A row for each process in the order of PIDs, or only for the process `only`; held: pid: bytes of memory."""
    now = ticks_ms()
    pids = [pid for pid in sorted(process.table) if only is None or pid == only]
    return [row(process.table[pid], now, "", held.get(pid, 0) if held else None) for pid in pids]


def row(p, now, share="", held=None):
    """PID PPID S, share, TIME ELAPSED MEM COMMAND; now is ticks_ms()."""
    if held is None:
        held = p.memory
    seconds = ticks_diff(now, p.started) // 1000
    days = b"%dd" % (seconds // 86400) if seconds >= 86400 else b" "
    memory = human(held) if held >= 1024 else held or "-"
    sts, mark = state(p)
    who = p.pid, p.ppid, sts, mark, share, p.time / 1000000, days
    clock = seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    line = _FORM % (who + clock + (memory, p.name))  # type: ignore[str-format]  # MicroPython puts a str in as it is
    for arg in p.args:
        line += b" %s" % arg
    return line + b"\n"


def state(p):
    """(the letter of the state, the mark behind it)."""
    if p.status is not None:
        return "Z", ""
    mark = "t" if p.thread else ""
    if p.session and p.session.foreground and p in p.session.foreground:
        mark = "+"
    return "H" if p.stopped else p.sts, mark


def sessions():
    """The sessions that there are, in the order of their shells."""
    found = []
    for pid in sorted(process.table):
        session = process.table[pid].session
        leader = session and session.leader
        if leader and leader.process.pid == pid and session not in found:
            found.append(session)
    return found
