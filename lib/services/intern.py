# The intern pool of the interpreter: room for its next step, taken or kept while services run.
#
# MicroPython keeps every name for ever, in tables that double: at 2,540 names the next one takes 18 kB on a board (28 on
# a 64-bit host), in one piece. Services with clients come there when the heap has long been in pieces; then nothing that
# brings a name could be loaded any more, however much is free. So on a large heap the step is taken with the first service.
# On a small one, where few come so far, the piece is kept from then on, and given to the pool when that is nearly full:
# without it the busy board (tools/bench) comes to a stand at once.

import gc
import sys
from time import ticks_us

from micropython import const

_FULL = const(2540)  # names with which the pool needs the next step
_STEP = const(2560)  # names in that
_NEXT = const(2200)  # names from which on it may come at any time
_SPREAD = const(16)  # what count() is wrong by, at most
_SLACK = const(6144)  # bytes
_SOON = const(1800)  # names up to which the piece goes to who is short of memory
_LARGE = const(393216)  # bytes of a large heap
_BATCH = const(128)  # names, after which their garbage is collected
_ENOUGH = const(98304)  # bytes that stay free

_reserve = None
_modules = 0  # how many there were at the last look: each look takes a name


def look():
    """Keep the piece, or give it to the pool. Services call it about once a second."""
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
    elif _reserve is None:
        size = _STEP * (11 if sys.maxsize > 1 << 32 else 7) + _SLACK  # a pointer, a hash of 2 bytes, a length of 1
        gc.collect()
        if gc.mem_free() - size > _ENOUGH:
            _reserve = bytearray(size)


def grow(known):
    """Make the pool take its next step now, by names that nobody needs."""
    global _reserve
    for i in range(known, _FULL + _SPREAD):
        if i % _BATCH == 0 or i == _FULL - _SPREAD:  # the garbage of more names would lie in the piece
            if i >= _FULL - _SPREAD:
                _reserve = None
            gc.collect()
        getattr(gc, f"~{i}", None)


def is_large():
    """Whether the heap has room for everything that brings a name: there the step is taken while it is still in one piece."""
    return gc.mem_alloc() + gc.mem_free() > _LARGE


def release():
    """Somebody is short of memory: he gets the piece, unless the pool is going to need it soon."""
    global _reserve, _modules
    if _reserve is not None and count() < _SOON:
        _reserve = None
        _modules = 0
        gc.collect()


def count():
    """How many names there are: from the address of a new one. ("program" is the first in the simulator, "kernel" elsewhere.)"""
    space = globals()
    name = f"~{ticks_us()}"
    setattr(sys.modules[__name__], name, None)
    for key in space:
        if key == name:  # the name itself, where name is its text
            del space[key]
            return (id(key) - min(id("kernel"), id("program"))) >> 3
    return 0
