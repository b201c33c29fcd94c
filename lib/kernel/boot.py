# Boot: from main.py to the console's prompt, and back (DESIGN section 6).

import asyncio
import sys
from time import ticks_diff, ticks_ms

from micropython import const

import base
from kernel import load_eviction
from process import cpu, process, routing
from process.session import Session

_AGAIN_MS = const(100)
_STARVED_MAX = const(3)  # consecutive console sessions that run out of memory
_WELL_MS = const(60_000)  # a session of this length resets that count

kernel = None  # Process 1
console = None  # the process of the console's session


def run(argv):
    """Boot with the kernel's command line; returns the exit status when the system has been shut down."""
    global kernel
    routing.install()
    process.eviction = load_eviction
    kernel = process.Process("kernel", [], None)
    kernel.env = {"PATH": "/bin", "HOME": "/home", "TERM": "vt100", "USER": "root"}
    kernel.cwd = "/"
    kernel.shell = None
    kernel.session = None
    cpu.current = kernel
    base.schedule = cpu.schedule
    asyncio.core.Loop.set_exception_handler(task_failed)
    return asyncio.core.run_until_complete(cpu.schedule(main(argv)))


def task_failed(loop, context):
    """The event loop's handler of an exception that no task waits for.

    That of a process catches all that its program raises: where it ends by one, the system is damaged, and whoever waits
    for the process would wait for ever. Raised here, the exception leaves the event loop, and main.py starts the rescue console.
    A further task of a program that has run out of memory is told in one line, as the program would be.
    """
    error = context["exception"]
    starved = isinstance(error, MemoryError)
    for other in process.table.values():
        if other.task is context["future"] and not starved:
            raise error
        if starved and other.tasks and context["future"] in other.tasks:
            other.stderr.write(other.name + ": out of memory\n")
            return
    loop.default_exception_handler(loop, context)


async def main(argv):
    """Everything from here runs on the event loop."""
    global console
    from kernel import start  # unloads itself and its helpers
    from kernel.options import Options
    from shell.login import login

    options = Options(argv)
    command = options.command
    script = options.script
    session = Session("console", start.connect(kernel, command is None and script is None))
    await start.up(kernel, options)
    recovery = options.recovery
    ask = options.login and not recovery and session.terminal
    del options, Options, start  # what they take is free from here on
    if ask:
        from services import sessions  # late: only where the console asks for a login

        console = sessions.console(kernel, session)
    else:
        console = login(kernel, session, command, script)
    starved = 0
    while True:
        since = ticks_ms()
        status = await console.wait()
        if not console.starved or command is not None or script:
            break
        starved = 1 if ticks_diff(ticks_ms(), since) > _WELL_MS else starved + 1
        if starved > _STARVED_MAX:
            kernel.stderr.write("out of memory: the board restarts\n")
            break
        session.leader = None
        process.evict(True)
        await asyncio.sleep_ms(_AGAIN_MS)  # another process will end
        try:
            console = login(kernel, session)  # a short lack of memory must not end the console
        except MemoryError:
            pass
    session.leader = None  # the shutdown may need the memory of the console's shell
    if base.broken:
        raise base.broken  # main.py starts the rescue console
    await end(not recovery, starved > _STARVED_MAX)
    return status if command is not None or script else 0


async def end(user_code, restart):
    """Shut down, and restart if requested; if memory is too short for that, end the processes that hold it first."""
    for _ in range(_AGAIN_MS):
        try:
            from kernel import shutdown  # late: unloaded after the boot

            if restart:
                shutdown.requested = "reboot"
            return await shutdown.run(kernel, user_code)
        except MemoryError:
            try:
                for other in process.table.values():
                    other.cancel()
            except MemoryError:  # those before it may leave enough
                pass
            await asyncio.sleep_ms(_AGAIN_MS)
            process.evict(True)
    sys.modules["kernel"].reset()
