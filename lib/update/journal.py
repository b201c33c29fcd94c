# The hand-over to /recovery.py: the journal that it works by.

import os

import recovery
from base.errors import Failure
from base.files import Replacement, copy
from base.paths import dirname, exists, isdir
from update import INSTALLED, NEW, OLD, plan, standing


async def begin(version, before, services):
    """Write the journal for the plan, all of which is staged, and hand over: the next boot switches.

    services: the names of those that the new system must have running.
    """
    standing.discard()
    steps = 0
    with Replacement(recovery.JOURNAL) as file:
        file.write(f"diatom-update 1\nfrom {before}\nto {version}\nhealthy {standing.healthy()}\n")
        file.write(f"services {' '.join(services)}\nfiles\n")
        for step in plan.steps("racd"):
            if step.kind == "c":
                await copy(step.path, OLD + step.number)
                if plan.sha(OLD + step.number) != plan.sha(step.path):
                    raise Failure(step.path, "its copy is not what it should be")
            parents(step.path)
            file.write(f"{step.kind} {step.number} {step.path}\n")
            steps += 1
        os.rename(plan.MANIFEST, NEW + "0")
        file.write(f"{'r' if exists(INSTALLED) else 'a'} 0 {INSTALLED}\nend {steps + 1}\n")
    recovery.forget(recovery.RESULT)
    recovery.forget(recovery.BOOTS)
    recovery.put(recovery.STATE, "switch")


def parents(path):
    """Make the directories that lead to path."""
    missing = []
    path = dirname(path)
    while not isdir(path):
        missing.append(path)
        path = dirname(path)
    for path in reversed(missing):
        os.mkdir(path)
