# The output of commands: $( ), <( ) and >( ). Loaded with the first one.

import os

from micropython import const

from base.errors import Failure
from base.paths import exists
from process.files import Capture, FileStream
from shell import execute, expand, foreground, resolve
from shell.parser import Parser

_CAPTURE_MAX = const(65536)  # bytes of output in $( )
_PLACE = "/tmp/.fd"
_WRITERS = ("echo", "printf", "pwd", "test", "[", "true", "false", ":")  # built-ins that change nothing in the shell


def output(shell, part):
    """The output of $( ), without the newlines at its end; a generator."""
    if len(part) > 4:
        return (yield path(shell, part))
    if isinstance(part[2], str):
        text = part[2]
        if not text.strip():
            shell.status = 0
            return ""
        parser = Parser(text=text, line=part[3])
        parser.alias = shell.alias
        part[2] = yield parser.program()
    out = Capture(_CAPTURE_MAX)
    node = part[2]
    if node[0] == "python" or (node[0] == "simple" and not node[3]):
        from shell import dialect  # late: rare

        node = yield dialect.contents(shell, node)
    argv = plain_words(shell, node)
    if argv is None:
        shell.status = yield shell.fork(node, "sh", stdout=out.dup()).wait()
    else:  # no subshell for a command that cannot change the environment
        if not isinstance(argv, list):
            argv = yield argv
        status = captured(shell, argv, out)
        shell.status = status if isinstance(status, int) else (yield status)
    shell.substituted = True
    data = out.data
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    try:
        return data.decode().rstrip("\n")
    except UnicodeError:
        from base.surrogates import loose  # late: rare

        return loose(data).rstrip("\n")


def plain_words(shell, node):
    """The words of a simple command that cannot change this shell, for $( ); None for any other.

    A list, or a generator that returns it: those of a program, or of a built-in that only writes.
    """
    if node[0] != "simple" or node[2] or node[4] or not node[3] or not isinstance(node[3][0], str):
        return None
    name = node[3][0]
    if name in shell.functions or (resolve.builtin(name) and name not in _WRITERS) or "x" in shell.flags:
        return None
    if name == "printf" and node[3][1:2] == ("-v",):
        return None
    for word in node[3]:
        if not isinstance(word, str):
            for piece in word:
                if not isinstance(piece, str) and (piece[0] in ("param", "arith") or len(piece) > 4):
                    return None  # it may assign, or is a <( )
    return expand.fields(shell, node[3])


def captured(shell, argv, out):
    """Run such a command with its output to out: the status, or a generator that returns it."""
    builtin = resolve.builtin(argv[0])
    process = shell.process
    if not builtin:
        try:
            started = foreground.start_program(shell, argv, False, None, out.dup())
        except Failure as e:
            shell.complain(argv[0], e.reason)
            return e.status
        if not started:
            return foreground.missing(shell, argv)
        return foreground.wait(shell, [started], argv)
    stdout, process.stdout = process.stdout, out
    try:
        return execute.run_builtin(shell, builtin, argv)
    finally:
        process.stdout = stdout


# --- process substitution

# As a redirection's target it is a pipe. As a word it is the path of a file in /tmp: the commands of <( ) have run to their
# end before the command begins, those of >( ) read what it has written when it has ended. Programs open paths, and no
# file here can wait.


def node_of(shell, part):
    """The commands, parsed once."""
    if isinstance(part[2], str):
        parser = Parser(text=part[2], line=part[3])
        parser.alias = shell.alias
        part[2] = yield parser.program()
    return part[2]


def pipe(shell, part):
    """The stream of a pipe to or from the commands: for a redirection."""
    from process.pipe import Pipe  # late: only for <( )

    node = yield node_of(shell, part)
    pipe = Pipe()
    if part[4] == "<":
        process = shell.fork(node, "sh", stdout=pipe.writer)
    else:
        process = shell.fork(node, "sh", stdin=pipe.reader)
    process.ppid = 1  # nobody waits for it
    return pipe.reader if part[4] == "<" else pipe.writer


def path(shell, part):
    """The path of a file with the output of the commands, or for their input."""
    node = yield node_of(shell, part)
    name = _PLACE + str(shell.process.pid)
    while exists(name):  # no counter: this module may be unloaded between two files of one command
        name += "x"
    shell.files = (shell.files or []) + [(name, node if part[4] == ">" else None)]
    try:
        stream = FileStream(open(name, "wb"), name)
    except OSError as e:
        raise Failure("", e)
    if part[4] == ">":
        stream.close()
    else:
        yield from shell.fork(node, "sh", stdout=stream).wait()
    return name


def finish(shell, files):
    """Behind the command: let the commands of >( ) read; a generator."""
    for name, node in files:
        if node:
            yield from shell.fork(node, "sh", stdin=FileStream(open(name, "rb"), name)).wait()


def remove(files):
    """The files are no more needed."""
    for name, _ in files:
        try:
            os.remove(name)
        except OSError:
            pass
