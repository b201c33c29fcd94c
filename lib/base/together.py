# Tasks that end together: both directions of a connection, say.

import asyncio


async def until(done, *work):
    """Run coroutines as tasks until the Event `done` is set; what still runs of them is cancelled then."""
    tasks = [asyncio.create_task(coro) for coro in work]
    try:
        await done.wait()
    finally:
        for task in tasks:
            task.cancel()
