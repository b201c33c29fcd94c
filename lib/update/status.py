# The status of an update, and what its owner can do with it: whatever needs neither a release nor a plan.

import json
import os
import sys

import recovery
from base import VERSION, config, rom
from base.chip import module
from base.errors import Failure, reason
from base.paths import exists, isdir
from update import INSTALLED, NEW, OLD

_NAMES_KB = 11  # measured after the first command on an RP2040 (docs/firmware.md)
_ALL_KB = 22
HEALTHY_S = 60  # how long the new system must run, unless system.conf has "upgrade": {"healthy": SECONDS}


def check_idle():
    """Failure while an update is under way."""
    word = recovery.state()
    if word == "trial":
        raise Failure("", f"the trial of {recovery.head('to')} has not ended: see `upgrade --status`")
    if word:
        raise Failure("", "an update is waiting for a restart: `reboot`")


def discard():
    """Delete what a rollback of the last update needs."""
    check_idle()
    recovery.forget(recovery.JOURNAL)
    recovery.forget(recovery.KEPT)
    if isdir(OLD[:-1]):
        for name in os.listdir(OLD):
            os.remove(OLD + name)


def cancel():
    """Cancel an update that waits for its restart."""
    if recovery.state() not in ("switch", "rom"):
        raise Failure("", "no update is pending")
    recovery.forget(recovery.STATE)
    discard()


def confirm():
    """Keep the new system. A rollback is possible until the next update or `upgrade --clean`."""
    if recovery.state() != "trial":
        raise Failure("", "no trial to confirm")
    recovery.put(
        recovery.RESULT, f"{recovery.head('to')} runs since it was confirmed (before: {recovery.head('from')})"
    )
    recovery.forget(recovery.STATE)
    recovery.forget(recovery.BOOTS)
    recovery.confirmed = True
    watchdog()


def watchdog():
    """Stop feeding the watchdog for the trial if this system feeds its own."""
    own = sys.modules.get("base.watchdog")
    if own and own.dog:
        recovery.release()


def back():
    """Roll back the last update at the next boot; Failure if there is none."""
    if recovery.state() in ("switch", "rom"):
        raise Failure("", "the update has not started; `upgrade --cancel` discards it")
    if not exists(recovery.JOURNAL):
        raise Failure("", "no update to roll back")
    if recovery.head("image"):
        raise Failure("", recovery.NO_WAY_BACK)
    recovery.put(recovery.RESULT, f"{recovery.head('to')} was rolled back on request: {recovery.head('from')} again")
    recovery.put(recovery.STATE, "back")


def has_way_back():
    """True if the last update can be rolled back."""
    return exists(recovery.JOURNAL) and not recovery.head("image")


def lines():
    """The status as lines for a person."""
    word = recovery.state()
    to = recovery.head("to")
    if word in ("switch", "rom"):
        yield f"{to} is ready: it is put in place at the next restart (now: {recovery.head('from')})"
    elif word == "trial":
        boot = f"boot {recovery.size(recovery.BOOTS)} of {recovery.BOOTS_MAX}"
        yield f"{to} is on trial: {boot} (before: {recovery.head('from')})"
        needed = recovery.head("services") or "none"
        yield f"it confirmed after {recovery.head('healthy')} s with its services running: {needed}"
    elif word == "back":
        yield f"{to} is rolled back at the next restart"
    elif word == "firmware":
        yield f"a new firmware is on trial, or waits for a restart: confirmed after {healthy()} s"
    last = result()
    if last:
        yield last
    if not word and has_way_back():
        yield f"`upgrade --rollback` goes back to {recovery.head('from')}"
    elif not word and isdir(NEW[:-1]) and os.listdir(NEW):
        yield "a download that was begun is kept: the next `upgrade` goes on with it"
    yield from firmware()


def firmware():
    """A line about a firmware that holds a system, or about what one would save where the system lies in ROMFS."""
    frozen = sys.modules.get("diatom_frozen") or module("diatom_frozen")
    if not frozen:
        if __file__.startswith("/rom/") and not exists("/lib/packed"):
            names = "" if module("diatom_names") else f"with its names would save {_NAMES_KB} kB of memory, one "
            yield f"the system runs from ROMFS; a firmware {names}that holds it {_ALL_KB} kB (of an RP2040)"
        return
    runs = "runs" if rom.is_frozen() else "is not what runs: one that holds this system would save memory"
    yield f"the system in the firmware, {frozen.VERSION} ({frozen.IDENTITY}), {runs}"


def result():
    """The result of the last update, or None."""
    try:
        with open(recovery.RESULT) as file:
            return file.read().strip()
    except OSError:
        return None


def healthy():
    """Seconds that the new system must run before it is confirmed."""
    return config.section("upgrade").get("healthy", HEALTHY_S)


def version():
    """The installed version, from its manifest or else from the kernel."""
    from repository import manifest  # late: a step of its own

    try:
        return manifest.head(INSTALLED).version
    except (OSError, Failure):
        return VERSION


def facts():
    """The status as a dict, for JSON."""
    word = recovery.state()
    found = {"installed": version(), "state": word, "result": result()}
    if word in ("switch", "rom", "trial", "back"):
        found["from"] = recovery.head("from")
        found["to"] = recovery.head("to")
    if word == "trial":
        found["boot"] = recovery.size(recovery.BOOTS)
        found["boots"] = recovery.BOOTS_MAX
        found["healthy"] = int(recovery.head("healthy"))
    found["rollback"] = not word and has_way_back()
    return found


def as_json():
    """The status as JSON, for programs on other computers."""
    return json.dumps(facts())


async def run_as_json(work):
    """Await an upgrade and print its result as the last line. Returns its exit status."""
    error = None
    try:
        code = await work or 0
    except (Failure, OSError) as e:
        code = getattr(e, "status", 1)
        error = str(e) if isinstance(e, Failure) else reason(e)
    found = facts()
    found["status"] = code
    found["error"] = error
    print(json.dumps(found))
    return code
