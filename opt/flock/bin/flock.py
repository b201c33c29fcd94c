# flock - run a command while a file is locked
# usage: flock [-ensux] [-w SECONDS] [-E STATUS] FILE COMMAND [ARG...]
#        flock [-ensux] [-w SECONDS] [-E STATUS] FILE -c COMMANDS
#        flock [-ensux] [-w SECONDS] [-E STATUS] NUMBER
#
#   -n  fail at once where it is locked      -w SECONDS  fail after that time      -E STATUS  with that status (1)
#   -s  a shared lock      -x, -e  one for itself (the usual one)      -u  unlock
# NUMBER is a descriptor that the shell has open, as in `( flock 9; ... ) 9> /tmp/lock`: locked until it is closed.
# A lock holds among the commands of this board.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from base.errors import Usage
from base.paths import normal
from process import process as processes
from program import integer, options

proc = None

LOOK_MS = 50


async def __main__(args):
    end = 0  # stop before the options of the command
    while end < len(args) and args[end][:1] == "-" and args[end] != "--":  # -c follows FILE
        end += 2 if args[end] in ("-w", "-E", "--timeout", "--conflict-exit-code") else 1
    opts, _ = options(
        args[:end], "ensuxw:E:", "nonblock=n nb=n shared=s exclusive=x unlock=u timeout=w conflict-exit-code=E"
    )
    words = args[end + 1 :] if args[end : end + 1] == ["--"] else args[end:]
    if not words:
        raise Usage("missing FILE")
    holder, path = proc, normal(words[0], proc.cwd)
    if len(words) == 1:
        holder = (proc.shell and proc.shell.fds or {}).get(integer(words[0]))
        if not holder:
            raise Usage("bad file descriptor", words[0])
        path = normal(holder.path, proc.cwd)
    if "u" in opts:
        holder.lock = None
        return 0
    if len(words) > 1:
        open(path, "ab").close()
    shared = "s" in opts
    limit = ticks_add(ticks_ms(), int(float(opts["w"] or 0) * 1000))
    while taken(path, shared, holder):
        if "n" in opts or ("w" in opts and ticks_diff(limit, ticks_ms()) < 0):
            return opts.number("E", 1)
        await asyncio.sleep_ms(LOOK_MS)
    holder.lock = path, shared
    if len(words) == 1:
        return 0
    if words[1] in ("-c", "--command"):
        words[1:2] = ["sh", "-c"]
    return await proc.run(words[1:])


def taken(path, shared, asker):
    """Return whether another process has a conflicting lock of path."""
    for process in processes.table.values():
        holders = [process]
        if process.shell and process.shell.process is process and process.shell.fds:
            holders += process.shell.fds.values()
        for holder in holders:
            lock = getattr(holder, "lock", None)
            if lock and holder is not asker and lock[0] == path and process.status is None and not (shared and lock[1]):
                return True
    return False
