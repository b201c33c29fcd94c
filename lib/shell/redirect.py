# Redirections: open the files of a command, and restore the shell's streams after it; and here-documents.

import os

from micropython import const

from base.errors import Failure, reason
from base.paths import normal
from process.files import Capture, FileStream, Text
from process.stream import Stream
from shell import expand
from shell.lexer import is_name

_VALUE_MAX = const(65536)  # bytes that `cmd > 0` keeps
_MODES = {"<": "rb", ">": "wb", ">|": "wb", ">>": "ab", "<>": "r+b", "&>": "wb", "&>>": "ab"}
_NAMES = ("stdin", "stdout", "stderr")
_HEREDOC_MAX = const(65536)  # bytes in one here-document


class Target(Failure):
    """A target that cannot be opened."""


def blame(error):
    """(object, reason) for the message about a redirection that failed."""
    return (error.obj, error.reason) if isinstance(error, Failure) else ("", error)


def get_fd(shell, fd):
    """The stream of a file descriptor, or None."""
    if fd < 3:
        return getattr(shell.process, _NAMES[fd])
    return shell.fds.get(fd) if shell.fds else None


def set_fd(shell, fd, stream):
    """Put a stream (None: closed) at a file descriptor."""
    if fd < 3:
        setattr(shell.process, _NAMES[fd], stream or Closed())
        return
    if shell.fds is None:
        shell.fds = {}
    if stream:
        shell.fds[fd] = stream
    else:
        shell.fds.pop(fd, None)


class Closed(Stream):
    """A descriptor that has been closed."""

    closed = True

    def write(self, data):
        raise OSError(9)  # EBADF

    async def fill(self):
        raise OSError(9)


def apply(shell, redirs, undo):
    """Put the redirections in force; undo gets (fd, old stream, variable). A generator."""
    for redir in redirs:
        op, fd = redir[0], redir[1]
        if isinstance(fd, str):
            from shell import descriptors  # late: rare

            yield descriptors.apply(shell, redir)
            continue
        if op in ("<<", "<<-"):
            text = redir[4]
            if not redir[3]:
                if isinstance(text, str):
                    from shell.substitution import parse_text  # late: only for here-documents

                    text = redir[4] = parse_text(text, shell.line)
                text = yield expand.slow_single(shell, text)
            swap(shell, fd, Text(text), undo)
            continue
        word = redir[2]
        if op[-1] == "(":
            swap(shell, fd, (yield shell.pipe(word[0])), undo)
            continue
        if isinstance(word, str) and word.isdigit() and op in (">", ">>") and fd == 1:
            undo.append((fd, get_fd(shell, fd), word, op))
            shell.process.value = None
            set_fd(shell, fd, Capture(_VALUE_MAX))
            continue
        target = expand.single(shell, word)
        if not isinstance(target, str):
            target = yield target
        if op == "<<<":
            swap(shell, fd, Text(target + "\n"), undo)
        elif op == "<&" or (op == ">&" and (target.isdigit() or target == "-")):
            if target == "-":
                swap(shell, fd, None, undo)
                continue
            stream = get_fd(shell, int(target)) if target.isdigit() else None
            if not stream and target == str(fd):
                continue  # nothing is to be done
            if not stream or hasattr(stream, "closed"):
                raise Target(target, "Bad file descriptor")
            swap(shell, fd, stream.dup(), undo)
        else:
            if is_variable(shell, op, target):
                undo.append((fd, get_fd(shell, fd), target, op))
                shell.process.value = None
                set_fd(shell, fd, Capture(_VALUE_MAX))
                continue
            stream = open_target(shell, op, target)
            swap(shell, fd, stream, undo)
            if op == "&>" or op == "&>>" or op == ">&":
                swap(shell, 2, stream.dup(), undo)


def is_variable(shell, op, target):
    """upyOS's rule, in scripts of its dialect, and everywhere after `set -o envredir`: a target without '.' and '/' is a
    variable."""
    if op not in (">", ">>") or "." in target or "/" in target:
        return False
    if "envredir" in shell.options:
        return True
    source = shell.source
    if not source or not is_name(target):
        return False
    if source.dialect is None:
        from shell import dialect  # late: few scripts write to such a name

        source.dialect = dialect.is_dialect(source.file)
    return source.dialect


def swap(shell, fd, stream, undo):
    undo.append((fd, get_fd(shell, fd), None, None))
    set_fd(shell, fd, stream)


def open_target(shell, op, target):
    """The stream for a path; Target where it cannot be opened."""
    if target == "/dev/null":
        return Stream()
    if target == "/dev/tty" and shell.process.tty:
        return shell.process.tty.dup()
    if target in ("/dev/stdin", "/dev/stdout", "/dev/stderr"):
        return getattr(shell.process, target[5:]).dup()
    if not target:
        raise Target(target, "No such file or directory")
    path = normal(target, shell.process.cwd)
    try:
        if op in (">", "&>", ">&") and "C" in shell.flags and exists(path):
            raise Target(target, "cannot overwrite existing file")
        if op[0] != "<":
            from base import config  # late: only for writing

            if config.protected(path):
                raise Target(target, "is a protected system file")
        if is_directory(path):
            raise Target(target, "Is a directory")
        if op == "<>" and not exists(path):
            open(path, "wb").close()
        return FileStream(open(path, _MODES.get(op, "wb")), path)
    except OSError as e:
        raise Target(target, reason(e))


def exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def is_directory(path):
    try:
        return os.stat(path)[0] & 0x4000 != 0
    except OSError:
        return False


def restore(shell, undo):
    """Restore the streams that apply() has replaced, and set the variables of `cmd > 0`."""
    while undo:
        fd, old, name, op = undo.pop()
        now = get_fd(shell, fd)
        if name:
            value = shell.process.value
            if value is None:
                value = now.data.decode().rstrip("\n")
            shell.process.value = None
            if op == ">>":
                value = expand.text_of(shell.vars.get(name, "")) + expand.text_of(value)
            set_fd(shell, fd, old)
            shell.assign(name, value)
            continue
        set_fd(shell, fd, old)
        if now:
            try:
                now.close()
            except OSError as e:
                shell.complain("", e)


def keep(undo):
    """exec without a command: keep the redirections."""
    while undo:
        _, old, _, _ = undo.pop()
        if old:
            old.close()


# --- here-documents


def read_documents(parser):
    """Read the bodies of the parser's here-documents, which begin behind the newline just read."""
    lexer = parser.lexer
    while parser.heredocs:
        redir = parser.heredocs.pop(0)
        lines = []
        size = 0
        joined = ""  # the beginning of a line that goes on
        while True:
            end = lexer.text.find("\n", lexer.pos)
            if end < 0:
                line = ""
                if parser.read:
                    line = yield parser.read()
                if line:
                    lexer.add(line)
                    continue
                parser.read = None
                end = len(lexer.text)
                if lexer.pos >= end:
                    break  # as every shell, the end of the input ends it too
            line = lexer.text[lexer.pos : end]
            lexer.pos = min(end + 1, len(lexer.text))
            lexer.line += 1
            if redir[0] == "<<-" and not joined:
                line = line.lstrip("\t")
            if joined:
                line = joined + line
                joined = ""
            if line == redir[2]:
                break
            if not redir[3] and line[-1:] == "\\" and (len(line) - len(line.rstrip("\\"))) % 2:
                joined = line[:-1]
                continue
            size += len(line) + 1
            if size > _HEREDOC_MAX:
                raise lexer.error(f"here-document longer than {_HEREDOC_MAX} bytes")
            lines.append(line)
        if joined:
            lines.append(joined)
        lines.append("")
        redir[4] = "\n".join(lines)
