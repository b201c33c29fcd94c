# The journal of an update: it tells /recovery.py what to do.

import os

import recovery
from base.errors import Failure
from base.files import Replacement, copy, rename
from base.paths import dirname, exists, isdir
from update import INSTALLED, NEW, OLD, plan, status


async def begin(version, before, services, foreign=False, rom=""):
    """Write the journal for a plan that is staged completely; the next boot switches to the new system.

    services: the names of those that must run in the new system. foreign: additional programs, not a release.
    rom: lines for the head of the journal about the ROMFS image, if chunks of it differ.
    """
    status.discard()
    rehearsal()
    steps = 0
    with Replacement(recovery.JOURNAL) as file:
        file.write(f"diatom-update 1\nfrom {before}\nto {version}\nhealthy {status.healthy()}\n")
        file.write(f"services {' '.join(services)}\n{rom}files\n")
        for step in plan.steps("racd"):
            if step.kind == "c":
                await copy(step.path, OLD + step.number)
                if step.path == "/recovery.py":
                    await copy(step.path, recovery.KEPT)
                for made in (OLD + step.number, recovery.KEPT if step.path == "/recovery.py" else step.path):
                    if plan.sha(made) != plan.sha(step.path):
                        raise Failure(step.path, "its copy is corrupt")
            parents(step.path)
            file.write(f"{step.kind} {step.number} {step.path}\n")
            steps += 1
        if not foreign:
            rename(plan.MANIFEST, NEW + "0")
            file.write(f"{'r' if exists(INSTALLED) else 'a'} 0 {INSTALLED}\n")
        if rom:
            from update import image

            for line in image.lines():
                file.write(line)
        file.write(f"end {steps}\n")
    recovery.forget(recovery.RESULT)
    recovery.forget(recovery.BOOTS)
    recovery.put(recovery.STATE, "rom" if rom else "switch")


def rehearsal():
    """Failure if a boot.py, startup.py or recovery.py of the release does not work."""
    from process import memory

    for step in plan.steps("ac"):
        if step.path in ("/boot.py", "/startup.py", "/recovery.py"):
            from update import rehearse

            path = NEW + step.number
            rehearse.switch(path) if step.path == "/recovery.py" else rehearse.boot(path, step.path[1:])
            del rehearse
            memory.unload_all("update.rehearse")


def parents(path):
    """Make the directories that lead to path."""
    missing = []
    path = dirname(path)
    while not isdir(path):
        missing.append(path)
        path = dirname(path)
    for path in reversed(missing):
        os.mkdir(path)
