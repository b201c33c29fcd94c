# Shutdown: /etc/end.sh, the services, then the jobs, within a time limit; then the requested restart (DESIGN section 6).

import asyncio
import os
import sys

from micropython import const

from base.errors import Failure
from kernel import boot
from process import process as processes

_GRACE_MS = const(3000)  # how long processes may take to end after TERM
_STEP_MS = const(20)
_FLAG = "/var/recovery"  # its presence makes the next boot one into recovery

done = False  # the scripts have been run
requested = None  # "reboot", "recovery" or a function that puts the board to sleep, once requested


def request(what):
    """Ask for a shutdown and a restart: the console's session is ended, and the kernel does the rest."""
    global requested
    requested = what
    boot.console.kill(1)


def recovery_asked():
    """True when the boot before asked for recovery; asks once only."""
    try:
        os.remove(_FLAG)
        return True
    except OSError:
        return False


async def run(kernel, user_code):
    """Run /etc/end.sh (where user code may run), end all processes, and restart if that was asked for.

    After a MemoryError it may be called once more; the scripts run once.
    """
    global done
    if user_code and not done:
        done = True
        for path in ("/etc/end.sh", "/local/end.sh"):
            try:
                await run_script(kernel, path)
            except (OSError, Failure):
                pass
            except MemoryError:  # continue without it
                processes.evict()
    supervisor = sys.modules.get("services.supervisor")
    if supervisor:
        await supervisor.stop_all()
    await end_processes(15)
    await end_processes(9)
    log = sys.modules.get("base.log")
    if log:
        log.flush()
    if not requested:
        return
    if requested == "recovery":
        open(_FLAG, "w").close()
    await kernel.stdout.drain()
    if callable(requested):
        requested()
    try:
        from machine import reset
    except ImportError:
        kernel.complain("", "this system cannot restart itself")
        return
    reset()


async def run_script(kernel, path):
    """Run a script of the user, if there is one that does something."""
    from shell.login import is_idle, load  # late: only if there is a script

    if not is_idle(path):
        load()
        from shell import scripts  # noqa: F401, I001  (leaves first)

        await scripts.run_init(kernel, path, not kernel.stdout.isatty())


async def end_processes(signal):
    """Send a signal to all processes but the kernel, and wait a while for their end."""
    for process in list(processes.table.values()):
        if process.pid == 1:
            continue
        try:
            process.kill(signal)
        except MemoryError:  # not even enough for process.signals
            process.cancel()
    waited = 0
    while waited < _GRACE_MS and any(p.pid != 1 and p.status is None for p in processes.table.values()):
        await asyncio.sleep_ms(_STEP_MS)
        waited += _STEP_MS
