# The columns of `ps -o`.

from time import ticks_diff, ticks_ms

from base import clock
from base.errors import Usage
from base.users import user_of
from process import ps

FIELDS = {
    "pid": "PID",
    "ppid": "PPID",
    "s": "S",
    "state": "S",
    "stat": "STAT",
    "time": "TIME",
    "etime": "ELAPSED",
    "etimes": "ELAPSED",
    "pcpu": "%CPU",
    "%cpu": "%CPU",
    "mem": "MEM",
    "rss": "RSS",
    "vsz": "VSZ",
    "tty": "TTY",
    "user": "USER",
    "uid": "UID",
    "comm": "COMMAND",
    "ucmd": "CMD",
    "args": "COMMAND",
    "command": "COMMAND",
    "cmd": "CMD",
}
_TEXTS = ("s", "state", "stat", "tty", "user", "comm", "ucmd", "args", "command", "cmd")  # aligned to the left


def parse(texts):
    """([field], [heading]) of the values of -o: names between commas, each may have =HEADING behind it."""
    names, headings = [], []
    for text in texts:
        for word in text.split(",") if "=" in text else text.replace(",", " ").split():
            name, equals, heading = word.partition("=")
            if name not in FIELDS:
                raise Usage("unknown field", name)
            names.append(name)
            headings.append(heading if equals else FIELDS[name])
    return names, headings


def table(found, texts):
    """Yield the lines of a table of processes."""
    names, headings = parse(texts)
    rows = [[cell(p, name) for name in names] for p in found]
    if any(headings):
        rows.insert(0, headings)
    widths = [max([len(row[i]) for row in rows] or [0]) for i in range(len(names))]
    for row in rows:
        cells = []
        for i, name in enumerate(names):
            cells.append(f"{row[i]:<{widths[i]}}" if name in _TEXTS else f"{row[i]:>{widths[i]}}")
        yield " ".join(cells).rstrip()


def cell(p, name):
    """The text of a field for a process."""
    elapsed = ticks_diff(ticks_ms(), p.started) // 1000
    if name == "pid":
        return str(p.pid)
    if name == "ppid":
        return str(p.ppid)
    if name in ("s", "state", "stat"):
        letter, mark = ps.state(p)
        return letter + (mark if name == "stat" else "")
    if name == "time":
        return clock.hms(p.time // 1000000)
    if name == "etime":
        return clock.hms(elapsed)
    if name == "etimes":
        return str(elapsed)
    if name in ("pcpu", "%cpu"):
        return f"{min(p.time / 10000 / max(elapsed, 1), 100):.1f}"
    if name == "mem":
        return str(p.memory)
    if name in ("rss", "vsz"):
        return str((p.memory + 1023) // 1024)
    if name == "tty":
        return p.session.name if p.session else "?"
    if name == "user":
        return user_of(p)
    if name == "uid":
        return "0" if user_of(p) == "root" else "1000"
    if name in ("comm", "ucmd"):
        return p.name
    return " ".join([p.name] + [str(arg) for arg in p.args])
