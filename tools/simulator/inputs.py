"""The files that decide what an image of a tree holds, and what was made from them, found again by their mark.

A mark is made of names, sizes and times, not of content: each start of the simulator reads one, and loads what builds images
only when it has changed. Nothing here imports more than it must.
"""

import os
import zlib

from simulator.environment import ROOT, STATE

# Of the tree: what is compiled, what names anything in it, and what it boots with.
TREE = ("bin", "lib", "libx", "opt", "etc", "boot.py", "startup.py", "main.py", "recovery.py", "rescue.py", "spare.py")
# Of this repository, for any tree: what names anything on a board, and what builds images.
TOOLS = (
    "opt",
    "docs/writing-a-program.md",
    "tools/simulator",
    "tools/remote",
    "tools/benchmarks",
    "tools/release",
    "tools/libraries.lock",
)
LIBRARIES = os.path.join(STATE, "libraries")  # those of others, each in a directory that never changes
KEPT = os.path.join(STATE, "made")


def mark(tree):
    """A short text that is another one as soon as an input has been added, removed or written."""
    lines = sorted(os.listdir(LIBRARIES)) if os.path.isdir(LIBRARIES) else []
    for top, parts in ((tree, TREE), (ROOT, TOOLS)):
        for part in parts:
            path = os.path.join(top, part)
            if os.path.isdir(path):
                _directory(path, lines)
            elif os.path.exists(path):
                _entry(path, os.stat(path), lines)
    data = "\n".join(lines).encode()
    return "%08x%08x" % (zlib.crc32(data), zlib.adler32(data))


def _directory(path, lines):
    for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            _directory(entry.path, lines)
        else:
            _entry(entry.path, entry.stat(), lines)


def _entry(path, status, lines):
    lines.append("%s %d %d" % (path, status.st_size, status.st_mtime_ns))


def recall(kind, tree):
    """(the path of the file that was made from these inputs, or None; where remember() writes it)"""
    place = os.path.join(KEPT, "%s-%s" % (kind, mark(tree)))
    try:
        with open(place, encoding="utf-8") as file:
            path = file.read()
        os.utime(path)  # who clears away old files sees that it is used
        return path, place
    except FileNotFoundError:
        return None, place


def remember(place, path):
    """Remember the file that was made from inputs. Their mark is that of before: it was made from nothing newer."""
    os.makedirs(KEPT, exist_ok=True)
    temporary = "%s.%d" % (place, os.getpid())
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(path)
    os.rename(temporary, place)
