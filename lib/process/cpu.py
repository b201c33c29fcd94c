# The scheduler: the current process, and the one place that resumes coroutines (DESIGN section 4).
#
# Every coroutine of a process is driven by drive(), so that around each resume the current process is set, its
# working directory is in force, a stopped process or one whose output is full is not resumed, and the time is charged.

import os
from asyncio import CancelledError, core
from time import ticks_diff, ticks_us

from micropython import const

_KILL = const(9)
_EAGAIN = const(11)
_NESTED_MAX = const(3)  # nested runs of the loop: each takes 4 of the 26 stack frames of an RP2040

current = None  # the Process whose code runs; the kernel's own Process between them
threads = None  # the module process.thread once a thread has been started
nested = 0  # depth of nested runs of the loop
_cwd = "/"  # the argument of the last os.chdir()

interrupts = None  # callback(on) of the console: whether Ctrl-C raises KeyboardInterrupt
_interruptible = False

schedule = core.create_task  # the loop's own: for kernel tasks, which drive() does not run

_queue = core.TaskQueue()  # of detach(), empty otherwise
_leaf = core.Task(None)  # its other task, which never has a child


def enter(process):
    """Switch to process and its working directory; returns the previous process."""
    global current, _cwd
    before = current
    current = process
    if process.cwd != _cwd:
        try:
            os.chdir(process.cwd)
            _cwd = process.cwd
        except OSError:  # the directory has been removed: the process keeps running in the root
            os.chdir("/")
            _cwd = "/"
    return before


def moved():
    """Read the working directory back: the program may have called os.chdir()."""
    global _cwd
    _cwd = os.getcwd()


def interruptible(on):
    """Before and after code of a program that may never wait: the console's Ctrl-C stops it. Returns what it was."""
    global _interruptible
    before = _interruptible
    if interrupts and before != on:
        while True:
            try:
                interrupts(on)
                _interruptible = on
                return before
            except KeyboardInterrupt:  # too late: that code has ended
                pass
    return before


def drive(process, coro):
    """Run coro as part of process. A generator for the event loop; returns what coro returns."""
    global current
    error = None
    while True:
        out = process.stdout
        if out.full or process.stopped:
            try:
                if process.stopped:
                    yield from process.wait_continued()
                if out.full:
                    yield from out.drain()
            except BaseException as e:
                error = e
        before = enter(process)
        start = ticks_us()
        try:
            if error is None:
                coro.send(None)
            elif process.signal == _KILL:
                coro.close()
                raise SystemExit(128 + _KILL)
            else:
                e, error = error, None
                coro.throw(e)
        except StopIteration as e:
            coro = None  # the loop may hold a finished task, and with it all that this frame references
            return e.value
        except BaseException:
            coro = None
            raise
        finally:
            process.time += ticks_diff(ticks_us(), start)
            current = before
        try:
            yield
        except BaseException as e:  # a cancellation, or an error of an awaited task
            error = e


def beside(process, coro):
    """drive() for a task besides the main one: an exit ends the main task of the program, never the event loop."""
    driven = drive(process, coro)
    coro = None  # as in drive()
    try:
        return (yield from driven)
    except (SystemExit, KeyboardInterrupt) as e:
        if process.signal != _KILL and process.task:
            process.leaving = e
            process.task.cancel()
        raise CancelledError
    finally:
        driven = None
        detach()


def detach():
    """Let the current task, which is about to end, refer to no other task.

    A task queue of MicroPython is a pairing heap whose nodes keep a pointer to the last child that they have had
    (child_last in py/pairheap.h). Ended tasks kept each other alive by it, one for each process of some hours.
    """
    task = core.cur_task
    _queue.push(task, 0)
    _queue.push(_leaf, 1)  # the later one becomes the child of the earlier one
    _queue.pop()
    _queue.pop()


async def _held(process, coro):
    result = await coro
    while process.stopped:
        await process.wait_continued()
    return result


def block(coro):
    """Run the event loop inside a plain function until coro is done, and return its result.

    The calling process waits; everybody else goes on. Raises KeyboardInterrupt where a signal ends the wait.
    """
    global nested
    process = current
    if nested >= _NESTED_MAX:
        coro.close()
        raise OSError(_EAGAIN)
    task = core.cur_task
    nested += 1
    before = interruptible(False)
    if process.waits is None:
        process.waits = []
    process.waits.append(schedule(_held(process, coro)))
    try:
        return core.run_until_complete(process.waits[-1])
    except CancelledError:
        raise KeyboardInterrupt
    finally:
        nested -= 1
        process.waits.pop()
        core.cur_task = task
        enter(process)
        interruptible(before)
