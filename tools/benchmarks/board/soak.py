# soak SECONDS - let so much of the board's time pass without waiting for it, then say what the heap holds

import asyncio
import gc

import simulator


async def __main__(args):
    simulator.set("time.skip", True)
    try:
        await asyncio.sleep(int(args[0]))
    finally:
        simulator.set("time.skip", False)
    from process import memory

    memory.evict(True)
    gc.collect()
    print("@", gc.mem_alloc(), gc.mem_free())
