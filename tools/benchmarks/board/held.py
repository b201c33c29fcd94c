# usage: COMMAND | held     print the bytes of heap in use while COMMAND waits for its pipe

import asyncio
import gc
import sys

proc = None

WAIT_MS = 500


async def __main__(args):
    await proc.stdin.read(64)
    await asyncio.sleep_ms(WAIT_MS)
    sys.modules["process.memory"].evict(True)
    gc.collect()
    gc.collect()
    print(gc.mem_alloc())
