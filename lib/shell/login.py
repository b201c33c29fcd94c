# The beginning of a session. The prompt appears at once; the shell is loaded with the first key, so a board whose
# console is unused never has it in memory (DESIGN law 3).

import asyncio
import gc
import sys
from time import ticks_us

from micropython import const

import base
from process import cpu
from process import process as processes
from process.process import evict, spawn, table

# The modules of the shell, dependencies first, so that imports do not nest: an import with its compiler needs more of a
# board's small C stack than anything else (DESIGN law 8).
MODULES = (
    "process.find process.memory "
    "shell.lexer shell.simple shell.parser shell.expand shell.builtins shell.resolve shell.foreground shell.ast shell.execute "
    "shell.variables shell.shell "
)
AT_TERMINAL = "process.keys shell.lineedit shell.session "  # like those above, each with a space behind it

PROFILES = ("/etc/profile", "/.profile")  # the second below HOME
_COMMENTS_MAX = const(1024)  # bytes of a script that may be nothing but comments
_RETRY_MS = const(100)
_TRIES = const(4)  # to load the shell
BRACKETED_PASTE = "\x1b[?2004h"  # so that a paste comes marked, and is not executed


def load(names=MODULES):
    """Load the shell, where that has not been done. Call it at a shallow place."""
    for name in names.split():
        if name not in sys.modules:
            if __file__.startswith("/lib/"):  # garbage of an import between modules would fragment the heap
                gc.collect()
            try:
                __import__(name)
            except Exception as e:
                if not isinstance(e, MemoryError):
                    base.broken = e
                raise
    from base import lazyfs  # late: with the first key

    lazyfs.mount()


def run_line(process, line, streams):
    """Run a line of commands for a program."""
    load()
    from shell.scripts import system  # late: few programs run commands

    return system(process, line, streams)


def show_usage(process):
    """Print the usage of a process's program."""
    from program import usage  # late: only a wrong command line reads the head comment

    usage(process)


processes.run_line = run_line
processes.show_usage = show_usage


def is_idle(path):
    """Whether a script does nothing: it is not there, or has only comments."""
    try:
        with open(path, "rb") as file:
            data = file.read(_COMMENTS_MAX)  # line by line it takes three times as long
        if len(data) == _COMMENTS_MAX:
            return False
        for line in data.split(b"\n"):
            line = line.strip()
            if line and line[:1] != b"#":
                return False
    except OSError:
        pass
    return True


def login(parent, session, command=None, script=None, name="sh"):
    """Start the shell of a session; returns its Process.

    command: a text to run; script: (path, args); neither: read commands from the terminal.
    """

    def main(args):
        if command is None and script is None:
            return door(session, name)
        load()
        if command is not None:
            return commanded(session, name, command)
        from shell import execute, scripts  # late: load() has loaded them

        shell = make(session, name, script[1])
        shell.name = script[0]
        return execute.run(scripts.run_script(shell, script[0]))

    process = spawn(name, [], parent, main)
    process.session = session
    return process


def make(session, name, args):
    """The Shell that leads a session, in the current process."""
    from shell.shell import Shell  # late: load() has loaded it

    shell = session.leader = Shell(cpu.current, name, list(args))
    shell.bash = name == "bash"
    shell.inherit()
    return shell


def commanded(session, name, command):
    """Run a text in the current process, with the shell loaded. A generator that returns the status."""
    from shell import execute, scripts  # late: load() has loaded them

    return execute.run(scripts.run_command(make(session, name, ()), command))


def door(session, name):
    """Show the prompt, wait for the first key, and let the shell do the rest. A generator that returns the status."""
    process = cpu.current
    terminal = session.terminal
    home = str(process.getenv("HOME") or "")
    shown = base.recovery or "PS1" not in process.env and is_idle(PROFILES[0]) and is_idle(home + PROFILES[1])
    if shown:
        terminal.set_raw(True)
        terminal.write(f"{process.cwd} $: " + BRACKETED_PASTE)
        data = yield from terminal.read()
        while data:
            try:
                terminal.unread(data)
                data = b""
            except MemoryError:  # a key that is lost would make another command of its line
                yield from asyncio.sleep_ms(_RETRY_MS)
    saved = None
    while True:
        for _ in range(_TRIES):
            try:
                load(MODULES + " " + AT_TERMINAL)
                break
            except MemoryError:
                yield from give_up(saved)
        else:
            raise MemoryError
        saved = yield from interaction(session, name, shown, saved)
        if not isinstance(saved, tuple):
            return saved
        shown = False
        # The generator of this takes the place of the other one, which references the shell, on the stack of this one.
        yield from asyncio.sleep_ms(0)
        unload_shell()
        if not can_intern():
            yield from give_up(saved)
        if not can_intern():
            terminal.write("out of memory for new names: the board restarts\n")
            sys.modules["kernel"].reboot()
            return 1  # the kernel shuts down


def interaction(session, name, shown, saved):
    """The generator that reads and runs commands; it returns the status, or the state to restore after reloading the shell."""
    from shell import execute  # late: load() has loaded them
    from shell import session as sessions

    return execute.run(sessions.interact(make(session, name, ()), session, shown, saved))


def unload_shell():
    """Unload all of the shell, so that it can be loaded again into one piece of memory."""
    from process import memory  # which is loaded

    process = cpu.current
    process.session.leader = process.trap = None
    for other in table.values():  # those that the session has started
        other.shell = None
    memory.unload_package("shell.")
    memory.unload_package("process.keys")
    memory.evict()


def give_up(saved):
    """End the jobs of a session, and forget its Python variables, since they may hold the memory; a generator."""
    process = cpu.current
    if saved and (saved[0].pop("space", None) or len(table) > 2):
        try:
            process.stderr.write("out of memory: the session's Python variables and its jobs are given up\n")
        except MemoryError:  # they are given up all the same
            pass
    for other in table.values():
        if other.ppid == process.pid:
            other.cancel()
    evict(True)
    yield from asyncio.sleep_ms(_RETRY_MS)
    evict(True)


def can_intern():
    """Grow the intern pool if it is full; False where no new name can be had any more, and so no new program.

    The pool doubles in one piece: at 2,540 names it takes 18 kB on a board. Only a restart makes it smaller.
    """
    try:
        getattr(gc, f"~{ticks_us()}", None)
        return True
    except MemoryError:
        return False
