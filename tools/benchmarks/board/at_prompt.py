# Measure the heap in use while the console waits at its prompt: a task started before the kernel waits until the
# computer's side has seen the prompt, and replies in a file. It also reports its own memory.

import asyncio
import gc
import os
import sys

import micropython

SHARED = "/mnt/shared/"
STEP_MS = 20


def used():
    """Bytes in use after a collection."""
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


async def report(own):
    """Wait for the file "go", then write "used": bytes in use, bytes that this probe takes, modules of the simulator, a dot."""
    while True:
        try:
            os.stat(SHARED + "go")
            break
        except OSError:
            await asyncio.sleep_ms(STEP_MS)
    total = used()
    micropython.qstr_info()
    simulated = [name for name, module in sys.modules.items() if getattr(module, "__file__", "").startswith("/.sim/")]
    with open(SHARED + "used", "w") as file:
        file.write("%d %d %s .\n" % (total, own, " ".join(simulated)))


def start(before):
    """Begin; before is what was in use before this module was imported."""
    task = report(0)
    task.close()
    asyncio.create_task(report(used() - before))
