# Threads: `&` on a program that is a plain function (DESIGN law 1), and those that a program starts with _thread.
#
# Neither rp2 nor the host build has a GIL, so a thread touches no structure of the kernel that could grow: what it
# prints goes through a bounded queue of its own, and a ThreadSafeFlag wakes the loop, which does the rest. The table
# of threads has fixed places, so that looking at it from another thread is safe.

import _thread
import asyncio
import gc
import sys
from collections import deque

from micropython import const

from base.errors import Failure
from process import cpu, routing
from process.routing import time  # the real one, whose sleep holds up only this thread

_THREADS_MAX = const(4)
_QUEUE_MAX = const(64)  # pieces of output that wait for the loop
_STEP_MS = const(20)  # how often a sleeping thread checks for a request to end
_EAGAIN = const(11)
_EPIPE = const(32)

_idents = [0] * _THREADS_MAX
_threads = [None] * _THREADS_MAX
_served = []  # the Threads that the loop serves; only it has this list
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
        self.broken = False  # no reader is left

    def write(self, data):
        thread = self.thread
        while True:
            thread.check()
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
        self.abandoned = False  # the process has ended before its thread
        self.coro = None  # a coroutine that the thread wants run on the loop
        self.answer = None
        self.task = None  # the task that runs it

    def begin(self):
        """Start the thread; OSError where none is free."""
        if None not in _threads:
            raise OSError(_EAGAIN)
        cpu.threads = _module()
        place = _threads.index(None)
        _threads[place] = self
        gc.collect()
        try:
            _thread.start_new_thread(self.enter, (place,))
        except BaseException:  # an OSError: rp2 has only one spare core
            _threads[place] = None
            raise
        _served.append(self)

    def next(self):
        """The next (outbox, data) that the loop has to print; None where there is none."""
        while True:
            with self.lock:
                if not self.queue:
                    return None
                item = self.queue.popleft()
            if not item[0].broken:
                return item

    def stream(self, outbox):
        return self.process.stdout if outbox is self.stdout else self.process.stderr

    def check(self):
        """End the calling thread where nobody serves it any more."""
        if self.abandoned:
            raise SystemExit(1)

    def enter(self, place):
        """The thread itself."""
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
        thread.check()
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
        thread.check()
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


def serve(thread):
    """Print what a thread prints and run its coroutines until it ends; returns the error of a stream, or None.

    A generator for the event loop. Where it is closed before, the thread ends with its next output, sleep or import.
    """
    process = thread.process
    failed = None
    try:
        while True:
            yield from thread.flag.wait()
            while item := thread.next():
                outbox, data = item
                stream = thread.stream(outbox)
                try:
                    stream.write(data)
                    if stream.full:
                        yield from stream.drain()
                except Exception as e:  # no reader: the thread gets EPIPE with its next output
                    failed = e
                    outbox.broken = True
            if thread.coro:
                coro, thread.coro = thread.coro, None
                thread.task = cpu.schedule(cpu.drive(process, _serve(thread, coro)))
            if thread.done:
                return failed
    finally:
        leave(thread)


def leave(thread):
    """Nobody serves a thread any more: it ends with its next output, sleep or import."""
    thread.abandoned = True
    if thread in _served:
        _served.remove(thread)


def end(process):
    """Print what the threads of a process have printed until its end, and let them end.

    Also those whose task was cancelled before its first step. It allocates nothing where there is nothing to print.
    """
    for i in range(len(_served) - 1, -1, -1):
        thread = _served[i]
        if thread.process is process:
            leave(thread)
            try:
                while item := thread.next():
                    thread.stream(item[0]).write(item[1])
            except Exception:  # no reader, or no memory: they cannot be told any more
                pass


def run(process, main):
    """Run main(args) in a thread; a generator for the event loop that returns its result."""
    thread = Thread(process, main)
    process.thread = thread
    try:
        try:
            thread.begin()
        except OSError:
            raise Failure("", "no free thread")
        failed = yield from serve(thread)
    finally:
        process.thread = None
    if thread.error or failed:
        raise thread.error or failed
    return thread.result


# --- _thread, as programs see it


def start_new_thread(function, args, kwargs=None):
    """_thread.start_new_thread() of a program: the thread has the streams of its process, and ends with it.

    Raises OSError where no thread is free: there are four, on an RP2 one.
    """
    thread = running()
    if thread:
        run_on_loop(_start(thread.process, function, args, kwargs or {}))
    else:
        _begin(cpu.current, function, args, kwargs or {})


async def _start(*args):
    """_begin() on the loop, for a thread."""
    _begin(*args)


def _begin(process, function, args, kwargs):
    thread = Thread(process, lambda _: function(*args, **kwargs))
    thread.begin()
    routing.create_task(_attend(thread))


def _attend(thread):
    """A task of the process: serve a thread, and print the error that has ended it."""
    yield from serve(thread)
    if thread.error and not isinstance(thread.error, SystemExit):
        thread.process.complain("unhandled exception in a thread", thread.error)


class Lock:
    """_thread.allocate_lock(): who waits for it lets the event loop run, which the thread that has it may need."""

    def __init__(self):
        self.real = _thread.allocate_lock()

    def acquire(self, wait=True, timeout=-1):
        """Take the lock; False if it is taken and wait is false, or after timeout seconds."""
        end = time.ticks_add(time.ticks_ms(), int(timeout * 1000))
        while not self.real.acquire(False):
            if not wait or (timeout >= 0 and time.ticks_diff(end, time.ticks_ms()) <= 0):
                return False
            routing.sleep_ms(1)
        return True

    def release(self):
        self.real.release()

    def locked(self):
        return self.real.locked()

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *_):
        self.real.release()


class _Module:
    pass


face = _Module()
for _name in dir(_thread):
    if _name[0] != "_":
        setattr(face, _name, getattr(_thread, _name))
for _name, _value in (("start_new_thread", start_new_thread), ("allocate_lock", Lock), ("LockType", Lock)):
    setattr(face, _name, _value)


def _module():
    return sys.modules["process.thread"]
