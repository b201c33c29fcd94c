# Modules that are given back, that could not be loaded, or that must be loaded in order.

import sys


def forget_hollow():
    """Forget the names that imports have entered before there was no memory for the module itself.

    MicroPython leaves them with no value at all: what imports or asks for one later gets that, which ends in odd errors
    or in a crash. It takes no memory to find them.
    """
    modules = sys.modules
    while True:
        for name in modules:
            if modules.get(name) is None:
                break
        else:
            return
        modules.pop(name, None)


def preload(*names):
    """Import modules one after another, dependencies first: an import inside another takes 940 bytes of an RP2's C stack."""
    for name in names:
        if name not in sys.modules:
            __import__(name)


def unload(name):
    """Give back the memory of a module, when the garbage is collected; the next import loads it again."""
    sys.modules.pop(name, None)
    package, _, last = name.rpartition(".")
    package = sys.modules.get(package)
    if package and hasattr(package, last):
        delattr(package, last)
