# Programs as processes of a shell: start one, and wait for those of a job in the foreground.

from micropython import const

from base.errors import Failure
from base.paths import isdir, normal
from process.process import spawn, table
from shell import resolve

_NOT_FOUND = const(127)
_SHOWN_MAX = const(80)  # characters of a name in a message
_INTERRUPTED = const(130)
_INT = const(2)
_KILL = const(9)
_NOT_EXECUTABLE = const(126)


def shown(name):
    """A name as a message has it: one that is too long to be any is cut."""
    return name if len(name) <= _SHOWN_MAX else name[:_SHOWN_MAX] + "..."


def missing(shell, argv):
    """Report that there is no such command; the status."""
    from shell import suggest  # late: few are mistyped

    suggest.missing(shell, argv, shown(argv[0]))
    return _NOT_FOUND


def run(shell, argv, title=None):
    """Run a program in the foreground, under another name if title says so; a generator."""
    try:
        try:
            process = start_program(shell, argv, False, None, None)
        except MemoryError:  # nothing has been started: again, when others have ended
            from process import memory  # late: only where memory is short

            process = yield memory.patiently(start_program, shell, argv, False, None, None)
        if process and title:
            process.name = title
    except Failure as e:
        shell.complain(argv[0], e.reason)
        return e.status
    if not process:
        return missing(shell, argv)
    status = yield wait(shell, [process], argv)
    shell.process.value = process.value
    return status


def start_program(shell, argv, background, stdin, stdout):
    """Start the program argv[0] as a process; None where it is no program (a built-in, function or unknown)."""
    name = argv[0]
    if stdin or stdout or background:
        if name in shell.functions or resolve.builtin(name):
            return None
    path = resolve.locate(shell, name)
    if not path:
        if "/" in name or name in (".", ".."):
            if isdir(normal(name, shell.process.cwd)):
                raise Failure(name, "Is a directory", _NOT_EXECUTABLE)
        return None
    if not path.endswith((".py", ".mpy")):
        main = shell.script(path, name)
    else:
        main = path
    try:
        if "/" in name:
            name = name.rsplit("/", 1)[-1]
        process = spawn(name, argv[1:], shell.process, main, background, stdin=stdin, stdout=stdout)
    except OSError:
        resolve.rehash()
        raise
    shell.last_pid = process.pid
    return process


def abandon(processes):
    """Terminate processes that have no waiter."""
    for process in processes:
        process.ppid = 1
        if process.status is None:
            try:
                process.kill(_KILL)
            except MemoryError:  # too little even for the module with the signals
                process.end(128 + _KILL)
        else:
            table.pop(process.pid, None)


def wait(shell, processes, argv):
    """Wait for the processes of a foreground job; a generator that returns the status of the last."""
    session = shell.process.session
    if not session or session.leader is not shell:
        for process in processes:
            status = yield from process.wait()
        return status
    outer, session.foreground = session.foreground, processes
    try:
        for process in processes:
            status = yield from process.wait(True)
            if status is None:
                from shell import jobs  # late: only if it is stopped

                return jobs.stopped(shell, processes, argv)
    except MemoryError:
        abandon(processes)
        raise
    finally:
        session.foreground = outer
    if status == _INTERRUPTED and shell.interactive and processes[-1].signal == _INT:
        raise KeyboardInterrupt  # Ctrl-C ends the whole command, not only the program that ran
    return status
