# A session's shell at its terminal (shell/login.py has its beginning), and commands for when memory has run out.

import asyncio
import gc
import os
import sys

from micropython import const

import base
from base.errors import Failure, reason
from base.paths import normal
from process import memory
from process import process as processes
from shell.lexer import SAFE, ShellSyntaxError
from shell.login import PROFILES
from shell.parser import Parser

INT = 2
_PAUSE_MS = const(500)
_PROMPTS_MAX = const(5)  # in a row for which there is no memory
_PIECE = const(16384)  # bytes that should be free in one piece at a prompt
_COMMANDS_MIN = const(3)  # before the shell is loaded anew
_KILL = const(9)
_PLAIN = SAFE + " \n"  # characters of a line: no quotes, pipes or the like
OWN = ("/tmp/", "/home/", "/local/", "/var/", "/mnt/")  # where rm removes


_commands = 0  # since the shell was loaded
_failures = 0  # process.failures at the last prompt


class Ended(Exception):
    """The terminal has no more input."""


def interact(shell, session, shown, saved):
    """Read and run commands until the end of the input or `exit`; a generator that returns the status.

    It returns what save() gives where the shell shall be loaded anew; that is what `saved` is then.
    shown: the prompt stands there already, and the profiles have nothing to do.
    """
    editor = make_editor(shell, session.terminal)
    editor.shown = shown
    again = None
    try:
        if saved:
            restore(shell, editor, saved)
        elif not shown and not base.recovery:
            yield from run_profile(shell)
        saved = None
        memory.collect(False)  # the first prompt has all the memory there is
        again = yield serve(shell, editor)
        if again:
            return again
    except SystemExit as e:
        if e.args and e.args[0] is not None:
            shell.status = e.args[0]
    finally:
        session.terminal.set_raw(False)
        if shell.jobs and not again:
            shell.jobs.hang_up()
        if editor.fresh and not again:
            save_history(editor)
    if shell.traps:
        yield from shell.traps.run_exit(shell)
    return shell.status


def make_editor(shell, terminal):
    """The line editor of a session; the shell's size of the window becomes the terminal's."""
    from shell.lineedit import Editor  # late: only on a terminal

    shell.interactive = True
    shell.editor = editor = Editor(terminal)
    editor.completion = "shell.complete"
    editor.owner = shell
    editor.special = getattr(terminal.port, "raw_repl", None)
    size = [str(shell.process.env.get(name, "")) for name in ("COLUMNS", "LINES")]
    if size[0].isdigit() and size[1].isdigit():
        terminal.resize(int(size[0]), int(size[1]))
        shell.unset("COLUMNS")  # from here on the terminal knows
        shell.unset("LINES")
    return editor


def serve(shell, editor):
    """Run command after command; a generator that returns what save() gives, or None at the end of the input."""
    process = shell.process
    failed = pause = 0
    short = False
    while True:
        shell.typed = ""
        try:
            if pause:
                pause = 0
                yield from asyncio.sleep_ms(_PAUSE_MS)
            yield one_command(shell, editor, short)
            failed = 0
        except (asyncio.CancelledError, KeyboardInterrupt) as e:
            if not isinstance(e, KeyboardInterrupt) and process.signal != INT:
                raise
            interrupted(shell, editor, e)
        except ShellSyntaxError as e:
            shell.status = 2
            process.stderr.write(f"syntax error: {e.args[0]}\n")
        except Ended:
            return None
        except Exception as e:
            shell.unwind = None
            shell.status = 1
            report(process, e, ": line discarded" if editor.lost else "")
            if isinstance(e, MemoryError):
                processes.failures += 1
            if not shell.typed and not isinstance(e, Failure):  # no more memory for the next prompt at once
                failed += 1
                if failed > _PROMPTS_MAX and isinstance(e, MemoryError):
                    raise  # a session that begins anew needs less
                pause = 1  # where Ctrl-C does not end the session
        if shell.space is not None and memory.is_starving():
            shell.space = None  # where nothing can run, nobody can forget something by himself
            report(process, MemoryError(), ": the session's Python variables are given up")
        if processes.failures != _failures:
            try:
                run_minimal(shell)
            except (MemoryError, OSError):
                gc.collect()
        short = memory.is_short()  # asked once for each command: a Pico takes 8 ms to count
        if not editor.ahead and is_crowded(shell, short):
            try:
                return save(shell, editor)
            except MemoryError:  # the session goes on as it is, and tries again later
                gc.collect()


def interrupted(shell, editor, error):
    """A command has been interrupted: the next one begins afresh."""
    shell.process.signal = 0
    shell.process.sts = "R"
    shell.status = 130
    editor.ahead.clear()
    if not isinstance(error, KeyboardInterrupt):
        shell.unwind = None
        shell.loops = shell.depth = shell.tested = 0
    elif editor.special:
        editor.terminal.write(">>> \r\x1b[K")  # nobody sees it, but rshell waits for it


def report(process, error, more=""):
    """Write what went wrong between two commands; the session stays, even where it cannot say this."""
    try:
        if isinstance(error, MemoryError):
            processes.evict()
        process.stderr.write(reason(error) + more + "\n")
    except Exception:
        gc.collect()


def is_crowded(shell, short):
    """True where the shell should be loaded anew: memory is short and in small pieces, or it was too little.

    What programs leave for ever, above all names, lies between the parts of the shell that were loaded after them. The
    shell is not loaded anew while others run whose code is the shell's, and not again before some commands have run.
    """
    global _failures, _commands
    failed = processes.failures != _failures
    _failures = processes.failures
    _commands += 1
    if _commands < _COMMANDS_MIN or not (failed or short and not memory.has_piece(_PIECE)):
        return False
    if shell.space is not None or not is_alone(shell):  # what it has of Python is given up first, in interact()
        return False
    _commands = 0
    return True


def is_alone(shell):
    """True where no other process runs code of the shell: no other session, subshell or script."""
    for process in processes.table.values():
        if process.shell and process.shell is not shell and process.status is None:
            return False
    return True


def save(shell, editor):
    """What a session keeps when its shell is loaded anew, without any object of the shell's own classes."""
    attributes = dict(shell.__dict__)
    for name in ("process", "editor", "jobs"):
        attributes.pop(name, None)
    traps = attributes.pop("traps", None)
    jobs = [job.__dict__ for job in shell.jobs.list] if shell.jobs else []
    return attributes, traps and traps.actions, jobs, editor.fresh, editor.ahead


def restore(shell, editor, saved):
    """Give a shell that has been loaded anew what save() has kept."""
    attributes, actions, jobs, editor.fresh, editor.ahead = saved
    for name in attributes:
        setattr(shell, name, attributes[name])
    if jobs:
        from shell.jobs import jobs_of  # late: most sessions have none

        for values in jobs:
            job = jobs_of(shell).add(None, None)
            for name in values:
                setattr(job, name, values[name])
    if actions:
        from shell.traps import restore  # late: as rare

        restore(shell, actions)
    for process in processes.table.values():
        if process.ppid == shell.process.pid and process.status is None:
            process.shell = shell


def save_history(editor):
    try:
        editor.module("shell.history").save(editor)
    except MemoryError:  # lost, and not what the session ended with
        gc.collect()


def one_command(shell, editor, short):
    """Read one complete command and run it; short: memory was, behind the last one."""
    from shell.lineedit import LineTooLong  # late: only on a terminal

    typed = ""
    ahead = editor.ahead

    def read():
        nonlocal typed
        while not ahead:
            prompt = shell.prompt("PS2" if typed else "PS1")
            if not isinstance(prompt, str):
                prompt = yield prompt
            line = yield editor.read_line(prompt, None if typed else editor.special)
            if line is None:
                if editor.terminal.hungup:
                    raise Ended
                return ""
            if line is editor.special:
                from shell import rawrepl  # late: tools on a computer ask for it

                yield rawrepl.run(shell)
                memory.unload("shell.rawrepl")
            else:
                if not typed and ("!" in line or line[0] == "^"):
                    line = recalled(shell, editor, line)
                ahead.extend([part + "\n" for part in line[:-1].split("\n")])
        line = ahead.pop(0)
        if not typed and may_be_python(line, shell.space):
            from shell import python_line  # late: few lines are

            typed = yield python_line.run(shell, editor, line)
            if typed:
                return "\n"
            for name in ("shell.python_line", "shell.python_prompt"):
                memory.unload(name)
        if len(typed) < editor.LINE_MAX:
            typed += line
        return line

    if short:
        memory.collect(not is_alone(shell))
    notify(shell)
    parser = Parser(read, interactive=True)
    parser.alias = shell.alias
    try:
        node = yield parser.command()
    except (KeyboardInterrupt, Ended):
        typed = ""  # it was given up
        raise
    except (MemoryError, LineTooLong):
        ahead.clear()  # what was pasted with it is no command of its own
        if typed:
            yield from editor.flush()
        raise
    finally:
        shell.typed = typed
        if typed:
            editor.remember(typed.rstrip("\n"))
    if node is None:
        if editor.ended and parser.lexer.text.strip() == "":
            if not shell.jobs or editor.terminal.hungup or shell.jobs.may_be_left(shell):
                raise Ended
        return
    if shell.jobs:
        shell.jobs.warned = False
    yield from shell.step(node)
    shell.unwind = None


def may_be_python(line, space):
    """False for nearly all commands: whether a line has to be looked at by shell.python_line."""
    word, _, rest = line.strip().partition(" ")
    if rest[:2] == "= " or rest[1:3] == "= " or (space and word in space):
        return True
    for c in "(.[,:@":
        if c in word:
            return word[0] not in "./[("
    if word in ("for", "while", "if"):
        return ": " in rest or rest[-1:] == ":"
    return (
        b" %s " % word in b" import from def class with async del raise assert lambda not pass global None True False "
    )


def recalled(shell, editor, line):
    """line with its !! and the like expanded."""
    from shell import events  # late: most lines have none

    line = events.expand(shell, editor, line)
    memory.unload("shell.events")
    return line


def notify(shell):
    """Say which jobs have ended or stopped."""
    if shell.jobs:
        for line in shell.jobs.notices():
            shell.process.stderr.write(line)
        if not shell.jobs.list:
            shell.jobs = None


def run_profile(shell):
    """Run /etc/profile and ~/.profile."""
    from shell.scripts import Source  # late: only for a profile

    for path in (PROFILES[0], str(shell.lookup("HOME") or "") + PROFILES[1]):
        try:
            file = open(path, "rb")
        except OSError:
            continue
        try:
            yield from shell.run_source(Source(file, path))
        except (SystemExit, Failure):
            pass
        except MemoryError:  # at the prompt one can mend the file
            report(shell.process, MemoryError(), f": the rest of {path} is left out")
        shell.unwind = None


# --- commands that free memory, for when they cannot be loaded: without an import and with hardly any allocation

# These stand in when such a command, as it was typed, has just failed for lack of memory. They know no options but the
# number of a signal; rm only removes the user's files.


def run_minimal(shell):
    """Run the command that was typed, if it is one of these. Without a line to read, end the job started last."""
    words = shell.typed.split()
    if shell.typed.strip(_PLAIN):
        return
    if not words:
        if shell.jobs:
            shell.jobs.cancel()
        return
    command = COMMANDS.get(words[0])
    if command:
        command(shell, words[1:])


def m_kill(shell, args):
    if shell.jobs:
        shell.jobs.cancel(args)
    for process in processes.table.values():
        if str(process.pid) in args and process.pid != 1:
            if "-9" in args or "-KILL" in args:
                process.signal = _KILL
            process.cancel()


def m_ps(shell, args):
    for process in processes.table.values():
        shell.write(f"{process.pid:5} {process.name}\n")


def m_free(shell, args):
    shell.write(f"{gc.mem_alloc()} bytes used, {gc.mem_free()} free\n")


def m_ls(shell, args):
    for path in args or [""]:
        for entry in os.ilistdir(normal(path, shell.process.cwd)):
            shell.write(f"{entry[0]}\n")


def m_rm(shell, args):
    for path in args:
        path = normal(path, shell.process.cwd)
        if path.startswith(OWN):
            os.remove(path)


def m_service(shell, args):
    supervisor = sys.modules.get("services.supervisor")
    if supervisor and args[:1] == ["stop"]:
        for name in args[1:]:
            service = supervisor.services.get(name)
            if service and service.task:
                service.task.cancel()  # so that it is not started again
                if service.process:
                    service.process.cancel()
                service.state, service.task = "stopped", None


def m_reboot(shell, args):
    sys.modules["kernel"].reboot()


COMMANDS = {
    "kill": m_kill,
    "ps": m_ps,
    "free": m_free,
    "ls": m_ls,
    "rm": m_rm,
    "service": m_service,
    "reboot": m_reboot,
}
