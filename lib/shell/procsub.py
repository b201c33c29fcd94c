# Process substitution: <(commands) and >(commands). Loaded with the first one.
#
# As a redirection's target it is a pipe. As a word it is the path of a file in /tmp: the commands of <( ) have run to their
# end before the command begins, those of >( ) read what it has written when it has ended. Programs open paths, and no
# file here can wait.

import os

from base.errors import Failure
from base.paths import exists
from process.files import FileStream
from process.pipe import Pipe
from shell.lexer import More
from shell.parser import Parser
from shell.substitution import closing

_PLACE = "/tmp/.fd"


def read(p):
    """Make a word of the token < or > and the parenthesis behind it; a generator."""
    lexer = p.lexer
    while True:
        try:
            end = closing(lexer.text, lexer.pos + 1, ")")
            break
        except More:
            line = ""
            if p.read:
                line = yield p.read()
            if not line:
                raise lexer.error("expected ), found end of file")
            lexer.change(lexer.text + line)
    text = lexer.text[lexer.pos + 1 : end]
    lexer.value = [["command", True, text, lexer.line, lexer.value]]
    lexer.kind = "word"
    lexer.line += text.count("\n")
    lexer.pos = end + 1


def node_of(shell, part):
    """The commands, parsed once."""
    if isinstance(part[2], str):
        parser = Parser(text=part[2], line=part[3])
        parser.alias = shell.alias
        part[2] = yield parser.program()
    return part[2]


def pipe(shell, part):
    """The stream of a pipe to or from the commands: for a redirection."""
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
