# The kernel: what main.py starts. kernel.boot brings the system up; this is its small public face.

from micropython import const

# Resident modules, dependencies first (shell.login says why).
_MODULES = (
    "asyncio base.errors base.generation base.modules "
    "process.cpu process.stream process.process process.console process.routing "
    "process.session shell.login"
)

# Modules for boot only, unloaded at the first prompt.
_BOOT = " base.config kernel.boot kernel.shutdown kernel.start"

# Modules of the firmware that Python files may replace, so that each import of one looks for a file in all of sys.path
# first, which takes 9 to 14 ms on an RP2040: known by name they are found at once.
_BUILT_IN = "binascii errno hashlib io json machine os random re select socket struct time"

# Collect when this part of the heap has been allocated, and not only when it is full: what stays then lies together at
# its low end, and there is room in one piece for what needs it (a table of names grows by 15 kB at a time).
# A large heap needs this less often.
_PARTS = const(7)
_PARTS_OF_LARGE = const(6)
_LARGE = const(245760)  # bytes


def run(argv=()):
    """Boot and run until shutdown; returns the exit status. argv is the kernel's command line (kernel.boot)."""
    import gc

    if hasattr(gc, "threshold"):
        size = gc.mem_free()  # the heap is nearly empty; each call takes 5 ms on an RP2040
        gc.threshold(size // (_PARTS_OF_LARGE if size > _LARGE else _PARTS))
    order()
    if __file__.startswith("/rom/"):
        develop()
    for name in (_MODULES + _BOOT).split():
        # What loading leaves lies in between, and a heap in holes has no space for tables.
        if __file__.startswith("/lib/"):
            gc.collect()
        __import__(name)
    from kernel import boot

    return boot.run(argv)


def order():
    """Reduce sys.path to few directories; a module of the owner still precedes that of the firmware."""
    import sys

    path = sys.path
    for name in ("", "/rom"):
        if name in path:
            path.remove(name)
    path.append("")  # the working directory comes last
    listdir = __import__("uos").listdir  # the u asks the firmware alone
    own = []
    for place in path + ["/libx"]:
        try:
            if place[:1] == "/":
                own += [name.partition(".")[0] for name in listdir(place)]
        except OSError:  # there is no such directory
            pass
    for name in _BUILT_IN.split():
        if name not in own and name not in sys.modules:
            try:
                sys.modules[name] = __import__("u" + name)
            except ImportError:  # this firmware lacks it
                pass


def develop():
    """If the flash has files in /lib that ROM has, too, they precede those in ROM: somebody develops them."""
    import os
    import sys

    try:
        rom = os.listdir("/rom/lib")
        for name, kind in [entry[:2] for entry in os.ilistdir("/lib")]:
            stem, _, ending = name.rpartition(".")
            if kind & 0x4000:
                found = [other for other in os.listdir("/lib/" + name) if other.endswith((".py", ".mpy"))]
            else:
                found = ending in ("py", "mpy") and stem not in ("packs", "romfs")
            if found and (name in rom or stem + ".mpy" in rom):
                from base import lazyfs

                lazyfs.attach("base.overlay", "/lib")
                sys.path.insert(0, "/lib")
                sys.modules["kernel"].__path__ = "/lib/kernel"
                for loaded in ("base", "base.lazyfs"):
                    sys.modules.pop(loaded)
                return
    except OSError:  # there is no such directory
        pass


def load_eviction():
    """The module that process.memory evicts with."""
    from kernel import eviction

    return eviction


def reboot():
    """Shut down, then restart the board; without a shutdown if memory does not suffice."""
    try:
        from kernel import shutdown

        shutdown.request("reboot")
    except MemoryError:
        reset()


def reset():
    """Restart the board without a shutdown."""
    import os

    from machine import reset

    if hasattr(os, "sync"):
        os.sync()
    reset()


def recovery():
    """Restart into recovery: no user code runs."""
    from kernel import shutdown

    shutdown.request("recovery")
