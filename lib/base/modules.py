# Modules that are given back.

import sys


def unload(name):
    """Give back the memory of a module, when the garbage is collected; the next import loads it again."""
    sys.modules.pop(name, None)
    package, _, last = name.rpartition(".")
    package = sys.modules.get(package)
    if package and hasattr(package, last):
        delattr(package, last)
