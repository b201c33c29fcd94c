# free - show the memory
# usage: free [-b | -k | -m | -h] [-v]
#
#   -b  bytes (the default)      -k  KiB      -m  MiB, with a decimal      -h  human-readable sizes: 12K, 1.4M
#   -v  also who holds the memory in use
# Shows the Python heap with its largest free block, the heap of the firmware (ESP32), and the stack.
# -v estimates: MicroPython does not tell the size of an object. "names" is its intern pool, "programs kept" are loaded
# and not running, "libraries" may be evicted; "other" is what was not found.
# `free > 0` stores a dict {"Total", "Alloc", "Free", "%", "Stack", "Largest"} of the first one, in bytes.

import gc

import micropython

from base.chip import idf_heap, largest_piece
from base.units import human
from program import options

proc = None

SHOWN = {"b": str, "h": human, "k": lambda size: str(size // 1024), "m": lambda size: f"{size / 1048576:.1f}"}


def __main__(args):
    opts, _ = options(args, "bkmhv", (("bytes", "b"), ("kibi", "k"), ("mebi", "m"), ("human", "h")), most=0)
    longest = largest_piece()
    free = gc.mem_free()
    used = gc.mem_alloc()
    stack = micropython.stack_use() if hasattr(micropython, "stack_use") else 0
    total = free + used
    share = f"{free / total * 100:.2f}%"
    proc.value = {"Total": total, "Alloc": used, "Free": free, "%": share, "Stack": stack, "Largest": longest}
    unit = [letter for letter, _ in opts.order if letter != "v"]
    show = SHOWN[unit[-1] if unit else "b"]
    rows = [("", "total", "used", "free", "largest"), ("Memory", show(total), show(used), show(free), show(longest))]
    found = idf_heap()
    if found:
        rows.append(("IDF", show(found[0]), show(found[0] - found[1]), show(found[1]), show(found[2])))
    rows.append(("Stack", "", show(stack), "", ""))
    for row in rows:
        line = f"{row[0]:<7}" + "".join([f"{cell:>10}" for cell in row[1:]])
        proc.stdout.write(line.rstrip() + "\n")
    if "v" in opts:
        show_holders(used, show)


def show_holders(used, show):
    from services import usage  # late: rarely used

    found = usage.report(used)
    found.append(("other", 1, used - sum([size for _, _, size in found])))
    proc.stdout.write("\nHeld by                    used\n")
    for holder, _, size in found:
        proc.stdout.write(f"{holder:<21}{show(size):>10}\n")
