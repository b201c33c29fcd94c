# Is there space for an update?

import os

from micropython import const

from base.errors import Failure
from base.paths import space
from update import NEW, plan

_RESERVE = const(65536)  # bytes of flash that must stay free
_BLOCK = const(4096)  # of the flash


def check():
    """Failure where the flash has no room for the plan; what is there already and belongs to no plan goes first."""
    last = 0
    need = _RESERVE
    for step in plan.steps("racd"):
        last = int(step.number)
        if step.kind == "c":
            need += _BLOCK
        if step.kind != "d" and plan.size(NEW + step.number) != step.size:
            need += -(-step.size // _BLOCK) * _BLOCK - max(plan.size(NEW + step.number + ".part"), 0)
    for name in os.listdir(NEW):
        number = name.partition(".")[0]
        if not number.isdigit() or not 0 < int(number) <= last:
            os.remove(NEW + name)
    free = space("/")[1]
    if need > free:
        raise Failure("", f"the flash has {free // 1024} kB free, and {need // 1024} kB are needed")
