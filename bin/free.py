# free - show the memory
# usage: free [-h]
#
#   -h  sizes for people: 12K, 1.4M
# `free > 0` stores a dict {"Total", "Alloc", "Free", "%", "Stack"}, in bytes.

import gc

import micropython

from program import human, options

proc = None


def __main__(args):
    opts, _ = options(args, "h")
    gc.collect()
    free = gc.mem_free()
    used = gc.mem_alloc()
    stack = micropython.stack_use() if hasattr(micropython, "stack_use") else 0
    total = free + used
    proc.value = {"Total": total, "Alloc": used, "Free": free, "%": f"{free / total * 100:.2f}%", "Stack": stack}
    show = human if "h" in opts else str
    for row in (
        ("", "total", "used", "free"),
        ("Memory", show(total), show(used), show(free)),
        ("Stack", "", show(stack), ""),
    ):
        line = f"{row[0]:<7}" + "".join([f"{cell:>10}" for cell in row[1:]])
        proc.stdout.write(line.rstrip() + "\n")
