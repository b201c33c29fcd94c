# The kernel: what main.py starts. kernel.boot brings the system up; this is its small public face.

import gc

from micropython import const

# Resident modules, dependencies first (shell.login says why).
_MODULES = (
    "asyncio base.errors base.generation base.modules "
    "process.cpu process.stream process.process process.console process.routing "
    "process.session shell.login"
)

# Modules for boot only, unloaded at the first prompt.
_BOOT = " base.config kernel.boot kernel.shutdown kernel.start"

# Collect when this part of the heap has been allocated, and not only when it is full: what stays then lies together at
# its low end, and there is room in one piece for what needs it (a table of names grows by 15 kB at a time).
# A large heap needs this less often.
_PARTS = const(7)
_PARTS_OF_LARGE = const(6)
_LARGE = const(245760)  # bytes


def run(argv=()):
    """Boot and run until shutdown; returns the exit status. argv is the kernel's command line (kernel.boot)."""
    if hasattr(gc, "threshold"):
        size = gc.mem_free()  # the heap is nearly empty; each call takes 5 ms on an RP2040
        gc.threshold(size // (_PARTS_OF_LARGE if size > _LARGE else _PARTS))
    from kernel import search_path  # late: only while booting

    search_path.order()
    if __file__.startswith("/rom/"):
        search_path.develop()
    del search_path
    for name in (_MODULES + _BOOT).split():
        # Otherwise garbage of the imports fragments the heap, and large tables no longer fit.
        if __file__.startswith("/lib/"):
            gc.collect()
        __import__(name)
    from base.modules import unload  # late: loaded above
    from kernel import boot

    unload("kernel.search_path")
    del unload
    return boot.run(argv)


def load_eviction():
    """The module that process.memory evicts with."""
    from kernel import eviction  # late: evicted itself while nothing is short

    return eviction


def reboot():
    """Shut down, then restart the board; without a shutdown if memory does not suffice."""
    try:
        from kernel import shutdown  # late: only at the end

        shutdown.request("reboot")
    except MemoryError:
        reset()


def reset():
    """Restart the board without a shutdown."""
    import os  # late: search_path makes this quick

    from machine import reset

    if hasattr(os, "sync"):
        os.sync()
    reset()


def recovery():
    """Restart into recovery: no user code runs."""
    from kernel import shutdown  # late: only at the end

    shutdown.request("recovery")
