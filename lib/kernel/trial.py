# The trial of a new system: it is confirmed once it has run for a while with all services running that ran before the
# update. The kernel loads this module only during a trial.

import asyncio

from base import log
from base.errors import Failure
from update import recovery, status

_STEP_S = 2
_GRACE_S = 10  # for an orderly shutdown


def running(name):
    """True if a service is running or has completed."""
    from services import definitions, states  # late: only with services

    try:
        definition = definitions.read(name)
    except Failure:  # the new system has no such service
        return True
    return not definition.enabled or states.state_of(definition)[0] in ("running", "ended")


def missing():
    """The names of the services that should run but do not."""
    return [name for name in recovery.head("services").split() if not running(name)]


async def watch():
    """Confirm the system, or restart it; after the last of its boots it is rolled back."""
    word = recovery.state()
    if word == "firmware":
        await asyncio.sleep(status.healthy())
        from update import firmware  # late: only for firmware

        firmware.confirm()
        log.note("upgrade", "firmware: " + (status.result() or ""), log.NOTICE)
        unload()
        return
    if word in ("switch", "back"):  # boot.py is missing: it would have done this
        log.note("upgrade", "no boot.py to install the update", log.ERR)
        recovery.run()
        recovery.restart()
    if word != "trial":
        return
    good = recovery.counted
    if not good:  # boot.py is defective: it would have counted this boot
        log.note("upgrade", "the new boot.py does not count its boots", log.ERR)
        if recovery.run():
            recovery.restart()
    healthy = int(recovery.head("healthy") or status.HEALTHY_S)
    left = healthy
    while left > 0:
        await asyncio.sleep(min(left, _STEP_S))
        left -= _STEP_S
    left = healthy
    while (absent := missing()) or not good:
        if left <= 0 or not good:
            log.note("upgrade", "restart: unhealthy: " + (" ".join(absent) or "boot.py"), log.ERR)
            from kernel import reboot  # late: only if it fails

            reboot()
            await asyncio.sleep(_GRACE_S)
            recovery.restart()  # the shutdown hangs
            return
        await asyncio.sleep(min(left, _STEP_S))
        left -= _STEP_S
    if recovery.state() == "trial":
        status.confirm()
        log.note("upgrade", recovery.head("to") + " confirmed", log.NOTICE)
    unload()


def unload():
    """Unload what the trial needed."""
    from process import memory  # late: only at the end

    memory.unload_all(
        "kernel.trial update.firmware repository.source update.plan repository.verify update.status "
        "repository.manifest update"
    )
