# Text: what the programs that read and print text share.

import gc
import sys

from micropython import const

FREE_MIN = const(65536)  # bytes of free heap below which a large program gives back what it has loaded


def leave(*names):
    """Where memory is short, give back modules of this room whose names begin so: before the next step, or at the end."""
    if gc.mem_free() >= FREE_MIN:
        return
    from process.load import unload

    found = True
    while found:  # a list of all modules may be more than there is
        found = False
        for module in sys.modules:
            if module[:5] == "text." and module[5:].startswith(names):
                unload(module)
                found = True
                break
