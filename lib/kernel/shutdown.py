# Shutdown: /etc/end.sh, then the jobs, within a time limit; then what was asked for (DESIGN section 6).

import asyncio

from micropython import const
from process import process as processes

_GRACE_MS = const(3000)  # how long processes may take to end after TERM

requested = None  # "halt", "reboot" or "recovery" once somebody has asked


def request(what):
    """Ask for a shutdown: the console's session ends and the kernel does the rest."""
    global requested
    requested = what
    from kernel import boot

    boot.leave.set()


async def run(kernel):
    """Run /etc/end.sh, end all processes."""
    from shell import init_script

    try:
        await init_script.run(kernel, "/etc/end.sh")
    except OSError:
        pass  # no end.sh: nothing to do
    await end_processes(15)
    await end_processes(9)


async def end_processes(signal):
    """Send a signal to all processes but the kernel, and wait a while for their end."""
    for process in list(processes.table.values()):
        if process.pid != 1:
            process.kill(signal)
    waited = 0
    while waited < _GRACE_MS and any(p.pid != 1 and p.status is None for p in processes.table.values()):
        await asyncio.sleep_ms(20)
        waited += 20
