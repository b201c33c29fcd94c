# How an update stands, and what its owner can do with it: what needs neither a release nor a plan.

import os

import recovery
from base.errors import Failure
from base.paths import exists, isdir
from update import INSTALLED, NEW, OLD

HEALTHY_S = 60  # how long the new system must have run, unless system.conf has "upgrade": {"healthy": SECONDS}


def busy():
    """Failure while an update is under way."""
    word = recovery.state()
    if word == "trial":
        raise Failure("", f"the trial of {recovery.head('to')} has not ended: see `upgrade --status`")
    if word:
        raise Failure("", "an update waits for a restart: `reboot`")


def discard():
    """Forget how the last update could be taken back, and free its space."""
    busy()
    recovery.forget(recovery.JOURNAL)
    recovery.forget(recovery.KEPT)
    if isdir(OLD[:-1]):
        for name in os.listdir(OLD):
            os.remove(OLD + name)


def cancel():
    """Forget an update that waits for its restart."""
    if recovery.state() != "switch":
        raise Failure("", "there is no update that waits for a restart")
    recovery.forget(recovery.STATE)
    discard()


def confirm():
    """The new system is good: it stays. What undoes it is kept until the next update, or `upgrade --clean`."""
    if recovery.state() != "trial":
        raise Failure("", "there is no trial to confirm")
    recovery.put(
        recovery.RESULT, f"{recovery.head('to')} runs since it was confirmed (before: {recovery.head('from')})"
    )
    recovery.forget(recovery.STATE)
    recovery.forget(recovery.BOOTS)
    recovery.confirmed = True
    watchdog()


def watchdog():
    """Where this system feeds its own watchdog, the trial's one needs no other food."""
    import sys

    own = sys.modules.get("base.watchdog")
    if own and own.dog:
        recovery.release()


def back():
    """Have the next boot take the last update back; Failure where there is none."""
    if recovery.state() == "switch":
        raise Failure("", "the update has not begun: `upgrade --cancel` forgets it")
    if not exists(recovery.JOURNAL):
        raise Failure("", "there is no update that could be taken back")
    recovery.put(recovery.RESULT, f"{recovery.head('to')} was taken back by hand: {recovery.head('from')} again")
    recovery.put(recovery.STATE, "back")


def lines():
    """How things stand, as lines for a person."""
    word = recovery.state()
    to = recovery.head("to")
    if word == "switch":
        yield f"{to} is ready: it is put in place at the next restart (now: {recovery.head('from')})"
    elif word == "trial":
        boot = f"boot {recovery.size(recovery.BOOTS)} of {recovery.BOOTS_MAX}"
        yield f"{to} is on trial: {boot} (before: {recovery.head('from')})"
        needed = recovery.head("services") or "none"
        yield f"it is confirmed after {recovery.head('healthy')} s with its services running: {needed}"
    elif word == "back":
        yield f"{to} is taken back at the next restart"
    elif word == "firmware":
        yield f"a new firmware is on trial, or waits for a restart: confirmed after {healthy()} s"
    last = result()
    if last:
        yield last
    if not word and exists(recovery.JOURNAL):
        yield f"`upgrade --rollback` goes back to {recovery.head('from')}"
    elif not word and isdir(NEW[:-1]) and os.listdir(NEW):
        yield "a download that was begun is kept: the next `upgrade` goes on with it"


def result():
    """How the last update has ended, or None."""
    try:
        with open(recovery.RESULT) as file:
            return file.read().strip()
    except OSError:
        return None


def healthy():
    """Seconds that the new system must have run."""
    from base import config

    found = (config.get("upgrade") or {}).get("healthy", HEALTHY_S)
    return found if isinstance(found, int) and 0 < found <= 3600 else HEALTHY_S


def version():
    """The version that is installed, as its manifest or the kernel says."""
    from update import manifest

    try:
        return manifest.head(INSTALLED).version
    except (OSError, Failure):
        from kernel import boot

        return boot.VERSION
