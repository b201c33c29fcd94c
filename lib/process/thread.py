# Threads: `&` on a program that is a plain function (DESIGN law 1).
#
# Neither rp2 nor the host build has a GIL, so a thread touches no structure of the kernel that could grow: what it
# prints goes through a bounded queue of its own, and a ThreadSafeFlag wakes the loop, which does the rest. The table
# of threads has fixed places, so that looking at it from another thread is safe.

import _thread
import asyncio
import gc
from collections import deque

from micropython import const

from base.errors import Failure
from process import cpu
from process.routing import time  # the real one, whose sleep holds up only this thread

_THREADS_MAX = const(4)
_QUEUE_MAX = const(64)  # pieces of output that wait for the loop
_STEP_MS = const(20)  # how often a sleeping thread checks for a request to end
_EPIPE = const(32)

_idents = [0] * _THREADS_MAX
_threads = [None] * _THREADS_MAX
_home = _thread.get_ident()  # the thread of the event loop, which imports this


def running():
    """The stand-in for the process that runs in the calling thread; None in the event loop's own."""
    ident = _thread.get_ident()
    if ident != _home:
        for i in range(_THREADS_MAX):
            if _idents[i] == ident:
                return _threads[i]
    return None


class Outbox:
    """The stdout and stderr of a thread: what it writes waits here for the loop."""

    full = False

    def __init__(self, thread):
        self.thread = thread
        self.broken = False  # nobody empties it any more

    def write(self, data):
        thread = self.thread
        while True:
            if self.broken:
                raise OSError(_EPIPE)
            with thread.lock:
                if len(thread.queue) < _QUEUE_MAX:
                    thread.queue.append((self, data))
                    break
            time.sleep_ms(1)
        thread.flag.set()


class Thread:
    """The state that a thread may access; the Process belongs to the loop."""

    def __init__(self, process, main):
        self.process = process
        self.main = main
        self.args = process.args
        self.lock = _thread.allocate_lock()
        self.queue = deque((), _QUEUE_MAX)
        self.flag = asyncio.ThreadSafeFlag()
        self.stdout = Outbox(self)
        self.stderr = Outbox(self)
        self.result = None
        self.error = None
        self.done = False
        self.coro = None  # a coroutine that the thread wants run on the loop
        self.answer = None
        self.task = None  # the task that runs it

    def enter(self):
        """The thread itself."""
        place = _threads.index(self)
        _idents[place] = _thread.get_ident()
        try:
            self.result = self.main(self.args)
        except BaseException as e:
            self.error = e
        _idents[place] = 0
        _threads[place] = None  # not before: the loop may have left it
        self.done = True
        self.flag.set()


def sleep_ms(ms):
    """Sleep in the calling thread, in steps, so that a request to end is seen soon."""
    thread = running()
    end = time.ticks_add(time.ticks_ms(), ms)
    while True:
        left = time.ticks_diff(end, time.ticks_ms())
        if left <= 0 or thread.process.sts == "S":
            return
        time.sleep_ms(min(left, _STEP_MS))


def run_on_loop(coro):
    """asyncio.run() in a thread: the one event loop runs coro while the thread waits."""
    thread = running()
    thread.answer = None
    thread.coro = coro
    thread.flag.set()
    while thread.answer is None:
        if not thread.process.thread:  # the loop has left it
            raise SystemExit(1)
        time.sleep_ms(_STEP_MS)
    result, error = thread.answer
    if error:
        raise error
    return result


async def _serve(thread, coro):
    """Run a coroutine of the thread as a task of its process."""
    try:
        thread.answer = (await coro, None)
    except BaseException as e:
        thread.answer = (None, e)
    thread.task = None


def run(process, main):
    """Run main(args) in a thread; a generator for the event loop that returns its result."""
    if None not in _threads:
        raise Failure("", f"all {_THREADS_MAX} threads are in use")
    cpu.threads = _module()
    thread = Thread(process, main)
    place = _threads.index(None)
    _threads[place] = thread
    process.thread = thread
    failed = None
    try:
        gc.collect()
        try:
            _thread.start_new_thread(thread.enter, ())
        except BaseException as e:  # an OSError: rp2 has only one spare core
            _threads[place] = None
            if not isinstance(e, OSError):
                raise
            raise Failure("", "no thread is free")
        while True:
            yield from thread.flag.wait()
            while True:
                with thread.lock:
                    item = thread.queue.popleft() if thread.queue else None
                if item is None:
                    break
                box, data = item
                if box.broken:
                    continue
                stream = process.stdout if box is thread.stdout else process.stderr
                try:
                    stream.write(data)
                    if stream.full:
                        yield from stream.drain()
                except Exception as e:  # no reader: the thread hears of it when it writes, and ends in its own time
                    failed = e
                    box.broken = True
            if thread.coro:
                coro, thread.coro = thread.coro, None
                thread.task = cpu.schedule(cpu.drive(process, _serve(thread, coro)))
            if thread.done:
                break
    finally:
        process.thread = None
        thread.stdout.broken = thread.stderr.broken = True
    if failed or thread.error:
        raise failed or thread.error
    return thread.result


def _module():
    import sys

    return sys.modules["process.thread"]
