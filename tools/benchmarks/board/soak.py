# soak SECONDS - let so much of the board's time pass without waiting for it, then say what the heap holds between jobs

import asyncio
import gc

from micropython import const

import simulator

_LOOKS = const(12)
_PAUSE = const(5)  # seconds: the looks last a minute, so that some of them find no client at work


async def __main__(args):
    from process import memory

    simulator.set("time.skip", True)
    try:
        await asyncio.sleep(int(args[0]) - _LOOKS * _PAUSE)
        least = 0
        for _ in range(_LOOKS):
            await asyncio.sleep(_PAUSE)
            memory.evict(True)
            gc.collect()
            used = gc.mem_alloc()
            least = min(least or used, used)
    finally:
        simulator.set("time.skip", False)
    print("@", least, gc.mem_free())
