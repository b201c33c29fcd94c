# mi - show the memory usage of Python
# usage: mi [0|1]
#
# Stack, heap, and the largest free block. 1 adds the map of all blocks, which the firmware prints on the console even if
# you use another terminal.

import gc

import micropython

from base.chip import idf_heap, largest_piece
from base.errors import Failure, Usage
from program import options

proc = None


def __main__(args):
    _, words = options(args, "")
    if len(words) > 1 or (words and words[0] not in ("0", "1")):
        raise Usage("expected 0 or 1")
    piece = largest_piece()
    free = gc.mem_free()
    used = gc.mem_alloc()
    write = proc.stdout.write
    if hasattr(micropython, "stack_use"):
        write(f"stack: {micropython.stack_use()} bytes\n")
    write(f"heap: {free + used} bytes, used {used}, free {free}, longest free piece {piece}\n")
    found = idf_heap()
    if found:
        write(f"firmware's heap: {found[0]} bytes, free {found[1]}, longest free piece {found[2]}\n")
    if words == ["1"]:
        if not hasattr(micropython, "mem_info"):
            raise Failure("", "this firmware cannot print the map")
        micropython.mem_info(1)
