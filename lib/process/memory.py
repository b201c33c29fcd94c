# Memory: when garbage is collected, and when what can be loaded again is evicted because little is free.
#
# What that is, a floor above knows: the module that processes.eviction() returns (kernel.eviction) unloads it.
# This module is loaded with the first program or session and stays: what makes memory free must not have to be loaded.

import asyncio
import gc
import sys

from micropython import const

from base.errors import Failure
from base.modules import unload
from process import process as processes

_AMPLE = const(327680)  # bytes of free heap with which nothing is collected: that takes long on a board with PSRAM
_SHORT_MAX = const(163840)  # bytes of free heap with which nothing is evicted after a collection
_MORE = const(2)  # images or modules more than after the last eviction: another may help
_RESERVE = const(12288)  # bytes that must be free for another process: those that run need some, too
_PIECE = const(4096)  # and so many of them in one piece: what programs ask for most is 2 kB, but two or three times
_PATIENCE_MS = const(15_000)  # how long a process waits for that, as requests of services do
_WHOLE_MS = const(2_000)  # and for the one piece: then a smaller one does,
_SMALLER = const(2048)  # with which programs can still open files
_STEP_MS = const(200)  # between two looks
_REPEATS_MAX = const(50)  # calls of what lacks memory, in ten seconds
_WAITING_MAX = const(16)  # processes that wait
_LEAST = const(4096)  # bytes that must be free for one that begins by waiting,
_LEAST_PIECE = const(512)  # and so many of them in one piece
_NESTED_MAX = const(8)  # parents of a process that may wait
_NESTED = const(24576)  # bytes that must be free for a process with more of them, which give nothing back,
_NESTED_PIECE = const(4096)  # and so many of them in one piece
_PARTS = const(8)  # on a busy board, this part of the free memory is allocated between two collections,
_BETWEEN = const(12288)  # but not less than so many bytes: each takes 10 to 30 ms on a board
_LINE = const(8192)  # bytes with which a line can be read and run,
_LINE_PIECE = const(2048)  # and so many of them in one piece

NOT_ENOUGH = "not enough memory for another process"

_short = min((gc.mem_free() + gc.mem_alloc()) // 3, _SHORT_MAX)  # bytes of free heap, below which memory is short
_least = 0  # modules that were left by the last eviction
_usual = gc.threshold() if hasattr(gc, "threshold") else 0  # bytes between two collections, as the kernel has set it
_waiting = []  # processes that wait for memory, in the order in which they came

_evictor = processes.eviction()
evict = _evictor.evict
unload_package = _evictor.unload_package


def collect(script=True):
    """Collect garbage unless memory is ample, and evict if it is short even then.

    script: one may be in the middle of something, as in evict(). Returns the bytes that are free.
    """
    global _least
    free = gc.mem_free()
    if free >= _AMPLE:
        return free
    if _usual and len(processes.table) <= processes.FEW:
        gc.threshold(_usual)
    gc.collect()
    free = gc.mem_free()
    if (free < _short or not has_piece(_PIECE)) and (images() or len(sys.modules) > _least + _MORE):
        evict(True, script)
        _least = len(sys.modules)
        free = gc.mem_free()
    return free


def is_short(free=None):
    """True where less than a third of the heap is free, and memory is not ample. free: bytes, if they are known."""
    return (free or gc.mem_free()) < _short


def images():
    """The number of images that no process runs."""
    load = sys.modules.get("process.load")
    return len(load.kept) if load else 0


def unload_all(names):
    """Unload modules that are not needed now, and evict what only they needed."""
    for name in names.split():
        unload(name)
    evict()


def is_free(reserve=_RESERVE, piece=_PIECE):
    """True where so many bytes are free, some of them in one piece; if need be after an eviction."""
    for tries in range(3):
        if tries:  # first libraries alone, then what sessions can load again, too
            evict(tries > 1)
        if has_piece(piece) and (free := gc.mem_free()) >= reserve:
            keep_together(free)
            return True
    return False


def keep_together(free):
    """Collect often enough while many processes run: what they keep shall not lie scattered among their garbage."""
    if _usual and len(processes.table) > processes.FEW:
        gc.threshold(min(max(free // _PARTS, _BETWEEN), _usual))


def wait_free(process):
    """Wait until memory suffices for another process, one after another. A generator; Failure when it has waited in vain."""
    if len(_waiting) >= _WAITING_MAX:
        raise Failure("", NOT_ENOUGH)
    _waiting.append(process)
    try:
        for waited in range(0, _PATIENCE_MS, _STEP_MS):
            if _waiting[0] is process and is_free(_RESERVE, _PIECE if waited < _WHOLE_MS else _SMALLER):
                return
            yield from asyncio.sleep_ms(_STEP_MS)
        raise Failure("", NOT_ENOUGH)
    finally:
        _waiting.remove(process)


def wait_again(process):
    """Wait a moment, and until memory suffices, for another attempt at what has lacked it. A generator; Failure as above."""
    yield from asyncio.sleep_ms(_STEP_MS)
    yield from wait_free(process)


def can_start(parent):
    """True where a child of that process may be started, which then waits for memory in wait_free()."""
    for _ in range(_NESTED_MAX):
        if not parent or parent.pid == 1:
            return is_free(_LEAST, _LEAST_PIECE)
        parent = processes.table.get(parent.ppid)
    return is_free(_NESTED, _NESTED_PIECE)


async def patiently(function, *args):
    """Call function(*args), which may be repeated; again, after an eviction and a while, where it runs out of memory."""
    for _ in range(_REPEATS_MAX):
        try:
            return function(*args)
        except MemoryError:
            evict(True)
        await asyncio.sleep_ms(_STEP_MS)
    return function(*args)


def has_piece(size):
    """True where so many bytes are free in one piece."""
    try:
        bytearray(size)
        return True
    except MemoryError:
        return False


def is_starving():
    """True where no line could be read and run, even after an eviction."""
    return not has_piece(_LINE) and not is_free(_LINE, _LINE_PIECE)
