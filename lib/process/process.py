# Processes: each is one run of a program. Their table, start and end.
#
# A process is a task of its own on the event loop. It knows its streams, arguments, environment and directory, and
# nothing else (DESIGN law 2). Its exit status is kept until the parent reaps it; the children of a parent that ends
# go to the kernel, process 1, which reaps them at once.

import asyncio
from time import ticks_diff, ticks_ms, ticks_us

from micropython import const

from base.errors import Failure, reason
from process import cpu

_PROCESSES_MAX = const(128)  # processes at a time
FEW = const(8)  # processes that are started without checking the free memory
_ENDS = const(200)  # attempts to end a process while memory is short
_END_MS = const(50)
_LOADS_MAX = const(16)  # attempts to load a program where memory is short
_TERM = const(15)

table = {}  # pid: Process
_last = 0  # the last PID
failures = 0  # programs that have run out of memory
load = None  # the module process.load, late: a board that runs no programs has none of it

# Callbacks that the floors above register (kernel.boot, shell.login).
eviction = None  # (): the module that unloads what is not in use: process.memory takes it
run_line = None  # (process, line, streams): the coroutine that runs a line of commands for a program
completions = {}  # name of a program: a function that gives, for its words so far, what TAB offers beside its usage
show_usage = None  # (process): print the usage of the process's program

_Coroutine = type((lambda: (yield))())
_Function = type(lambda: 0)


class Process:
    """One run of a program."""

    # Defaults that most processes never change are class attributes. (A process of up to 17 attributes
    # takes 1 kB with what MicroPython throws away as it grows, one of 18 takes 1.4.)
    args = ()
    shell = None  # what started it and has variables: assign(name, value), `vars`, `fds`, `process`
    sts = "R"  # the state for upyOS programs: R running, H held, S asked to end
    stopped = False
    signal = 0  # the signal that ends it
    status = None  # the exit status, once it has ended
    value = None  # its result for `cmd > 0`, other than its output
    time = 0  # microseconds of CPU time
    memory = 0  # bytes of heap that loading its program took
    rooms = 0  # bits: packages of lib/ that it has imported from (process.routing)
    failed = 0  # what program.status() returns
    starved = False  # it has run out of memory
    closed = 0  # number of streams closed by end()
    raw = None  # the terminal mode that it set while in the background
    task = None  # the task of its main coroutine
    tasks = None  # more tasks that the program made
    leaving = None  # the SystemExit of a task besides the main one
    waits = None  # waits of a plain function inside the event loop
    trap = None  # called with the number of a signal; True if it has handled it
    main = None  # the path of a program or a function, until it begins
    background = False
    thread = None  # the Thread that it runs in
    exited = None  # an Event, once a waiter exists
    continued = None  # an Event, once a waiter for SIGCONT exists
    subshell_of = None  # the process of the shell that this one is a copy of

    def __init__(self, name, args, parent, stdin=None, stdout=None, stderr=None):
        """A process that inherits directory, environment, session and streams from parent (None: the kernel).

        A stream that is given belongs to the process, which closes it at its end.
        """
        global _last
        if len(table) >= _PROCESSES_MAX:
            raise Failure("", "too many processes")
        if len(table) > FEW:
            from process import memory  # late: not for the first few

            if not memory.can_start(parent):
                raise Failure("", memory.NOT_ENOUGH)
        _last += 1
        self.pid = _last
        self.name = name
        self.args = args
        self.started = ticks_ms()
        self.ppid = 0
        if parent:
            self.ppid = parent.pid
            self.cwd = parent.cwd
            self.env = parent.env
            self.shell = parent.shell
            self.session = parent.session
            self.stdin = stdin or parent.stdin.dup()
            self.stdout = stdout or parent.stdout.dup()
            self.stderr = stderr or parent.stderr.dup()
        table[self.pid] = self

    # --- the face for programs

    @property
    def tty(self):
        """The terminal of the session, or None."""
        return self.session.terminal if self.session else None

    def setenv(self, name, value):
        """Set a variable of the shell that started this process, and the process's own."""
        if self.shell:
            self.shell.assign(name, value)
        self.env = self.env.copy()
        self.env[name] = value

    # --- life

    def start(self, main):
        """Begin: main is the path of a program, or a function of the arguments."""
        self.main = main
        self.task = cpu.schedule(life(self))

    def end(self, status):
        """Keep the status, close the streams, hand the children to the kernel, and wake the waiters.

        It allocates nothing: the attributes set here take the places of those deleted.
        """
        if self.status is None:
            self.args = self.shell = (
                None  # a deleted attribute leaves its value in the table, where the collector finds it
            )
            del self.args
            del self.shell
            if self.rooms:
                del self.rooms
        if self.task:
            self.task = None
            del self.task
        self.status = status
        self.sts = "S"
        if self.tasks:
            for task in self.tasks:
                if not task.done() and task is not asyncio.core.cur_task:
                    task.cancel()
            self.tasks = None
        while self.closed < 3:  # counted, since end() is called again after a MemoryError
            self.closed += 1
            try:
                (self.stdin if self.closed == 3 else self.stderr if self.closed == 2 else self.stdout).close()
            except OSError as e:  # a full file system may fail at close()
                self.status = self.status or 1
                self.complain("", e)
        while True:
            for pid in table:
                child = table[pid]
                if child.ppid == self.pid:
                    break
            else:
                break
            child.ppid = 1
            if child.status is not None:
                del table[child.pid]
        if self.exited:
            self.exited.set()
        if self.ppid == 1:
            table.pop(self.pid, None)

    async def wait(self, stops=False):
        """Wait for the end of this process; returns its status and forgets it.

        With stops, also for the moment when it is stopped: returns None then.
        """
        while self.status is None:
            if stops and self.stopped:
                return None
            if not self.exited:
                self.exited = asyncio.Event()
            await self.exited.wait()
        table.pop(self.pid, None)
        return self.status

    async def run(self, line, **streams):
        """Run a line of commands, or a list [program, argument...], with the streams of this process.

        Returns the status. stdin=, stdout= and stderr= are other streams, which belong to what is run.
        """
        return await run_line(self, line, streams)

    def getenv(self, name):
        """A variable of the environment, or of the shell that started this process; None if it is not set."""
        value = self.env.get(name)
        if value is None and self.shell:
            value = self.shell.vars.get(name)
        return value

    # --- signals

    def kill(self, signal):
        """Send a signal: _INT, _TERM, HUP and KILL end the process, STOP and CONT hold it and let it go on."""
        from process.signals import deliver  # late: loaded with the first signal

        deliver(self, signal)

    def cancel(self):
        """Cancel the main coroutine if memory does not suffice for process.signals; the program may clean up.

        A task that is cancelled before it begins runs nothing, so the process ends here, and whoever waits for it goes on.
        """
        if self.task and self.status is None:
            (self.waits[-1] if self.waits else self.task).cancel()
            if self.main:
                self.end(128 + _TERM)

    async def wait_continued(self):
        """Wait while this process is stopped."""
        while self.stopped:
            if not self.continued:
                self.continued = asyncio.Event()
            await self.continued.wait()

    # --- errors

    def complain(self, obj, why):
        """Write `program: object: reason` to stderr; why is an exception or a sentence."""
        if isinstance(why, BaseException):
            why = reason(why)
        text = f"{self.name}: {obj}: {why}\n" if obj else f"{self.name}: {why}\n"
        try:
            self.stderr.write(text)
        except OSError:  # no reader
            pass


def get(pid):
    """The process with that number, or None."""
    return table.get(pid)


def life(process):
    """The main coroutine of a process: runs process.main, a function of its arguments or the path of a program.

    A plain function runs here, one call above the event loop; a coroutine is driven. Ends the process.
    """
    global load
    status = 0
    image = None
    starved = False
    loads = 1
    main = process.main
    del process.main
    try:
        if len(table) > FEW:
            from process import memory  # late: as in Process

            if not memory.is_free():
                yield from memory.wait_free(process)
        before = cpu.enter(process)
        try:
            if isinstance(main, str):
                if not load:  # import itself takes as long as reading a small program
                    from process import load  # late: see `load`
                while True:
                    try:
                        image = load.acquire(main)
                        break
                    except MemoryError:
                        if len(table) <= FEW or loads == _LOADS_MAX:  # few others could end
                            raise
                    loads += 1
                    from process import memory  # late: as in Process

                    cpu.current = before
                    yield from memory.wait_again(process)
                    cpu.enter(process)
                process.memory = image.memory
                main = image.begin(process)
            if process.background and isinstance(main, _Function) and not (image and image.needs_loop()):
                cpu.current = before
                from process.thread import run  # late: few systems start threads

                result = yield from run(process, main)
            else:
                start = ticks_us()
                cpu.interruptible(True)
                result = main(process.args)
                cpu.interruptible(False)
                process.time += ticks_diff(ticks_us(), start)
        finally:
            cpu.current = before
        if isinstance(result, _Coroutine):
            result = yield from cpu.drive(process, result)
        if result is not None:
            status = result & 255 if isinstance(result, int) else 0
    except BaseException as e:
        cpu.interruptible(False)
        result = main = None
        starved = isinstance(e, MemoryError)
        status = failed(process, e, starved)
    if cpu.threads:
        cpu.threads.end(process)
    tries = _ENDS
    while tries and not has_ended(process, status, starved, tries):  # otherwise its waiters would never wake
        tries -= 1
        yield from asyncio.sleep_ms(_END_MS)  # another process will end
    # References to the process or to this coroutine must not keep its data alive.
    cpu.detach()
    main = result = None
    if image:
        load.release(image)
        image = None
    return (status, status, status, status)  # over what this coroutine's stack still has of the program


def failed(process, error, starved):
    """Report the exception that ended a program; returns the exit status, whatever happens."""
    global failures
    try:
        if starved:
            failures += 1
            evict()  # what the program held is garbage by now
        from process import exit_status  # late: most programs end well

        return exit_status.status_of(process, error)
    except BaseException:
        try:  # without an import: memory does not suffice for the full message
            process.stderr.write(process.name + ": out of memory\n")
        except BaseException:
            pass  # the process must end nevertheless
    return 1


def has_ended(process, status, starved, tries):
    """End a process; False if memory does not suffice for that. tries: how many times are left."""
    try:
        process.end(status)
        if starved:
            process.starved = True
        return True
    except MemoryError:
        evict()
        if tries < _ENDS - _ENDS // 8 and process.session and process.session.leader:
            process.session.leader.give_up(True)  # the variables of the session hold the memory
        return False


def evict(more=False):
    """Evict what nothing running references, with more also what sessions can load again, as far as memory suffices."""
    try:
        from process import memory  # late: not for the first few

        memory.evict(more)
    except MemoryError:  # also the import, of a module that is loaded
        pass


def spawn(name, args, parent, main, background=False, **streams):
    """Start a process: main is the path of a program or a function of the arguments. Returns the Process."""
    process = Process(name, args, parent, **streams)
    if background:
        process.background = True
    try:
        process.start(main)
    except MemoryError:
        del table[process.pid]
        evict()
        process.end(1)
        raise
    return process
