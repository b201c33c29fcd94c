# Free space: what an update needs of the flash, and what there is.

import os

from micropython import const

import recovery
from base.errors import Failure
from base.paths import exists, isdir, space
from update import NEW, OLD, plan

_RESERVE = const(65536)  # bytes of flash that must stay free
_BLOCK = const(4096)  # of the flash
_CHUNK = const(16384)  # of a ROMFS image: the old chunk is kept until the new one is written


def blocks(size):
    """Bytes of flash that a file takes."""
    return -(-size // _BLOCK) * _BLOCK


def required(kinds):
    """Bytes of flash that the steps of these kinds need, beyond what is already staged."""
    need = _RESERVE + _CHUNK * ("b" in kinds)
    for step in plan.steps(kinds):
        if step.kind == "c":
            need += _BLOCK
        if step.kind != "d" and plan.size(NEW + step.number) != step.size:
            need += blocks(step.size) - max(plan.size(NEW + step.number + ".part"), 0)
    return need


def available():
    """Bytes of flash that are free once the last update can no longer be rolled back."""
    free = space("/")[1]
    if exists(recovery.JOURNAL) and isdir(OLD[:-1]):
        free += sum([blocks(plan.size(OLD + name)) for name in os.listdir(OLD)])
    return free


def check(kinds):
    """Remove staged files of other plans; Failure if the flash has no space for these steps."""
    last = max([int(step.number) for step in plan.steps(kinds)] + [0])
    for name in os.listdir(NEW):
        number = name.partition(".")[0]
        if not number.isdigit() or not 0 < int(number) <= last:
            os.remove(NEW + name)
    free = space("/")[1]
    need = required(kinds)
    if need > free:
        raise Failure("", f"not enough space: {need // 1024} kB needed, {free // 1024} kB free")
