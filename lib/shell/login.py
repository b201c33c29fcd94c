# The beginning of a session. Its prompt stands there at once; the shell is loaded with the first key, and a board at
# whose console nobody sits never has it in memory (DESIGN law 3).

import gc
import sys

import base
from process import cpu
from process.process import spawn

# The shell, leaves first: each import finds what it imports already there, so none nests, since an import with its
# compiler is the deepest thing that a board's small C stack has to bear (DESIGN law 8).
MODULES = (
    "process.find process.load process.files "
    "shell.lexer shell.trampoline shell.parser shell.expand shell.builtins shell.commands shell.interp "
    "shell.state shell.shell "
)
AT_TERMINAL = "process.keys shell.editor shell.session"

PROFILES = ("/etc/profile", "/.profile")  # the second below HOME
BRACKETED_PASTE = "\x1b[?2004h"  # so that a paste comes marked, and is not executed


def load(names=MODULES):
    """Load the shell, where that has not been done. Call it at a shallow place."""
    for name in names.split():
        if name not in sys.modules:
            gc.collect()  # so that what stays lies close together: a heap in small holes has no room for large tables
            try:
                __import__(name)
            except Exception as e:
                if not isinstance(e, MemoryError):
                    base.broken = e
                raise
    from base import lazyfs

    lazyfs.mount()


def is_idle(path):
    """Whether a script does nothing: it is not there, or has only comments."""
    try:
        with open(path) as file:
            for line in file:
                line = line.strip()
                if line and line[0] != "#":
                    return False
    except UnicodeError:
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
        from shell import scripts, trampoline

        shell = make(session, name, script[1] if script else ())
        if command is not None:
            return trampoline.run(scripts.run_command(shell, command))
        shell.name = script[0]
        return trampoline.run(scripts.run_script(shell, script[0]))

    process = spawn(name, [], parent, main)
    process.session = session
    return process


def make(session, name, args):
    """The Shell that leads a session, in the current process."""
    from shell.shell import Shell

    shell = session.leader = Shell(cpu.current, name, list(args))
    shell.inherit()
    return shell


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
        terminal.unread(data)
    load(MODULES + " " + AT_TERMINAL)
    from shell import session as sessions
    from shell import trampoline

    return (yield from trampoline.run(sessions.interact(make(session, name, ()), session, shown)))
