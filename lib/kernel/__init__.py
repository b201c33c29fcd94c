# The kernel: what main.py starts. kernel.boot brings the system up; this is its small public face.


# What every session needs, leaves first: each import finds what it imports already there, so none nests, since an
# import with its compiler is the deepest thing that a board's small C stack has to bear (DESIGN law 8).
_MODULES = (
    "asyncio base.errors base.paths base.changes "
    "process.cpu process.stream process.load process.ending process.process process.find process.console "
    "process.routing process.session "
    "shell.lexer shell.trampoline shell.parser shell.expand shell.builtins shell.commands shell.interp shell.shell "
    "shell.session"
)

# Modules without state that programs load.
_LIBRARIES = ("program", "transfer", "process.pipe", "process.signals", "base.strerror", "base.board", "base.dates")

# What only boot needs; it is forgotten when the first prompt comes.
_BOOT = " base.config kernel.boot kernel.shutdown shell.source shell.scripts shell.init_script kernel.start"

# Collect after so many bytes have been allocated, and not only when the heap is full: what stays then lies together
# at its low end, and there is room in one piece for what needs it (a table of names grows by 15 kB at a time).
GC_BYTES = 32768


def run(argv=()):
    """Boot and run until shutdown; returns the exit status. argv is the kernel's command line (kernel.boot)."""
    import gc

    if hasattr(gc, "threshold"):
        gc.threshold(GC_BYTES)
    for name in (_MODULES + _BOOT).split():
        gc.collect()  # so that what stays lies close together: a heap in small holes has no room for large tables
        __import__(name)
    from kernel import boot
    from process import load

    load.give_back = give_back
    return boot.run(argv)


def give_back():
    """Forget what is loaded when used and keeps no state: rooms of the shell, libraries of programs."""
    import sys

    from process import load
    from shell import builtins, interp

    builtins.unload()
    interp.unload()
    for name in list(sys.modules):
        if name in _LIBRARIES or (name[:6] == "shell." and name not in _MODULES):
            load.unload(name)


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
