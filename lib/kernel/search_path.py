# Where modules are looked for: sys.path in order, and files of the flash before those in ROM. For boot only: 0.9 kB.

import sys

# Modules of the firmware that Python files may replace, so that each import of one looks for a file in all of sys.path
# first, which takes 9 to 14 ms on an RP2040: known by name they are found at once.
_BUILT_IN = "binascii errno hashlib io json machine os random re select socket struct time"


def order():
    """Reduce sys.path to few directories; a module of the owner still precedes that of the firmware."""
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
    """If the flash has files in /lib that ROM has, too, they precede those in ROM: for development."""
    import os  # late: order() makes this quick

    try:
        rom = os.listdir("/rom/lib")
        for name, kind in [entry[:2] for entry in os.ilistdir("/lib")]:
            stem, _, ending = name.rpartition(".")
            if kind & 0x4000:
                found = [other for other in os.listdir("/lib/" + name) if other.endswith((".py", ".mpy"))]
            else:
                found = ending in ("py", "mpy") and stem not in ("packs", "romfs")
            if found and (name in rom or stem + ".mpy" in rom):
                from base import lazyfs  # late: only with files in /lib

                lazyfs.attach("base.overlay", "/lib")
                sys.path.insert(0, "/lib")
                sys.modules["kernel"].__path__ = "/lib/kernel"
                for loaded in ("base", "base.lazyfs"):
                    sys.modules.pop(loaded)
                return
    except OSError:  # there is no such directory
        pass
