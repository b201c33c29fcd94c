"""The identity of a system: the hash of its sources, the same for every form of the system on a board.

A ROMFS image and packs have it in lib/identity.txt, a manifest in its head, a firmware in diatom_frozen. So a firmware that
holds the system can tell whether what lies beside it is the same (tools/release/diatom_frozen.py).
"""

import hashlib
import os
import zlib

from simulator import compiled, libraries
from simulator.environment import ROOT

NAME = "lib/identity.txt"
PARTS = ("bin", "lib", "libx")
HEX = 16  # digits


def code(tree):
    """{name: path} of the sources of the system that are compiled, or frozen."""
    files = []
    for part in PARTS:
        files += [(path, part + "/" + name) for path, name in compiled.walk(os.path.join(tree, part))]
    if os.path.realpath(tree) == ROOT:  # another tree brings the libraries that it needs
        files += libraries.sources()
    return {name: path for path, name in files if name.endswith(".py")}


def of(tree):
    """The identity of a tree, kept while none of its files has another size or time."""
    files = sorted(code(tree).items())
    marks = []
    for name, path in files:
        status = os.stat(path)
        marks.append("%s %s %d %d" % (name, path, status.st_size, status.st_mtime_ns))
    kept = os.path.join(compiled.CACHE, "identity-%08x" % zlib.crc32("\n".join(marks).encode()))
    if not os.path.exists(kept):
        whole = hashlib.sha256()
        for name, path in files:
            with open(path, "rb") as file:
                whole.update(b"%s\0%s" % (name.encode(), hashlib.sha256(file.read()).digest()))
        write(kept, whole.hexdigest()[:HEX])
    with open(kept) as file:
        return file.read()


def file(tree):
    """The path of a file with the version and the identity of a tree, for an image."""
    from release import contents

    whole = os.path.exists(os.path.join(tree, "lib", "kernel", "boot.py"))  # else it is a part, for a test
    text = "%s %s\n" % (contents.version(tree) if whole else "0.0.0", of(tree))
    path = os.path.join(compiled.CACHE, "identity-%08x.txt" % zlib.crc32(text.encode()))
    if not os.path.exists(path):
        write(path, text)
    return path


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = "%s.%d" % (path, os.getpid())
    with open(temporary, "w") as file:
        file.write(text)
    os.rename(temporary, path)
