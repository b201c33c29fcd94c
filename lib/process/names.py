# The interpreter's table of names, which only ever grows, each time by one piece twice as large as the one before.
#
# What programs that are long gone have left of names lies scattered over the heap. So after some fifty different
# commands there may be no room for the next piece of the table, and then nothing that brings a new name can be loaded,
# however much memory is free. Between two commands a place for it is kept, which is given back when the table is full:
# what is loaded then once more finds it.

import gc
import sys
from time import ticks_us

from micropython import const

_FULL = const(
    2540
)  # names with which the table grows by a piece that is hard to find (20 + 40 + ... + 1280, py/qstr.c),
_PIECE = const(2560)  # those for which that has room,
_SOON = const(1900)  # those from which on it may be needed with the next command, and
_FEW = const(1800)  # up to which there is no need of a place
_SLACK = const(2048)  # bytes: who asks for it loads something, and takes some of it before
_ENOUGH = const(65536)  # bytes that stay free


def keep_place(place):
    """Have a bytearray in this list while the table is going to need its place, if there is room."""
    known = count()
    if known > _FULL:
        place.clear()
    if not _FEW < known < _FULL or place:
        return
    size = _PIECE * (11 if sys.maxsize > 1 << 32 else 7) + _SLACK  # a pointer, a hash of 2 bytes and a length of 1
    if gc.mem_free() - size > _ENOUGH:
        place.append(bytearray(size))


def is_soon():
    """Whether the table comes to its end soon, and is not there yet."""
    try:
        return _SOON < count() < _FULL
    except MemoryError:
        return False


def count():
    """How many names the system has brought. (In the simulator "program" is the first, elsewhere "kernel" is one of them.)"""
    space = globals()
    name = f"~{ticks_us()}"
    setattr(sys.modules[__name__], name, None)
    for key in space:
        if key == name:  # the name itself, where name is its text
            return (id(key) - min(id("kernel"), id("program"))) >> 3
    return 0
