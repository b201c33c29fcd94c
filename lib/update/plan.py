# The plan of an update, a file: what differs between the release and this board, which compare has written.
#
# A line is: kind number size sha256 at path. The kinds are those of /recovery.py.

import os

from micropython import const

import recovery
from base.errors import Failure
from base.paths import exists, isdir, space
from repository import verify
from update import NEW, OLD, ROOM

PLAN = ROOM + "plan"
MANIFEST = ROOM + "manifest"

_CHUNK = const(16384)  # of a ROMFS image: the old chunk is kept until the new one is written
_BLOCK = const(4096)  # of the flash
_RESERVE = const(65536)  # bytes of flash that must stay free


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
    """The SHA-256 of a file, or its SHA-1 if `like` is one."""
    return verify.hex_digest(path, "sha1" if len(like) == 40 else "sha256")


def size(path):
    """The size of a file, -1 if it does not exist."""
    try:
        return os.stat(path)[6]
    except OSError:
        return -1


def directories():
    """The directories that an update needs."""
    for path in ("/var", ROOM[:-1], NEW[:-1], OLD[:-1]):  # base.files would take memory that a firmware's image needs
        if not isdir(path):
            os.mkdir(path)


def blocks(length):
    """Bytes of flash that a file takes."""
    return -(-length // _BLOCK) * _BLOCK


def required_space(kinds):
    """Bytes of flash that the steps of these kinds need, beyond what is already staged."""
    need = _RESERVE + _CHUNK * ("b" in kinds)
    for step in steps(kinds):
        if step.kind == "c":
            need += _BLOCK
        if step.kind != "d" and size(NEW + step.number) != step.size:
            need += blocks(step.size) - max(size(NEW + step.number + ".part"), 0)
    return need


def available_space():
    """Bytes of flash that are free once the last update can no longer be rolled back."""
    free = space("/")[1]
    if exists(recovery.JOURNAL) and isdir(OLD[:-1]):
        free += sum([blocks(size(OLD + name)) for name in os.listdir(OLD)])
    return free


def check_space(kinds):
    """Remove staged files of other plans; Failure if the flash has no space for these steps."""
    last = max([int(step.number) for step in steps(kinds)] + [0])
    for name in os.listdir(NEW):
        number = name.partition(".")[0]
        if not number.isdigit() or not 0 < int(number) <= last:
            os.remove(NEW + name)
    free = space("/")[1]
    need = required_space(kinds)
    if need > free:
        raise Failure("", f"not enough space: {need // 1024} kB needed, {free // 1024} kB free")
