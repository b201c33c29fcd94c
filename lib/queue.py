# queue - a queue between threads, after CPython's module of that name (https://docs.python.org/3/library/queue.html).
#
# RP2 boards and the simulator have no GIL: two threads that grow one list or dict damage the heap. So the places of a
# queue are made with it, and a lock is held for each change.

import _thread
import time


class Empty(Exception):
    """There is nothing in the queue."""


class Full(Exception):
    """There is no room in the queue."""


class Queue:
    """A first-in, first-out queue of at most maxsize items, for any number of threads and for the event loop.

    Who waits in a plain function sleeps a millisecond at a time, in which other tasks run; `async def` functions await
    aget() and aput() instead.
    """

    def __init__(self, maxsize):
        """maxsize: items, 1 or more; ValueError."""
        if maxsize < 1:
            raise ValueError("maxsize: 1 or more")
        self.maxsize = maxsize
        self._items = [None] * maxsize
        self._first = 0
        self._count = 0
        self._lock = _thread.allocate_lock()

    def qsize(self):
        return self._count

    def empty(self):
        return self._count == 0

    def full(self):
        return self._count == self.maxsize

    def put_nowait(self, item):
        """Append an item; Full."""
        with self._lock:
            if self._count == self.maxsize:
                raise Full
            self._items[(self._first + self._count) % self.maxsize] = item
            self._count += 1

    def get_nowait(self):
        """Take the first item; Empty."""
        with self._lock:
            if not self._count:
                raise Empty
            item = self._items[self._first]
            self._items[self._first] = None
            self._first = (self._first + 1) % self.maxsize
            self._count -= 1
            return item

    def put(self, item, block=True, timeout=None):
        """Append an item once there is room; Full after timeout seconds, or at once without block."""
        end = _end(block, timeout)
        while True:
            try:
                return self.put_nowait(item)
            except Full:
                if _is_over(end):
                    raise
            time.sleep_ms(1)

    def get(self, block=True, timeout=None):
        """Take the first item once there is one; Empty after timeout seconds, or at once without block."""
        end = _end(block, timeout)
        while True:
            try:
                return self.get_nowait()
            except Empty:
                if _is_over(end):
                    raise
            time.sleep_ms(1)

    async def aput(self, item):
        """put() for an async function."""
        import asyncio  # late: not all have one

        while self._count == self.maxsize:
            await asyncio.sleep_ms(1)
        self.put(item)

    async def aget(self):
        """get() for an async function."""
        import asyncio  # late: as above

        while not self._count:
            await asyncio.sleep_ms(1)
        return self.get()


def _end(block, timeout):
    """The ticks at which a wait ends; None for never."""
    if block and timeout is None:
        return None
    return time.ticks_add(time.ticks_ms(), int(timeout * 1000) if block else 0)


def _is_over(end):
    return end is not None and time.ticks_diff(end, time.ticks_ms()) <= 0
