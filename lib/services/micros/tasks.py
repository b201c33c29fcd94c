# The tasks of the service: calls of Load Modules in the background, and coroutines of theirs. Each is a process.
#
# Those that are done stay listed with their output, at most as many as may run. `ps`, `kill` and `task` show and end the
# same ones.

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

from process import process as processes
from services.daemon import find_process
from services.micros import NAME, settings

_PERIOD_MS = const(20)  # the shortest pause between two calls
_TERM = const(15)
STARTING = "Starting"
BUSY = "Already running"

table = []  # all Tasks, in the order of their start
_measured = [0, ticks_ms()]  # microseconds that processes have run, and the ticks then, when load() was last called


class QueueFull(Exception):
    """There are as many calls as there may be."""


class Task:
    """A task; what Load Modules know of it are tag, out, done, feed(), cancel(), await_result() and `with`."""

    process = None
    out = ""
    finished = False
    event = None  # of its end, once somebody waits for it

    def __init__(self, tag):
        self.tag = tag

    @property
    def ended(self):
        """True once it is done, or its process has been ended before it began."""
        return self.finished or bool(self.process and self.process.status is not None)

    @property
    def done(self):
        """An Event that is set when the task is done."""
        if not self.event:
            self.event = asyncio.Event()
            if self.ended:
                self.event.set()
        return self.event

    def __enter__(self):
        self.finished = False
        if self.event:
            self.event.clear()
        return self

    def __exit__(self, kind, error, trace):
        self.finish()

    async def run(self, coroutine):
        """The main function of the process of a Load Module's coroutine."""
        try:
            await coroutine
        except asyncio.CancelledError:
            raise
        except Exception as e:
            self.out = f"{type(e).__name__}: {e}"
        finally:
            self.finish()

    async def repeat(self, call, loop, pause_ms):
        """The main function of the process of a call: call() returns whether it worked, and its output."""
        try:
            while True:
                await asyncio.sleep_ms(pause_ms)
                good, self.out = call()
                if not good or not loop:
                    break
        finally:
            self.finish()

    def end(self):
        self.finished = True
        if self.event:
            self.event.set()

    def finish(self):
        """It is done; the oldest of those that are done are forgotten."""
        self.end()
        ended = [task for task in table if task.ended]
        for task in ended[: max(len(ended) - limit(), 0)]:
            table.remove(task)

    def cancel(self):
        """End the task and forget it; returns whether there was something to end."""
        running = not self.ended
        self.end()
        if self in table:
            table.remove(self)
        if running and self.process:
            self.process.kill(_TERM)
        return running

    @staticmethod
    async def feed(sleep_ms=1):
        """Let others run."""
        await asyncio.sleep_ms(max(sleep_ms, 0))

    async def await_result(self, timeout=5):
        """The output of the task, once it is done; timeout: seconds."""
        try:
            await asyncio.wait_for(self.done.wait(), timeout)
        except asyncio.TimeoutError:
            return "Timeout has been exceeded"
        return self.out


def limit():
    """How many calls may run, and how many tasks that are done stay listed."""
    return settings.get("aioqueue")


def free():
    """How many calls more may run."""
    return max(limit() - len([task for task in table if not task.ended and "." in task.tag]), 0)


def get(tag):
    """The Task called tag, or None."""
    for task in table:
        if task.tag == tag:
            return task
    return None


def is_busy(tag):
    """Whether a task runs."""
    task = get(tag)
    return bool(task and not task.ended)


def start(tag, main):
    """Start a task, unless one of that name runs; main(task) returns its coroutine. Returns {tag: what has happened}."""
    if is_busy(tag):
        return {tag: BUSY}
    old = get(tag)
    if old:
        table.remove(old)
    task = Task(tag)
    coroutine = main(task)
    table.append(task)
    try:
        task.process = processes.spawn(tag, [], find_process(NAME), lambda args: coroutine)
        task.process.ppid = 1  # which reaps it
    except BaseException:
        table.remove(task)
        coroutine.close()
        raise
    return {tag: STARTING}


def start_call(tag, call, loop=False, pause_ms=None):
    """Call again and again, or once: call() as in Task.repeat(). QueueFull; else as start()."""
    if not free():
        raise QueueFull(f"[aio] Task queue full: {limit()}")
    pause = max(pause_ms or 0, _PERIOD_MS if loop else 0)
    return start(tag, lambda task: task.repeat(call, loop, pause))


def start_coroutine(tag, coroutine):
    """Run a coroutine of a Load Module; as start()."""
    if is_busy(tag):
        coroutine.close()
        return {tag: BUSY}
    return start(tag, lambda task: task.run(coroutine))


def matching(pattern):
    """The tasks of that name, or of a group: MODULE.*"""
    if pattern.endswith(".*"):
        return [task for task in table if task.tag.startswith(pattern[:-1])]
    return [task for task in table if task.tag == pattern]


def show(pattern):
    """The output of a task; of a group, a line for each."""
    found = matching(pattern)
    if not found:
        return "No task found: " + pattern
    if len(found) == 1:
        return found[0].out
    return "\n".join([f"{task.tag}: {task.out}" for task in found])


def kill(pattern):
    """End a task or a group; returns a line about it."""
    found = matching(pattern)
    if not found:
        return "No task found: " + pattern
    return "Kill: " + ", ".join([f"{task.tag}|{task.cancel() or True}" for task in found])


def names(done):
    """The tags of those that are done, or not. The server itself is one that runs."""
    return ([] if done else ["idle", "server"]) + [task.tag for task in table if task.ended == done]


def load():
    """The share of the time since the last call in which processes have run, in percent."""
    now = ticks_ms()
    ran = sum([process.time for process in processes.table.values()])
    before, then = _measured
    _measured[:] = ran, now
    share = (ran - before) // (10 * max(ticks_diff(now, then), 1))
    return min(max(share, 0), 100)  # those that have ended are not counted any more


def listing():
    """What `task list` prints."""
    lines = ["---- micrOS  top ----", f"#queue: {free()} #load: {load()}%", "", "#Active   #taskID"]
    lines += ["Yes       " + tag for tag in names(False)]
    return "\n".join(lines) + "\n" + "\n".join(["No        " + tag for tag in names(True)]) + "\n"


def stop():
    """End all tasks."""
    for task in list(table):
        task.cancel()
