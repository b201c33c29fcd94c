# What differs between a release and this board: a merge of three lists that are sorted alike (the new manifest, the
# installed one, the board itself), written to a file line by line.
#
# A line is: kind number size sha256 at path. The kinds are those of /recovery.py, and "=" for what stays.

import os

from base.errors import Failure
from base.paths import isdir
from update import INSTALLED, ROOM, manifest, verify

PLAN = ROOM + "plan"
MANIFEST = ROOM + "manifest"
_LASTING = ("/boot.py", "/recovery.py")  # must never be missing, not even between two renames


class Totals:
    """What a plan amounts to."""

    def __init__(self):
        self.files = 0  # in the release
        self.changed = 0
        self.added = 0
        self.removed = 0
        self.beside = 0  # defaults that go beside a file that the owner has changed
        self.bytes = 0  # to get


class Step:
    """A line of the plan."""

    def __init__(self, line):
        self.kind, self.number, size, self.sha, at, self.path = line.rstrip("\n").split(" ", 5)
        self.size = int(size)
        self.at = int(at)


def steps(kinds="rac"):
    """The steps of the plan that are of these kinds."""
    with open(PLAN) as file:
        for line in file:
            if line[0] in kinds:
                yield Step(line)


def sha(path):
    from binascii import hexlify

    return hexlify(verify.digest(path)).decode()


def size(path):
    """The size of a file, -1 where there is none."""
    try:
        return os.stat(path)[6]
    except OSError:
        return -1


def installed():
    """The entries of the installed manifest; none where nobody has kept it."""
    try:
        for entry in manifest.entries(INSTALLED):
            yield entry
    except (
        OSError,
        Failure,
    ):  # what was installed is not known: then nothing is removed, and every change is the owner's
        return


async def make(overwrite, tell=None):
    """Write the plan for the manifest in MANIFEST; returns its Totals. tell(kind, path) hears of each change."""
    import asyncio

    totals = Totals()
    number = 0
    before = installed()
    old = next(before, None)
    with open(PLAN, "w") as out:

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

        for entry in manifest.entries(MANIFEST):
            path = entry["path"]
            totals.files += 1
            while old and old["path"] < path:
                gone(old, put)
                old = next(before, None)
            known = None
            if old and old["path"] == path:
                known = old
                old = next(before, None)
            decide(entry, known, overwrite, put)
            await asyncio.sleep_ms(0)
        while old:
            gone(old, put)
            old = next(before, None)
    return totals


def decide(entry, known, overwrite, put):
    """What happens to a file of the release; known is what the installed manifest says about it."""
    path = entry["path"]
    there = size(path)
    if there < 0:
        put("a", entry, path)
        return
    if isdir(path):
        raise Failure(path, "is a directory here, and a file in the release")
    if not entry.get("keep"):
        if overwrite or there != entry["size"] or sha(path) != entry["sha256"]:
            put("c" if path in _LASTING else "r", entry, path)
        return
    mine = sha(path)
    if mine == entry["sha256"]:
        if overwrite:
            put("r", entry, path)
    elif known and mine == known["sha256"]:
        put("r", entry, path)
    elif not known or known["sha256"] != entry["sha256"]:  # the owner has changed it, and the default is a new one
        beside = path + ".new"
        if size(beside) < 0:
            put("a", entry, beside)
        elif sha(beside) != entry["sha256"]:
            put("r", entry, beside)


def gone(known, put):
    """A file of the installed release that the new one does not have."""
    path = known["path"]
    if not manifest.allowed(path) or path in _LASTING or size(path) < 0 or isdir(path):
        return
    if not known.get("keep") or sha(path) == known["sha256"]:
        put("d", known, path)
