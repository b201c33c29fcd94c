# timeout - run a command with a time limit
# usage: timeout [-fpv] [-k TIME] [-s SIGNAL] TIME COMMAND [ARGUMENT...]
#
# After TIME (seconds, or 2m, 1h, 1d; 0: never) COMMAND gets TERM, and the status is 124; else it is that of COMMAND.
#   -s SIGNAL  instead of TERM      -k TIME  send KILL that long after, if it still runs; the status is then 137
#   -p, --preserve-status  the status of COMMAND even after a timeout      -v  report sent signals
#   -f, --foreground  no effect: COMMAND reads from the terminal
# Status: 125 for an error of timeout itself, 127 if COMMAND is not found.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/timeout.html

import asyncio

from base.errors import Usage
from base.units import seconds
from process import child, signals
from process.session import signal_tree
from program import options

proc = None

LONG = (("foreground", "f"), ("kill-after", "k"), ("preserve-status", "p"), ("signal", "s"), ("verbose", "v"))
STEP_S = 86400  # of one wait: the range of ticks is limited to some days
OVER = 124
TERM = 15
KILL = 9


async def __main__(args):
    cut = 0  # the options end at the first operand: the rest is the command
    while cut < len(args) and args[cut][:1] == "-" and args[cut] != "--":
        cut += 2 if args[cut] in ("-k", "-s", "--kill-after", "--signal") else 1
    try:
        opts, _ = options(args[:cut], "fk:ps:v", LONG)
        words = args[cut + (args[cut : cut + 1] == ["--"]) :]
        if len(words) < 2:
            raise Usage("expected TIME and COMMAND")
        limit = seconds(words[0])
        after = seconds(opts["k"]) if "k" in opts else 0
        signal = signals.number(opts["s"]) if "s" in opts else TERM
    except Usage as e:
        e.status = 125
        raise
    process, main = child.make(proc, words[1:])
    process.start(main)
    try:
        status = await ended(process, limit)
        if status is not None:
            return status
        send(process, signal, "v" in opts)
        status = await ended(process, after)
        if status is None:
            signal = KILL
            send(process, signal, "v" in opts)
            status = await process.wait()
        return status if "p" in opts else 128 + KILL if signal == KILL else OVER
    finally:
        if process.status is None:  # timeout itself is being terminated
            signal_tree(process, TERM)


async def ended(process, left):
    """Return the status of process, or None after that many seconds (0: no limit)."""
    if not left:
        return await process.wait()
    while left > 0:
        step = min(left, STEP_S)
        try:
            return await asyncio.wait_for_ms(process.wait(), int(step * 1000))
        except asyncio.TimeoutError:
            left -= step
    return None


def send(process, signal, told):
    """Send a signal to the command and its descendants."""
    if told:
        proc.complain("", f"sending signal {signals.name(signal)} to command '{process.name}'")
    signal_tree(process, signal)
