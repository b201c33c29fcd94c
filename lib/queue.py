# queue - a queue between threads, modelled on CPython's module (https://docs.python.org/3/library/queue.html).
#
# RP2 boards and the simulator have no GIL: two threads that grow a list or dict corrupt the heap. So the slots of a queue
# are allocated with it, and each change takes a lock.

import _thread
import time


class Empty(Exception):
    """The queue is empty."""


class Full(Exception):
    """The queue is full."""


class Queue:
    """A first-in, first-out queue of at most maxsize items, for any number of threads and the event loop.

    A plain function waits by sleeping a millisecond at a time, while other tasks run. `async def` functions await
    aget() and aput() instead.
    """

    def __init__(self, maxsize):
        """maxsize: 1 or more items, else ValueError."""
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
        """Append an item, or raise Full."""
        with self._lock:
            if self._count == self.maxsize:
                raise Full
            self._items[(self._first + self._count) % self.maxsize] = item
            self._count += 1

    def get_nowait(self):
        """Remove and return the first item, or raise Empty."""
        with self._lock:
            if not self._count:
                raise Empty
            item = self._items[self._first]
            self._items[self._first] = None
            self._first = (self._first + 1) % self.maxsize
            self._count -= 1
            return item

    def put(self, item, block=True, timeout=None):
        """Append an item, waiting for a free slot. Full after timeout seconds, or at once without block."""
        end = _end(block, timeout)
        while True:
            try:
                return self.put_nowait(item)
            except Full:
                if _is_over(end):
                    raise
            time.sleep_ms(1)

    def get(self, block=True, timeout=None):
        """Remove and return the first item, waiting for one. Empty after timeout seconds, or at once without block."""
        end = _end(block, timeout)
        while True:
            try:
                return self.get_nowait()
            except Empty:
                if _is_over(end):
                    raise
            time.sleep_ms(1)

    async def aput(self, item):
        """put() for async functions."""
        import asyncio  # late: not all programs use it

        while self._count == self.maxsize:
            await asyncio.sleep_ms(1)
        self.put(item)

    async def aget(self):
        """get() for async functions."""
        import asyncio  # late: as above

        while not self._count:
            await asyncio.sleep_ms(1)
        return self.get()


def _end(block, timeout):
    """Return the ticks at which a wait ends, or None for never."""
    if block and timeout is None:
        return None
    return time.ticks_add(time.ticks_ms(), int(timeout * 1000) if block else 0)


def _is_over(end):
    return end is not None and time.ticks_diff(end, time.ticks_ms()) <= 0
