# The interpreter's table of names, which only ever grows, each time by one piece twice as large as the one before.
#
# What programs that are long gone have left of names lies scattered over the heap. So after some fifty different
# commands there may be no room for the next piece of the table, and then nothing that brings a new name can be loaded,
# however much memory is free. Between two commands a place for it is kept; shortly before the table is full it takes
# that place.

import gc
import sys
from time import ticks_us

from micropython import const

# Numbers of names. The pieces of the table have room for 20, 40, ... 1280 of them, and then for _PIECE (py/qstr.c).
_FULL = const(2540)  # with which it needs that piece, which is hard to find
_PIECE = const(2560)
_SOON = const(1800)  # from which on it may need it within a few commands
_NEXT = const(2300)  # from which on it may need it with the next command
_MARGIN = const(200)  # after the beginning of a session, up to which no place is kept

_SPREAD = const(16)  # what count() is wrong by, at most
_SLACK = const(2048)  # bytes: who asks for it loads something, and takes some of it before
_ENOUGH = const(65536)  # bytes that stay free


def mind(place, few, failed):
    """Have a bytearray in this list while the table is going to need its place, if there is room for it.

    few: the number of names up to which there is no need, as the last call has returned it; 0 at the beginning of a session.
    failed: something has found no memory. What is in the list is given back: to the table where it comes to its end.
    """
    try:
        known = count()
    except MemoryError:  # the table is full
        known = _FULL
    few = few or known + _MARGIN
    if failed and known < _SOON:
        place.clear()
    elif few < known < _FULL and not place and not failed:
        size = _PIECE * (11 if sys.maxsize > 1 << 32 else 7) + _SLACK  # a pointer, a hash of 2 bytes, a length of 1
        if gc.mem_free() - size > _ENOUGH:
            place.append(bytearray(size))
    if place and known >= _NEXT:
        place.clear()
        grow(known)
    return few


def grow(known):
    """Let the table take the place now, before anything else does, by some names that nobody needs."""
    gc.collect()
    for i in range(known, _FULL + _SPREAD):
        getattr(gc, f"~{i}", None)


def count():
    """How many names there are. (In the simulator "program" is the first, elsewhere "kernel" is one of them.)"""
    space = globals()
    name = f"~{ticks_us()}"
    setattr(sys.modules[__name__], name, None)
    for key in space:
        if key == name:  # the name itself, where name is its text
            return (id(key) - min(id("kernel"), id("program"))) >> 3
    return 0
