# The hand-over to /recovery.py: the journal that it works by.

import os

import recovery
from base.errors import Failure
from base.files import Replacement, copy, rename
from base.paths import dirname, exists, isdir
from update import INSTALLED, NEW, OLD, plan, standing


async def begin(version, before, services, foreign=False, rom=""):
    """Write the journal for the plan, all of which is staged, and hand over: the next boot switches.

    services: the names of those that the new system must have running. foreign: it brings more, and is no release.
    rom: lines for the head of the journal about the ROMFS image, where chunks of it differ.
    """
    standing.discard()
    rehearsal()
    steps = 0
    with Replacement(recovery.JOURNAL) as file:
        file.write(f"diatom-update 1\nfrom {before}\nto {version}\nhealthy {standing.healthy()}\n")
        file.write(f"services {' '.join(services)}\n{rom}files\n")
        for step in plan.steps("racd"):
            if step.kind == "c":
                await copy(step.path, OLD + step.number)
                if step.path == "/recovery.py":
                    await copy(step.path, recovery.KEPT)
                for made in (OLD + step.number, recovery.KEPT if step.path == "/recovery.py" else step.path):
                    if plan.sha(made) != plan.sha(step.path):
                        raise Failure(step.path, "its copy is not what it should be")
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
    """Failure where the release brings a boot.py, startup.py or recovery.py that does not work."""
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
