# What differs between a release and this board: a merge of three lists that are sorted alike (the new manifest, the
# installed one, the board itself), written to the plan line by line.

import asyncio

from base.errors import Failure
from base.paths import isdir
from repository import manifest, verify
from update import INSTALLED, plan

_SETTINGS = ("/etc/system.conf", "/etc/shadow", "/etc/hostname", "/etc/crontab", "/etc/hosts.conf", "/etc/wifi.conf")
_LASTING = (
    "/boot.py",
    "/startup.py",
    "/recovery.py",
    "/rescue.py",
    "/spare.py",
)  # never missing, not even between two renames


class Totals:
    """What a plan amounts to."""

    def __init__(self):
        self.files = 0  # in the release
        self.changed = 0
        self.added = 0
        self.removed = 0
        self.beside = 0  # defaults that go beside a file that the owner has changed
        self.chunks = 0  # of the ROMFS image
        self.bytes = 0  # to get

    def steps(self):
        """How many files the plan names."""
        return self.changed + self.added + self.removed + self.beside


def installed():
    """The entries of the installed manifest, if it exists."""
    try:
        for entry in manifest.entries(INSTALLED):
            yield entry
    except (OSError, Failure):  # it is not known: then nothing is removed, and every change is the owner's
        return


def same_content(rom):
    """Whether the manifest lists the same files, and image, as the installed one; True if that is not known."""
    new = manifest.entries(plan.MANIFEST)
    known = False
    if rom:
        try:
            old = manifest.head(INSTALLED).rom
        except (OSError, Failure):
            return True
        if old and old["sha256"] != rom["sha256"]:
            return False
    for old in installed():
        known = True
        entry = next(new, None)
        if not entry or entry["path"] != old["path"] or entry["sha256"] != old["sha256"]:
            return False
    return not known or next(new, None) is None


async def write_plan(overwrite, factory=False, tell=None, sha_size=64):
    """Write the plan for the manifest in MANIFEST; returns its Totals. tell(kind, path) is called for each change.

    factory: the owner's settings make way for those of the release. sha_size: 64, or what a list of upyOS has; that knows
    nothing of what is installed.
    """
    totals = Totals()
    settings = list(_SETTINGS) if factory else []  # of those, what the release does not have
    number = 0
    before = installed() if sha_size == 64 else iter(())
    old = next(before, None)
    with open(plan.PLAN, "w") as out:

        def put(kind, entry, path):
            nonlocal number
            number += 1
            line = f"{kind} {number} {entry['size']} {entry['sha256']} {entry['at']} {path}\n"
            if out.write(line) != len(line):
                raise OSError(28)  # ENOSPC
            if kind == "d":
                totals.removed += 1
            else:
                totals.bytes += entry["size"]
                if path.endswith(".new"):
                    totals.beside += 1
                elif kind == "a":
                    totals.added += 1
                else:
                    totals.changed += 1
            if tell:
                tell(kind, path)

        for entry in manifest.entries(plan.MANIFEST, sha_size):
            path = entry["path"]
            totals.files += 1
            if path in settings:
                settings.remove(path)
            while old and old["path"] < path:
                gone(old, put)
                old = next(before, None)
            known = None
            if old and old["path"] == path:
                known = old
                old = next(before, None)
            decide(entry, known, overwrite, factory, put)
            await asyncio.sleep_ms(0)
        while old:
            gone(old, put)
            old = next(before, None)
        for path in settings:
            if plan.size(path) >= 0:
                put("d", {"size": 0, "sha256": "-", "at": 0}, path)
    return totals


def decide(entry, known, overwrite, factory, put):
    """What happens to a file of the release; known is what the installed manifest says about it."""
    path = entry["path"]
    there = plan.size(path)
    if there < 0:
        put("a", entry, path)
        return
    if isdir(path):
        raise Failure(path, "is a directory here but a file in the release")
    if factory or not entry.get("keep"):
        if overwrite or there != entry["size"] or plan.sha(path, entry["sha256"]) != entry["sha256"]:
            put("c" if path in _LASTING else "r", entry, path)
        return
    mine = plan.sha(path)
    if mine == entry["sha256"]:
        if overwrite:
            put("r", entry, path)
    elif known and mine == known["sha256"]:
        put("r", entry, path)
    elif not known or known["sha256"] != entry["sha256"]:  # the owner has changed it, and the default is a new one
        beside = path + ".new"
        if plan.size(beside) < 0:
            put("a", entry, beside)
        elif plan.sha(beside) != entry["sha256"]:
            put("r", entry, beside)


def gone(known, put):
    """A file of the installed release that the new one does not have."""
    path = known["path"]
    if not manifest.allowed(path) or path in _LASTING or path == verify.KEYS or plan.size(path) < 0 or isdir(path):
        return
    if not known.get("keep") or plan.sha(path) == known["sha256"]:
        put("d", known, path)
