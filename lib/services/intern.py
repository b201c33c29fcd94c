# A memory reserve for the growth of the intern pool while services run.
#
# MicroPython keeps every name for ever, in tables that double: at 2,540 names the next table takes 18 kB on a board (28
# on a 64-bit host), in one piece. With clients, the pool reaches that size when the heap is fragmented; if it cannot grow,
# no module with a new name can be loaded, however much memory is free. So on a large heap the pool is grown with the first
# service. On a small heap, where it rarely gets that far, the memory is reserved, and released to the pool when that is
# nearly full: without the reserve the busy board (tools/bench) stops at once.

import gc
import sys
from time import ticks_us

from micropython import const

_FULL = const(2540)  # names at which the pool grows
_STEP = const(2560)  # names in the next table
_NEXT = const(2440)  # names from which the pool is grown early
_SPREAD = const(16)  # the largest error of count()
_SLACK = const(6144)  # bytes
_SOON = const(2400)  # names up to which the reserve may be released for other uses
_LARGE = const(393216)  # bytes of a large heap
_BATCH = const(128)  # names between two collections
_ENOUGH = const(98304)  # bytes that must stay free beside the reserve

_reserve = None
_modules = 0  # number of modules at the last check: each check uses a name
_released = False  # memory was short: the reserve is not taken again before the pool needs it


def check():
    """Allocate the reserve, or grow the pool. Services call it about once a second."""
    global _reserve, _modules
    if _modules < 0 or len(sys.modules) == _modules:
        return
    _modules = len(sys.modules)
    known = count()
    if known >= _FULL:
        _reserve = None
        _modules = -1
    elif known >= _NEXT or is_large():
        grow(known)
    elif _reserve is None and (not _released or known >= _SOON):
        size = _STEP * (11 if sys.maxsize > 1 << 32 else 7) + _SLACK  # a pointer, a hash of 2 bytes, a length of 1
        gc.collect()
        if gc.mem_free() - size > _ENOUGH:
            _reserve = bytearray(size)


def grow(known):
    """Grow the pool now, by interning unused names."""
    global _reserve
    for i in range(known, _FULL + _SPREAD):
        if i % _BATCH == 0 or i == _FULL - _SPREAD:  # the garbage of more names would fill the released reserve
            if i >= _FULL - _SPREAD:
                _reserve = None
            gc.collect()
        getattr(gc, f"~{i}", None)


def is_large():
    """Whether the heap is large: then the pool grows early, before the heap is fragmented."""
    return gc.mem_alloc() + gc.mem_free() > _LARGE


def release():
    """Release the reserve when memory is short, unless the pool will need it soon."""
    global _reserve, _modules, _released
    if _reserve is not None and count() < _SOON:
        _reserve = None
        _modules = 0
        _released = True
        gc.collect()


def count():
    """The number of names, from the address of a new one. ("program" is the first in the simulator, "kernel" elsewhere.)"""
    space = globals()
    name = f"~{ticks_us()}"
    setattr(sys.modules[__name__], name, None)
    for key in space:
        if key == name:  # the interned string, while name is only equal to it
            del space[key]
            return (id(key) - min(id("kernel"), id("program"))) >> 3
    return 0
