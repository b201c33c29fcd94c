# A session's shell at its terminal (shell.login has its beginning).

import asyncio
import gc

from micropython import const

import base
from base.errors import Failure, reason
from process import load
from process.process import drop
from shell.lexer import ShellSyntaxError
from shell.login import PROFILES
from shell.parser import Parser

INT = 2
_PAUSE_MS = const(500)
_PROMPTS_MAX = const(5)  # in a row for which there is no memory
_TIDY_AFTER = const(8)  # commands between two looks at the memory
_GAIN = const(16384)  # bytes for which memory is given back sooner

_since = 0  # commands since memory has been given back
_left = 0  # bytes that were free then
_few = 0  # names up to which no place is kept for their table


class Ended(Exception):
    """The terminal has no more input."""


def interact(shell, session, shown=False):
    """Read and run commands until the end of the input or `exit`; a generator that returns the status.

    shown: the prompt stands there already, and the profiles have nothing to do.
    """
    from shell.editor import Editor

    shell.interactive = True
    terminal = session.terminal
    editor = Editor(terminal)
    editor.completion = "shell.completion"
    editor.owner = shell
    editor.shown = shown
    editor.special = getattr(terminal.port, "raw_repl", None)
    shell.editor = editor
    process = shell.process
    size = [str(process.env.get(name, "")) for name in ("COLUMNS", "LINES")]
    if size[0].isdigit() and size[1].isdigit():
        terminal.resize(int(size[0]), int(size[1]))
        shell.unset("COLUMNS")  # from here on the terminal knows
        shell.unset("LINES")
    try:
        if not shown and not base.recovery:
            yield from run_profile(shell)
        load.minds = mind_place
        tidy(True)  # the first prompt has all the memory there is
        failed = 0
        while True:
            shell.typed = ""
            try:
                yield one_command(shell, editor)
                failed = 0
            except asyncio.CancelledError:
                if process.signal != INT:
                    raise
                process.signal = 0
                process.sts = "R"
                shell.unwind = None
                shell.loops = shell.depth = shell.tested = 0
                shell.status = 130
                editor.ahead.clear()
            except KeyboardInterrupt:
                process.sts = "R"
                process.signal = 0
                shell.status = 130
                editor.ahead.clear()
                if editor.special:
                    terminal.write(">>> \r\x1b[K")  # nobody sees it, but rshell waits for it
            except ShellSyntaxError as e:
                shell.status = 2
                process.stderr.write(f"syntax error: {e.args[0]}\n")
            except Ended:
                break
            except Exception as e:
                shell.unwind = None
                shell.status = 1
                tell(process, e)
                if isinstance(e, MemoryError) and shell.jobs:
                    make_way(shell)
                if not shell.typed:  # there will be no more memory for the next prompt at once
                    failed += 1
                    if failed > _PROMPTS_MAX and isinstance(e, MemoryError):
                        raise  # a session that begins anew needs less
                    yield from asyncio.sleep_ms(_PAUSE_MS)
            if shell.space is not None and load.is_starving():
                shell.space = None  # where nothing can run, nobody can forget something by himself
                tell(process, MemoryError(), ": the session's Python variables are given up")
    except SystemExit as e:
        if e.args and e.args[0] is not None:
            shell.status = e.args[0]
    finally:
        terminal.set_raw(False)
        if shell.jobs:
            shell.jobs.hang_up()
        if editor.fresh:
            save_history(editor)
    if shell.traps:
        yield from shell.traps.run_exit(shell)
    return shell.status


def tell(process, error, more=""):
    """Write what went wrong between two commands; the session stays, even where it cannot say this."""
    try:
        if isinstance(error, MemoryError):
            drop()
        process.stderr.write(reason(error) + more + "\n")
    except Exception:
        gc.collect()


def make_way(shell):
    """Where there is no memory even for `kill`, do it; where no line can be read, the job started last ends."""
    try:
        words = shell.typed.split()
        if not words or (words[0] == "kill" and len(words) > 1):
            shell.jobs.cancel(words[1:])
    except MemoryError:
        gc.collect()


def tidy(now=False, calm=False):
    """Between two commands of a session: give memory back where less than a third is free, not too often, or now.

    calm: nothing is under way that would load again what is given back; where memory is short it is given back at once.
    Rooms of the shell are given back, too: not while one of them runs, since it would be loaded a second time.
    """
    global _since, _left
    _since += 1
    due = now or _since >= _TIDY_AFTER
    share = 2 if due else 3
    if now:
        free = 0
    elif due or calm:
        free = gc.mem_free()
        if free * share < gc.mem_alloc():
            gc.collect()
            free = gc.mem_free()
        if not due and free + _GAIN > _left:  # it would be in vain
            return
    else:
        return
    if free * share < gc.mem_alloc():
        _since = 0
        load.drop(True, False, True)
        if now or calm:  # at a prompt, not in a script
            mind_place(False)
        _left = gc.mem_free()


def mind_place(failed):
    """A long session comes to need a place for the interpreter's table of names: keep one, or see whether to give it back."""
    global _few
    try:
        from process import names  # late: while memory is ample nobody needs it

        _few = names.mind(load.place, _few, failed)
    except MemoryError:
        if failed:
            load.place.clear()
    load.unload("process.names")


def save_history(editor):
    try:
        editor.module("shell.history").save(editor)
    except MemoryError:  # lost, and not what the session ended with
        gc.collect()


def one_command(shell, editor):
    """Read one complete command and run it."""
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
                load.unload("shell.rawrepl")
            else:
                ahead.extend([part + "\n" for part in line[:-1].split("\n")])
        line = ahead.pop(0)
        if len(typed) < editor.LINE_MAX:
            typed += line
        return line

    tidy(calm=not shell.jobs)
    if shell.jobs:
        for line in shell.jobs.notices():
            shell.process.stderr.write(line)
    parser = Parser(read, interactive=True)
    parser.alias = shell.alias
    try:
        node = yield parser.command()
    except (KeyboardInterrupt, Ended):
        typed = ""  # it was given up
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


def run_profile(shell):
    """Run /etc/profile and ~/.profile."""
    from shell.source import Source

    for path in (PROFILES[0], str(shell.lookup("HOME") or "") + PROFILES[1]):
        try:
            file = open(path, "rb")
        except OSError:
            continue
        try:
            yield from shell.run_source(Source(file, path))
        except (SystemExit, Failure):
            pass
        shell.unwind = None
