# The plan of an update, a file: what differs between the release and this board, which compare has written.
#
# A line is: kind number size sha256 at path. The kinds are those of /recovery.py.

import os

from base.paths import isdir
from repository import verify
from update import NEW, OLD, ROOM

PLAN = ROOM + "plan"
MANIFEST = ROOM + "manifest"


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


def sha(path, like=""):
    """The SHA-256 of a file, or its SHA-1 where that is what it is compared with."""
    from binascii import hexlify

    return hexlify(verify.digest(path, "sha1" if len(like) == 40 else "sha256")).decode()


def size(path):
    """The size of a file, -1 where there is none."""
    try:
        return os.stat(path)[6]
    except OSError:
        return -1


def directories():
    """The directories that an update needs."""
    for path in ("/var", ROOM[:-1], NEW[:-1], OLD[:-1]):
        if not isdir(path):
            os.mkdir(path)
