# The kernel: what main.py starts. kernel.boot brings the system up; this is its small public face.

from micropython import const

# What stays, leaves first (shell.login says why).
_MODULES = (
    "asyncio base.errors base.changes "
    "process.cpu process.stream process.process process.console process.routing "
    "process.session shell.login"
)

# What only boot needs; it is forgotten when the first prompt comes.
_BOOT = " base.config kernel.boot kernel.shutdown kernel.start"

# Collect when this part of the heap has been allocated, and not only when it is full: what stays then lies together at
# its low end, and there is room in one piece for what needs it (a table of names grows by 15 kB at a time).
# A large heap has room for more in between.
_PARTS = const(7)
_PARTS_OF_LARGE = const(6)
_LARGE = const(262144)  # bytes


def run(argv=()):
    """Boot and run until shutdown; returns the exit status. argv is the kernel's command line (kernel.boot)."""
    import gc

    if hasattr(gc, "threshold"):
        size = gc.mem_free() + gc.mem_alloc()
        gc.threshold(size // (_PARTS_OF_LARGE if size > _LARGE else _PARTS))
    for name in (_MODULES + _BOOT).split():
        gc.collect()  # so that what stays lies close together: a heap in small holes has no room for large tables
        __import__(name)
    from kernel import boot

    return boot.run(argv)


def reboot():
    """Shut down in order, then restart the board."""
    from kernel import shutdown

    shutdown.request("reboot")


def recovery():
    """Restart into recovery: no user code runs."""
    from kernel import shutdown

    shutdown.request("recovery")


def run_cmd(line):
    """Run a line of shell commands and wait for it: the face that programs of upyOS know as sdata.upyos."""
    from process import cpu

    return cpu.block(cpu.current.run(line))
