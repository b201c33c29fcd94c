# The open streams of processes, for lsof, fuser and /proc. Files that a Python program opens by itself are unknown.

from process.files import FileStream

_NAMES = {
    "PortStream": "console",
    "PipeReader": "pipe (reading)",
    "PipeWriter": "pipe (writing)",
    "Stream": "/dev/null",
    "Null": "/dev/null",
    "Capture": "value of a variable",
    "Text": "text of the script",
    "Output": "log",
    "Closed": "closed",
    "Outbox": "queue of a thread",
}


def streams(process):
    """Yield (fd, stream) for each open stream of a process."""
    if process.status is not None:
        return
    yield 0, process.stdin
    yield 1, process.stdout
    yield 2, process.stderr
    shell = process.shell
    if shell and shell.process is process and shell.fds:
        for number in sorted(shell.fds):
            yield number, shell.fds[number]


def describe(stream):
    """What is behind a stream: a path for a file, else a few words."""
    if isinstance(stream, FileStream):
        return stream.path or "file"
    if stream.terminal:
        session = stream.terminal.session
        return "terminal " + session.name if session else "terminal"
    name = type(stream).__name__
    return _NAMES.get(name, name)


def is_file(stream):
    """True for a file whose path is known."""
    return isinstance(stream, FileStream) and stream.path != ""
