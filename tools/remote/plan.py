"""The changes that bring a board to a list of files, and the owner's files that stay as they are."""

import json
import posixpath
from typing import NamedTuple

from remote.board import digest

MANIFEST = "/etc/release.json"  # what is installed: `upgrade` on the board reads it, too
BLOCK = 4096  # of littlefs on flash
# Written when everything else is there, in this order.
LAST = ("/lib/spare.z", "/spare.py", "/rescue.py", "/recovery.py", "/startup.py", "/boot.py", "/main.py")
TWINS = {".py": ".mpy", ".mpy": ".py"}  # of two such files the import takes the one, whatever the other says


class Write(NamedTuple):
    """A file to send."""

    path: str
    data: bytes
    twin: str | None  # a file to remove right behind it


class Plan:
    """What has to be done: write [Write], remove [path], kept [path of the owner's], same: how many need nothing."""

    def __init__(self):
        self.write = []
        self.remove = []
        self.kept = []
        self.same = 0

    def bytes(self):
        return sum(len(write.data) for write in self.write)

    def blocks(self):
        """Bytes of flash that new files take, without what is freed."""
        return sum(-(-len(write.data) // BLOCK) * BLOCK for write in self.write)


def read_manifest(board):
    """{path: entry} of what has been installed; empty if unknown."""
    return read_installed(board)[0]


def read_installed(board):
    """({path: entry}, profile) of what has been installed; ({}, None) if unknown."""
    try:
        manifest = json.loads(board.read_all(MANIFEST))
        files = {entry["path"]: entry for entry in manifest["files"]}
        return files, manifest.get("profile") or manifest["kind"].partition("-")[2] or "full"
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError):
        return {}, None


def files_below(board, paths):
    """{path: size} of the files below the directories that paths are in."""
    found = {}
    tops = {"/" + path.split("/")[1] for path in paths if path.count("/") > 1}
    for entry in board.list("/"):
        path = "/" + entry.name
        if not entry.directory:
            found[path] = entry.size
        elif path in tops:
            found.update((inner, e.size) for inner, e in board.walk(path, board.kept) if not e.directory)
    return found


def make(board, items, known, there, out):
    """The Plan for [release.contents.Item]; known is the old manifest, there the board's files with their sizes."""
    plan = Plan()
    wanted = {"/" + item.path: item for item in items}
    ask = [p for p, item in wanted.items() if p in there and (item.keep or there[p] == len(item.data))]
    ask += [path for path in known if path in there and path not in wanted]
    with out.bar("compare", len(ask)) as bar:
        hashes = board.hashes(ask, bar.advance)
    for path, item in wanted.items():
        new = digest(item.data)
        if path in there and hashes.get(path) == new:
            plan.same += 1
        elif item.keep and path in there and hashes.get(path) != known.get(path, {}).get("sha256"):
            keep(plan, board, path, item, new, known, there)
        else:
            plan.write.append(Write(path, item.data, twin_of(path, there, wanted)))
            continue
        if twin := twin_of(path, there, wanted):
            plan.remove.append(twin)
    twins = {write.twin for write in plan.write}
    for path, entry in known.items():
        if path in there and path not in wanted and path not in twins and path not in plan.remove:
            if hashes.get(path) == entry["sha256"]:
                plan.remove.append(path)
            else:
                plan.kept.append(path)
    plan.write.sort(key=lambda write: LAST.index(write.path) if write.path in LAST else -1)
    return plan


def keep(plan, board, path, item, new, known, there):
    """The owner has changed this file: it stays. A default that is new goes beside it."""
    plan.kept.append(path)
    if known.get(path, {}).get("sha256") == new:
        return  # the default that the owner has already decided about
    beside = path + ".new"
    if beside in there and board.hashes([beside]).get(beside) == new:
        return
    plan.write.append(Write(beside, item.data, None))


def twin_of(path, there, wanted):
    """The compiled file beside a source, or the source beside a compiled file, that is on the board and not wanted."""
    stem, ending = posixpath.splitext(path)
    twin = stem + TWINS.get(ending, ".none")
    return twin if twin in there and twin not in wanted else None
