# Shells that run something to its end: scripts, subshells, -c and the commands of programs.

import gc

from micropython import const

from base.errors import Failure
from process import cpu, memory
from process.find import find
from process.process import spawn
from shell import trampoline

_NOT_EXECUTABLE = const(126)
_NOT_FOUND = const(127)
_LINE_MAX = const(32768)  # bytes in a line, as in shell.source
_HEAD = const(100)  # bytes at the beginning of a script that may name its interpreter
DEPTH = 6  # a script counts as so many calls, since it needs as much memory as six functions


def first_line(path):
    """The first line of a script as far as it matters, where it may name more than the shell; Failure for other files."""
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    if b"\0" in head:
        raise Failure(path, "cannot execute: binary file", _NOT_EXECUTABLE)
    line = head.split(b"\n", 1)[0].rstrip() if head[:2] == b"#!" else b""
    return b"" if line.endswith(b"sh") and b" " not in line[3:] else line


def main_of(parent, path, name):
    """What runs the file at path: path itself for a program, or the main function of a shell for a script."""
    line = first_line(path)
    options = None
    if line:
        from shell import interpreter  # late: most are scripts of the shell without options

        runner, options = interpreter.interpret(parent, path, name, line)
        if runner:
            return runner
    depth = parent.depth + DEPTH
    if depth > parent.DEPTH_MAX:
        raise Failure(name, "maximum script nesting level exceeded", 2)

    def main(args):
        process = cpu.current
        shell = parent.__class__(process, name if "/" in name else path, args)
        shell.inherit()
        shell.depth = depth
        if options:
            from shell.options import b_set  # late: rare

            b_set(shell, options)
        return trampoline.run(run_script(shell, path))

    return main


def run_script(shell, path):
    """Run the script at path, then its EXIT trap; a generator that returns the status."""
    return run_file(shell, open(path, "rb"))


def run_command(shell, text):
    """sh -c: run text, then the EXIT trap; a generator that returns the status."""
    import io

    return run_file(shell, io.BytesIO(text.encode()))


def run(generator):
    """What drives one of these generators: the coroutine of a program."""
    return trampoline.run(generator)


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
    from shell.source import Source  # here and not above: imports inside each other need much stack

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
            from shell import traps

            yield from traps.ended(shell, e)
        raise e
    if shell.traps:
        yield from shell.traps.run_exit(shell)
    return shell.status


def run_forked(shell, node):
    """The life of a subshell that runs node; a generator that returns the status."""
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
        return trampoline.run(run_checked(shell, shell.run_text(line)))

    child = spawn("sh", [], process, main, **streams)
    return (yield from child.wait())
