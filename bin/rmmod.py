# rmmod - unload Python modules
# usage: rmmod MODULE...
#
# The next import loads it again. Its memory is freed when nothing references it. Modules of the running system cannot be
# unloaded.

import sys

from base.errors import Usage
from process import memory
from program import complain, options, status

proc = None

SYSTEM = ("asyncio", "base", "kernel", "process", "shell", "services", "main", "program", "micropython")


def __main__(args):
    _, names = options(args, "")
    if not names:
        raise Usage("missing MODULE")
    for name in names:
        if name not in sys.modules:
            complain(name, "not loaded")
        elif name.split(".")[0] in SYSTEM:
            complain(name, "in use by the system")
        else:
            memory.unload(name)
    return status()
