# top - watch the processes
# usage: top [-b] [-d SECONDS] [-n COUNT] [-o cpu|mem|time|pid]
#
#   -d SECONDS  update interval (2)      -n COUNT  number of updates      -o  sort key (cpu)
#   -b  batch mode, the default without a terminal
# Keys: q quit; c m t p sort by CPU share, memory, CPU time and pid; blank update now; + and - change the interval,
# Ctrl-Z suspends it until `fg`.
# %CPU  CPU share since the last update      S  as in ps      MEM  as in ps

import asyncio
import gc
from time import ticks_diff, ticks_ms

from base import clock
from base.errors import Usage
from base.units import human
from process import process, ps
from program import options

proc = None

ORDERS = {"c": "cpu", "m": "mem", "t": "time", "p": "pid"}
PAUSE_MIN = 200
PAUSE_MAX = 60000
ENTER = "\x1b[?1049h\x1b[?25l"  # alternate screen, cursor hidden
LEAVE = "\x1b[?25h\x1b[?1049l"


class Looks:
    """The figures of the last refresh, to compute differences."""

    def __init__(self, order):
        self.order = order
        self.times = {}  # pid: CPU time in microseconds
        self.when = None

    def rows(self):
        """Return the lines of the table, sorted."""
        now = ticks_ms()
        passed = max(ticks_diff(now, self.when), 1) * 1000 if self.when is not None else 0
        times = {}
        rows = []
        for p in process.table.values():
            times[p.pid] = p.time
            used = p.time - self.times.get(p.pid, 0)
            share = min(used * 100 / passed if passed else 0, 100)
            key = {"cpu": -share, "mem": -p.memory, "time": -p.time, "pid": p.pid}[self.order]
            rows.append((key, p.pid, ps.row(p, now, f" {share:>5.1f}").decode()))
        self.times = times
        self.when = now
        rows.sort()
        return [row[2][:-1] for row in rows]

    def heading(self):
        free = gc.mem_free()
        used = gc.mem_alloc()
        up = clock.uptime()
        held = sum([p.stopped for p in process.table.values()])
        return [
            f"top - up {up // 86400} days, {clock.hms(up % 86400)}, {len(process.table)} processes, {held} held",
            f"Memory: {human(used + free)} total, {human(used)} used, {human(free)} free    Sorted by {self.order}",
            "",
            "  PID  PPID S   %CPU    TIME   ELAPSED   MEM COMMAND",
        ]


async def __main__(args):
    opts, words = options(args, "bd:n:o:")
    order = opts["o"] or "cpu"
    if words or order not in ORDERS.values():
        raise Usage("extra operand" if words else "expected cpu, mem, time or pid", words[0] if words else order)
    try:
        pause = int(float(opts["d"] or 2) * 1000)
    except ValueError:
        pause = 0
    if not 0 < pause <= PAUSE_MAX:
        raise Usage("not a pause in seconds", opts["d"])
    looks = Looks(order)
    tty = proc.tty if proc.stdout.isatty() and "b" not in opts else None
    count = opts.number("n", 0 if tty or "b" in opts else 1)
    looks.rows()
    if tty:
        await watch(looks, tty, pause, count)
        return
    await asyncio.sleep_ms(min(pause, PAUSE_MIN))
    while True:
        proc.stdout.write("\n".join(looks.heading() + looks.rows()) + "\n")
        count -= 1
        if not count:
            return
        proc.stdout.write("\n")
        await asyncio.sleep_ms(pause)


async def watch(looks, tty, pause, count):
    """Show the table on the whole screen until q, or for a number of refreshes."""
    from process.keys import Keys  # late: only on a terminal

    keys = Keys(tty)
    tty.set_raw(True)
    tty.write(ENTER)
    wait = PAUSE_MIN  # refresh early: the first one has no difference to show
    try:
        while True:
            draw(looks, tty)
            count -= 1
            if not count:
                return
            try:
                key = await asyncio.wait_for_ms(keys.key(), wait)
            except asyncio.TimeoutError:
                key = ""
            wait = pause
            if key is None or key in ("q", "Q", "\x03"):
                return
            if key in ORDERS:
                looks.order = ORDERS[key]
            elif key == "+":
                wait = pause = min(pause * 2, PAUSE_MAX)
            elif key == "-":
                wait = pause = max(pause // 2, PAUSE_MIN)
            elif key == "\x1a":
                from process.suspend import suspend  # late: only for Ctrl-Z

                await suspend(tty, LEAVE, ENTER)
    finally:
        if tty.set_raw(False):
            tty.write(LEAVE)
            keys.give_back()


def draw(looks, tty):
    """Draw the screen over the previous one."""
    lines = (looks.heading() + looks.rows())[: tty.rows - 1]
    out = ["\x1b[H"]
    for number, line in enumerate(lines):
        line = line[: tty.columns]
        out.append(f"\x1b[7m{line}{' ' * (tty.columns - len(line))}\x1b[m" if number == 3 else line + "\x1b[K")
        out.append("\r\n")
    tty.write("".join(out) + "\x1b[J")
