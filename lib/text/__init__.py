# Text: what the programs that read and print text share.

import gc
import sys

from micropython import const

FREE_MIN = const(65536)  # bytes of free heap below which a large program unloads what its next step does not need


def leave(*names):
    """Where memory is short, unload the modules whose names begin so: before the next step, or at the end."""
    if gc.mem_free() >= FREE_MIN:
        return
    from base.modules import unload

    found = True
    while found:  # a list of all modules may be more than there is
        found = False
        for module in sys.modules:
            if module.startswith(names):
                unload(module)
                found = True
                break
