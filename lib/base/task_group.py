# A group of tasks that is cancelled as a whole: both directions of a connection, for instance.

import asyncio


async def until(done, *work):
    """Run coroutines as tasks until the Event `done` is set; then cancel those that still run."""
    tasks = [asyncio.create_task(coro) for coro in work]
    try:
        await done.wait()
    finally:
        for task in tasks:
            task.cancel()
