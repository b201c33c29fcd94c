# Shells that run something to its end: scripts, subshells, -c and the commands of programs; and the lines of a script.
#
# A script is read line by line, so a long one needs no more memory than its longest command. Once it has jumped
# back, the commands it passes are kept parsed, so that a loop made of gotos parses its lines once.

import gc
import io

from micropython import const

from base.errors import Failure
from process import cpu, memory
from process.find import find, is_file
from process.process import spawn
from process.stream import Stream
from shell import execute
from shell.shell import Shell

_NOT_EXECUTABLE = const(126)
_NOT_FOUND = const(127)
_LINE_MAX = const(32768)  # bytes in a line of a script
_HEAD = const(100)  # bytes at the beginning of a script that may name its interpreter
DEPTH = 6  # a script counts as so many calls, since it needs as much memory as six functions
_KEPT_MAX = const(48)  # parsed commands kept for a loop of gotos
_PIECE = const(256)  # readline() sets its limit aside at once, so a line is read in pieces
_SHELLS = ("sh", "bash", "dash", "ash", "ksh", "zsh")
_NO_INTERPRETER = const(127)
_BLOCK = const(512)  # bytes that are read at a time


def first_line(path):
    """The first line of a script if it names an interpreter; Failure for other files."""
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    if b"\0" in head:
        raise Failure(path, "cannot execute: binary file", _NOT_EXECUTABLE)
    line = head.split(b"\n", 1)[0].rstrip() if head[:2] == b"#!" else b""
    return line


def main_of(parent, path, name):
    """What runs the file at path: path itself for a program, or the main function of a shell for a script."""
    line = first_line(path)
    options = None
    if line and (b" " in line[3:] or not line.endswith(b"sh")):
        runner, options = interpret(parent, path, name, line)
        if runner:
            return runner
    depth = parent.depth + DEPTH
    if depth > parent.DEPTH_MAX:
        raise Failure(name, "maximum script nesting level exceeded", 2)

    def main(args):
        process = cpu.current
        shell = parent.__class__(process, name if "/" in name else path, args)
        shell.inherit()
        shell.depth = shell.base = depth
        shell.bash = b"bash" in line if line else parent.bash
        if options:
            from shell.builtins.options import b_set  # late: rare

            b_set(shell, options)
        return execute.run(run_script(shell, path))

    return main


def run_script(shell, path):
    """Run the script at path, then its EXIT trap; a generator that returns the status."""
    return run_file(shell, open(path, "rb"))


def run_command(shell, text):
    """sh -c: run text, then the EXIT trap; a generator that returns the status."""
    return run_file(shell, io.BytesIO(text.encode()))


def run(generator):
    """What drives one of these generators: the coroutine of a program."""
    return execute.run(generator)


def run_stdin(shell):
    """Run the commands on standard input, line by line: commands that read it begin on the next line."""
    stdin = shell.process.stdin

    def read():
        line = yield from stdin.readline(_LINE_MAX)
        try:
            text = line.decode()
        except UnicodeError:
            from base.surrogates import loose  # late: rare

            text = loose(line)
        if "v" in shell.flags:
            shell.process.stderr.write(text)
        return text

    tidy()
    return run_checked(shell, shell.run_reader(read))


def tidy():
    """Collect garbage before a script, so that its modules lie close together; scripts in a row also evict."""
    gc.collect()
    memory.collect()


def run_file(shell, file):
    tidy()
    return run_checked(shell, shell.run_source(Source(file, shell.name)))


def run_checked(shell, running):
    """The life of a shell: run the generator, then the EXIT trap; returns the status."""
    try:
        yield running
    except SystemExit as e:
        if e.args and e.args[0] is not None:
            shell.status = e.args[0]
    except Exception:
        raise
    except BaseException as e:  # a signal
        if shell.traps and not isinstance(e, GeneratorExit):
            from shell import traps  # late: only with traps

            yield from traps.ended(shell, e)
        raise e
    if shell.traps:
        yield from shell.traps.run_exit(shell)
    return shell.status


def run_forked(shell, node, run=None):
    """The life of a subshell that runs node, or else run(shell); a generator that returns the status."""
    if run:
        return run_checked(shell, run(shell))
    if node[0] == "subshell":
        node = node[2]
    return run_checked(shell, shell.step(node))


def system(process, line, streams):
    """Run a line of commands in a shell, or a program from a list; a generator that returns the status."""
    if isinstance(line, list):
        name, path = line[0], find(line[0], process)
        if not path:
            from packages.commands import not_found  # late: rare

            process.complain(name, not_found(name))
            return _NOT_FOUND
        try:
            if not path.endswith((".py", ".mpy")):
                path = main_of(process.shell, path, name)
        except Failure as e:
            process.complain(name, e.reason)
            return e.status
        child = spawn(name.rsplit("/", 1)[-1], line[1:], process, path, **streams)
        return (yield from child.wait())

    def main(args):
        shell = process.shell.copy(cpu.current)
        return execute.run(run_checked(shell, shell.run_text(line)))

    child = spawn("sh", [], process, main, **streams)
    return (yield from child.wait())


# --- the lines of a script, and where each one is, which goto needs


class Source:
    """The lines of a script; `file` is a binary file or an object with readline, tell and seek."""

    def __init__(self, file, name):
        self.file = file
        self.name = name
        self.line = 1  # number of the next line
        self.dialect = None  # whether it is written in that of upyOS, once that has been asked
        self.labels = {}  # name: (offset, line) of the line behind the label
        self.echo = None  # where set -v shows the lines
        self.kept = None  # offset: (node, next offset, next line), once there was a jump back
        if file.read(3) != b"\xef\xbb\xbf":  # a BOM is no part of the script
            file.seek(0)

    def read(self):
        """The next line for the parser; a generator."""
        line = self.next_line()
        if self.echo:
            self.echo.write(line)
        return line
        yield

    def next_line(self):
        """The next line with its newline, "" at the end."""
        line = self.file.readline(_PIECE)
        if not line:
            return ""
        while line[-1] != 10:
            more = self.file.readline(_PIECE)
            if not more:
                break
            line += more
            if len(line) > _LINE_MAX:
                raise Failure(self.name, f"line {self.line}: longer than {_LINE_MAX} bytes")
        self.line += 1
        if b"\0" in line:
            raise Failure(self.name, "cannot execute: binary file", 126)
        try:
            text = line.decode()
        except UnicodeError:
            from base.surrogates import loose  # late: rare

            text = loose(line)
        return text[:-2] + "\n" if text.endswith("\r\n") else text

    def place(self):
        """Where the next line begins."""
        return self.file.tell(), self.line

    def go(self, place):
        """Continue at a place."""
        self.file.seek(place[0])
        self.line = place[1]

    def goto(self, label, line):
        """Continue behind `:label`; Failure if there is none."""
        here = self.place()
        place = self.labels.get(label)
        if place is None:
            place = self.search(label, None)
        if place is None:
            self.file.seek(0)
            self.line = 1
            place = self.search(label, here[0])
        if place is None:
            self.go(here)
            raise Failure(self.name, f"line {line}: label '{label}' not found")
        self.go(place)
        if place[0] < here[0] and self.kept is None:
            self.kept = {}

    def search(self, label, end):
        """The place behind the label, from here on (up to the offset end)."""
        while end is None or self.file.tell() < end:
            line = self.next_line()
            if not line:
                return None
            line = line.split("#", 1)[0].strip()
            if line[:1] == ":" and len(line) > 1:
                place = self.place()
                self.labels[line[1:].strip()] = place
                if line[1:].strip() == label:
                    return place
        return None

    def skip(self, count):
        """Leave out count lines."""
        for _ in range(count):
            if not self.next_line():
                break

    def keep(self, place, node, behind):
        """Remember a parsed command, if this script loops by goto."""
        if len(self.kept) >= _KEPT_MAX:
            self.kept.clear()
        self.kept[place[0]] = (node, behind)


# --- scripts whose first line names an interpreter with options, or another one than the shell


def interpret(parent, path, name, line):
    """What runs the script at path with the first line `line`: (path or main function, options of the shell).

    Without the former it is the shell. Options are separated by blanks, also without `env -S`.
    """
    words = line[2:].decode().split()
    base = words[0].rsplit("/", 1)[-1] if words else "sh"
    if base == "env":
        words = words[2 if words[1:2] == ["-S"] else 1 :]
        base = words[0] if words else "sh"
    if base in _SHELLS:
        return None, [word for word in words[1:] if word not in ("-", "--", "-l", "-i", "-s", "--login", "--norc")]
    if base.startswith(("python", "micropython")):
        if is_program(path):
            return path, None
        base = "python"
    elif not find(base, parent.process):
        raise Failure(name, "cannot execute: required file not found", _NO_INTERPRETER)
    command = [base] + words[1:] + [name if "/" in name else path]

    async def main(args):
        return await cpu.current.run(command + args)

    return main, None


def is_program(path):
    """True for a Python file with a function __main__."""
    wanted = b"def __main__("
    with open(path, "rb") as file:
        last = b""
        while True:
            data = file.read(_BLOCK)
            if wanted in last + data:
                return True
            if len(data) < _BLOCK:
                return False
            last = data[-len(wanted) :]


# --- the scripts of boot and shutdown


async def run_init(kernel, path, quiet=False):
    """Run the script at path and export its environment to the kernel. Returns its status.

    quiet: its output is dropped; its errors are not.

    Raises OSError where there is none; an error in it has been reported on the console.
    """
    if not is_file(path):
        raise OSError(2)  # ENOENT
    kept = []

    def main(args):
        shell = Shell(cpu.current, path)
        shell.inherit()
        kept.append(shell)
        return execute.run(run_script(shell, path))

    status = await spawn("init", [], kernel, main, stdout=Stream() if quiet else None).wait()
    for shell in kept:  # none where there was no memory for it
        for name in shell.exported:
            if name in shell.vars:
                kernel.env[name] = shell.vars[name]
    return status
