# wait - wait for the end of a process
# usage: wait PID...
#
# The exit status is that of the last one, 127 if there is no such process.
# The shell has a built-in wait, which also accepts jobs (%1).

from base.errors import Usage
from process import process
from program import options

NOT_FOUND = 127


async def __main__(args):
    _, pids = options(args, "")
    status = 0
    for pid in pids:
        if not pid.isdigit():
            raise Usage("invalid process ID", pid)
        found = process.get(int(pid))
        status = await found.wait() if found else NOT_FOUND
    return status
