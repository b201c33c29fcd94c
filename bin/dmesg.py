# dmesg - show the log
# usage: dmesg [-cCTxw] [-l LEVEL,...] [-n LINES]
#
# Prints the messages of the kernel and the services since boot: seconds since boot, source, message. Older lines are in
# /var/log/messages.
#   -T  dates instead of seconds      -x  the level, too      -w  wait for new messages (Ctrl-C ends it)
#   -l LEVEL,...  only these: emerg alert crit err warning notice info debug      -n LINES  only the last ones
#   -c  clear the messages after printing      -C  clear them without printing

import asyncio
import sys

from base import log
from base.errors import Usage
from program import options

proc = None

STEP_MS = 300


async def __main__(args):
    opts, words = options(
        args, "cCTxwl:n:", (("clear", "C"), ("read-clear", "c"), ("ctime", "T"), ("follow", "w"), ("level", "l"))
    )
    if words:
        raise Usage("extra operand", words[0])
    wanted = range(8)
    if opts["l"]:
        wanted = [log.level(name) for name in opts["l"].split(",")]
        if None in wanted:
            raise Usage("not a level", opts["l"])
    if "C" not in opts:
        lines = about() + list(log.entries())
        if "n" in opts:
            lines = lines[-opts.number("n", 0) :] if opts.number("n", 0) > 0 else []
        seen = log.count
        show(lines, wanted, opts)
        while "w" in opts:
            await asyncio.sleep_ms(STEP_MS)
            new = min(log.count - seen, log.kept)
            seen = log.count
            if new:
                show(log.entries(log.kept - new), wanted, opts)
    if "C" in opts or "c" in opts:
        log.clear()


def about():
    """Return what the kernel could have logged at boot. It is not stored, since it can be found out."""
    from base import VERSION, board, power  # late: not for the lines alone

    version = ".".join([str(part) for part in sys.implementation.version[:3]])
    lines = [f"Diatom {VERSION} on {board.machine()}, MicroPython {version}", "reset cause: " + power.describe()]
    return [(0, log.INFO, "kernel", line) for line in lines]


def show(lines, wanted, opts):
    zone = proc.getenv("TZ") or ""
    for line in lines:
        seconds, level, source, text = line
        if level not in wanted:
            continue
        if "T" in opts:
            from base.logfile import show as show_date  # late: only for -T

            stamp, _, text = show_date(line, zone).partition(f" {log.LEVELS[level]} ")
        else:
            stamp, text = f"{seconds:>7}", f"{source}: {text}"
        mark = f"{log.LEVELS[level]:<8}" if "x" in opts else ""
        proc.stdout.write(f"{mark}[{stamp}] {text}\n")
