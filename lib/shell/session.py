# A session's shell: reads commands from its terminal, or runs those it was given.

import asyncio

from base.errors import Failure, reason
from process.process import spawn
from shell import trampoline
from shell.lexer import ShellSyntaxError
from shell.parser import Parser
from shell.shell import Shell

INT = 2


def login(parent, session, command=None, script=None, name="sh"):
    """Start the shell of a session; returns its Process.

    command: a text to run; script: (path, args); neither: read commands from the terminal.
    """

    def main(args):
        from process import cpu

        process = cpu.current
        shell = Shell(process, name, list(script[1]) if script else ())
        shell.inherit()
        session.leader = shell
        if command is None and script is None:
            return trampoline.run(interact(shell, session))
        from shell import scripts

        if command is not None:
            return trampoline.run(scripts.run_command(shell, command))
        shell.name = script[0]
        return trampoline.run(scripts.run_script(shell, script[0]))

    process = spawn(name, [], parent, main)
    process.session = session
    return process


class Ended(Exception):
    """The terminal has no more input."""


def interact(shell, session):
    """Read and run commands until the end of the input or `exit`; a generator that returns the status."""
    from shell.editor import Editor

    shell.interactive = True
    editor = Editor(session.terminal)
    shell.editor = editor
    process = shell.process
    try:
        yield from run_profile(shell)
        tidy()
        while True:
            try:
                yield one_command(shell, editor)
            except asyncio.CancelledError:
                if process.signal != INT:
                    raise
                process.signal = 0
                process.sts = "R"
                shell.unwind = None
                shell.loops = shell.depth = shell.tested = 0
                shell.status = 130
            except KeyboardInterrupt:
                process.sts = "R"
                process.signal = 0
                shell.status = 130
            except (Failure, OSError, MemoryError) as e:
                if isinstance(e, MemoryError):
                    from process import load

                    load.drop()
                shell.unwind = None
                shell.status = 1
                process.stderr.write(reason(e) + "\n")
            except ShellSyntaxError as e:
                shell.status = 2
                process.stderr.write(f"syntax error: {e.args[0]}\n")
    except Ended:
        pass
    except SystemExit as e:
        if e.args and e.args[0] is not None:
            shell.status = e.args[0]
    finally:
        session.terminal.set_raw(False)
    if shell.traps:
        yield from shell.traps.run_exit(shell)
    return shell.status


def one_command(shell, editor):
    """Read one complete command and run it."""
    first = True

    def read():
        nonlocal first
        prompt = shell.prompt("PS1" if first else "PS2")
        first = False
        line = yield from editor.read_line(prompt)
        if line is None:
            return ""
        return line

    if shell.jobs:
        for job in shell.jobs.reap():
            shell.process.stderr.write(f"[{job.number}]+ {job.state():<10} {job.text}\n")
    parser = Parser(read, interactive=True)
    parser.alias = shell.alias
    node = yield parser.command()
    if node is None:
        if first is False and parser.lexer.text.strip() == "" and editor.ended:
            raise Ended
        return
    yield from shell.step(node)
    shell.unwind = None


def run_profile(shell):
    """Run /etc/profile and ~/.profile."""
    from shell.source import Source

    for path in ("/etc/profile", str(shell.lookup("HOME") or "") + "/.profile"):
        try:
            file = open(path, "rb")
        except OSError:
            continue
        try:
            yield from shell.run_source(Source(file, path))
        except (SystemExit, Failure):
            pass
        shell.unwind = None


def tidy():
    """Give back what the scripts of boot and login have loaded: the first prompt has all the memory there is."""
    from process import load
    from shell import builtins, interp

    builtins.unload()
    interp.unload()
    load.forget(
        "shell.source shell.scripts shell.flow shell.redirect shell.compound shell.substitution shell.control "
        "shell.rare shell.jobs shell.paramops text.pattern text.glob shell.arith shell.dialect process.pipe "
        "process.signals base.strerror text.test program"
    )
