# The trial of a new system, from within: it is confirmed when it has run for a while and the services run that ran
# before the update. Loaded by the kernel while there is a trial, and only then.

import asyncio

import recovery
from base import log
from base.errors import Failure
from update import standing

_STEP_S = 2
_GRACE_S = 10  # for a shutdown in order


def running(name):
    """True where a service runs, or has done what it is there for."""
    from services import definitions
    from services.states import state_of

    try:
        definition = definitions.read(name)
    except Failure:  # the new system has no such service
        return True
    return not definition.enabled or state_of(definition)[0] in ("running", "ended")


def missing():
    """The names of the services that should run and do not."""
    return [name for name in recovery.head("services").split() if not running(name)]


async def watch():
    """Confirm the system, or restart it: after the last of its boots it is taken back."""
    word = recovery.state()
    if word == "firmware":
        await asyncio.sleep(standing.healthy())
        from update import firmware

        firmware.good()
        log.note("upgrade", "firmware: " + (standing.result() or ""), log.NOTICE)
        gone()
        return
    if word in ("switch", "back"):  # boot.py is gone, else that were done
        log.note("upgrade", "there is no boot.py that puts an update in place", log.ERR)
        recovery.run()
        recovery.restart()
    if word != "trial":
        return
    good = recovery.counted
    if not good:  # boot.py has not done its part, and must not get away with it
        log.note("upgrade", "the new boot.py does not count its boots", log.ERR)
        if recovery.run():
            recovery.restart()
    healthy = int(recovery.head("healthy") or standing.HEALTHY_S)
    left = healthy
    while left > 0:
        await asyncio.sleep(min(left, _STEP_S))
        left -= _STEP_S
    left = healthy
    while (absent := missing()) or not good:
        if left <= 0 or not good:
            log.note("upgrade", "restart: not as it should be: " + (" ".join(absent) or "boot.py"), log.ERR)
            from kernel import reboot

            reboot()
            await asyncio.sleep(_GRACE_S)
            recovery.restart()  # something does not let itself be ended
            return
        await asyncio.sleep(min(left, _STEP_S))
        left -= _STEP_S
    if recovery.state() == "trial":
        standing.confirm()
        log.note("upgrade", recovery.head("to") + " is confirmed", log.NOTICE)
    gone()


def gone():
    """Give back the memory of all this."""
    from process import memory

    memory.unload_all(
        "update.health update.firmware update.source update.plan update.verify update.standing update.manifest update"
    )
