# Descriptors that the shell chooses: `{name}>file` puts the number of a free one into a variable, and coproc two into an
# array. Loaded with the first of them.

from micropython import const

from base.errors import Failure
from process.pipe import Pipe
from shell import arrays, expand, jobs, redirect
from shell.lexer import is_name

_FIRST = const(10)  # below it are those that scripts choose themselves
_FDS_MAX = const(32)
_COMPOUND = ("{", "if", "while", "until", "for", "case", "select", "[[")


def free(shell):
    """The number of a descriptor that is not in use."""
    for fd in range(_FIRST, _FIRST + _FDS_MAX):
        if not shell.fds or fd not in shell.fds:
            return fd
    raise Failure("", "Too many open files")


def apply(shell, redir):
    """Open {name}>file, or close {name}>&-. It stays behind the command; a generator."""
    op, name = redir[0], redir[1]
    if op in ("<&", ">&") and redir[2] == "-":
        number = expand.text_of(shell.vars.get(name, ""))
        if not number.isdigit() or not redirect.get_fd(shell, int(number)):
            raise redirect.Target(name, "ambiguous redirect")
        undo = []
        redirect.swap(shell, int(number), None, undo)
        redirect.keep(undo)
        return
    fd = free(shell)
    yield redirect.apply(shell, [[op, fd] + list(redir[2:])], [])
    shell.assign(name, fd)


# --- coproc


def coproc_rule(p):
    """coproc [NAME] command; NAME stands only before a compound command. A generator."""
    lexer = p.lexer
    line = lexer.line
    if p.next():
        yield p.more()
    name = "COPROC"
    word = lexer.value
    if lexer.kind == "word" and isinstance(word, str) and is_name(word) and word not in _COMPOUND:
        behind = lexer.text[lexer.pos :].split(None, 1)
        if behind and (behind[0][0] == "(" or behind[0] in _COMPOUND):
            name = word
            if p.next():
                yield p.more()
    return ("coproc", line, name, (yield p.pipeline(True)))


def visit_coproc(shell, node):
    """Start the command between two pipes."""
    _, shell.line, name, command = node
    there, back = Pipe(), Pipe()
    process = shell.fork(command, "sh", stdin=there.reader, stdout=back.writer)
    array = arrays.Array()
    for at, stream in enumerate((back.reader, there.writer)):
        fd = free(shell)
        redirect.set_fd(shell, fd, stream)
        array.set(at, str(fd))
    shell.assign(name, array)
    shell.assign(name + "_PID", process.pid)
    return jobs.announce(shell, [process], f"coproc {name} {jobs.text_of(command)}")


HANDLERS = {"coproc": visit_coproc}
