# Memory: when garbage is collected, and when what can be loaded again is evicted because little is free.
#
# What that is, a floor above knows: the module that processes.eviction() returns (kernel.eviction) unloads it.
# This module is loaded with the first program or session and stays: what makes memory free must not have to be loaded.

import gc
import sys

from micropython import const

from base.modules import unload
from process import process as processes

_AMPLE = const(163840)  # bytes of free heap with which nothing is collected, and after a collection nothing evicted
_MORE = const(2)  # images or modules more than after the last eviction: another may help
_RESERVE = const(24576)  # bytes that must be free for another process: those that run need some, too
_PIECE = const(4096)  # and so many of them in one piece
_LINE = const(8192)  # bytes with which a line can be read and run,
_LINE_PIECE = const(2048)  # and so many of them in one piece

_short = min((gc.mem_free() + gc.mem_alloc()) // 3, _AMPLE)  # bytes of free heap, below which memory is short
_least = 0  # modules that were left by the last eviction

_evictor = processes.eviction()
evict = _evictor.evict
unload_package = _evictor.unload_package


def collect(script=True):
    """Collect garbage where memory is not ample, and evict where it is short even so.

    script: one may be in the middle of something, as in evict(). Returns the bytes that are free.
    """
    global _least
    free = gc.mem_free()
    if free >= _AMPLE:
        return free
    gc.collect()
    free = gc.mem_free()
    if free < _short and (images() or len(sys.modules) > _least + _MORE):
        try:
            evict(True, script)
        except MemoryError:  # what has been evicted until then may do
            pass
        _least = len(sys.modules)
        free = gc.mem_free()
    return free


def is_short():
    """True where less than a third of the heap is free, and memory is not ample."""
    return gc.mem_free() < _short


def images():
    """How many images are kept that nobody runs."""
    load = sys.modules.get("process.load")
    return len(load.kept) if load else 0


def unload_all(names):
    """Unload modules that nobody needs now, and evict what only they needed."""
    for name in names.split():
        unload(name)
    evict()


def is_free(reserve=_RESERVE, piece=_PIECE):
    """True where so many bytes are free, some of them in one piece; if need be after an eviction."""
    for tries in range(3):
        if tries:  # first libraries alone, then what sessions can load again, too
            evict(tries > 1)
        if gc.mem_free() >= _AMPLE:
            return True
        if has_piece(piece) and gc.mem_free() >= reserve:
            return True
    return False


def has_piece(size):
    """True where so many bytes are free in one piece."""
    try:
        bytearray(size)
        return True
    except MemoryError:
        return False


def is_starving():
    """True where no line could be read and run, even after an eviction."""
    if has_piece(_LINE):
        return False
    try:
        return not is_free(_LINE, _LINE_PIECE)
    except MemoryError:
        return True
