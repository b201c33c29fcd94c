# Simple commands: expand, redirect, and run a function, a built-in or a program.

from micropython import const

from base import generation
from base.errors import Failure
from process import find
from process.process import spawn, table
from shell import builtins, expand

_NOT_FOUND = const(127)
_SHOWN_MAX = const(80)  # characters of a name in a message
_INTERRUPTED = const(130)
_INT = const(2)
_KILL = const(9)
_NOT_EXECUTABLE = const(126)


_WRITERS = ("echo", "printf", "pwd", "test", "[", "true", "false", ":")  # built-ins that change nothing in the shell

_found = {}  # name: path, as a shell's hash table
_epoch = 0  # generation.count when they were found
_FOUND_MAX = const(32)


def forget():
    """Forget where programs were found: PATH has changed."""
    _found.clear()


def locate(shell, name):
    """The path of a program, or None."""
    global _epoch
    if _epoch != generation.count:
        _epoch = generation.count
        _found.clear()
    path = _found.get(name)
    if path:
        return path
    path = find.find(name, shell.process)
    if path and ("/" not in name or name.startswith("/")):
        if len(_found) >= _FOUND_MAX:
            _found.clear()
        _found[name] = path
    return path


def simple(shell, node):
    """Run a simple command: the status, or a generator that returns it."""
    shell.line = node[1]
    argv = expand.fields(shell, node[3])
    if node[2] or node[4] or not isinstance(argv, list) or "x" in shell.flags:
        return slow(shell, node, argv)
    if not argv:
        return 0
    shell.last_args = argv
    status = invoke(shell, argv)
    if isinstance(status, int):
        if status:
            shell.failed(status)
        return status
    return checked(shell, status)


def checked(shell, waiting):
    status = yield waiting
    shell.status = status
    shell.failed(status)
    return status


def slow(shell, node, argv):
    """A simple command with assignments, redirections or expansions that must be waited for; a generator."""
    from shell import redirect

    _, line, assigns, words, redirs = node
    shell.substituted = False
    if not isinstance(argv, list):
        argv = yield argv
        shell.line = line
    undo = []
    kept = None
    files = shell.files
    if files:
        shell.files = None
    stderr = shell.process.stderr
    try:
        if redirs:
            try:
                yield redirect.apply(shell, redirs, undo)
            except (OSError, Failure) as e:
                shell.complain(*redirect.blame(e))
                if argv and argv[0] in builtins.SPECIAL and not shell.interactive:
                    raise SystemExit(1)
                shell.failed(1)
                return 1
        if assigns:
            kept = yield from set_variables(shell, assigns, argv)
        if "x" in shell.flags:
            from text import quoting  # noqa: F401, I001  (leaves first)
            from shell import trace

            yield trace.command(shell, stderr, assigns, argv)
        if not argv:
            status = shell.status if shell.substituted else 0
        else:
            shell.last_args = argv
            if argv[-1] in ("exec", "--") and argv in (["exec"], ["exec", "--"], ["command", "exec"]):
                redirect.keep(undo)
            status = invoke(shell, argv)
            if not isinstance(status, int):
                status = yield status
            if files:
                from shell import procsub  # loaded already

                yield procsub.finish(shell, files)
    finally:
        if kept:
            for name, value, exported in kept:
                shell.put_back(name, value, exported)
        redirect.restore(shell, undo)
        if files:
            from shell import procsub  # as above

            procsub.remove(files)
    shell.status = status
    shell.failed(status)
    return status


def set_variables(shell, assigns, argv):
    """name=value before a command lasts as long as that; alone (or before a special built-in) it stays."""
    kept = []
    passing = argv and (argv[0] not in builtins.SPECIAL or (argv[0] == "exec" and len(argv) > 1))
    for item in assigns:
        if len(item) > 2 or isinstance(item[1], tuple):
            from shell import arrays  # late: rare

            yield arrays.assign(shell, item)
            continue
        name, word = item
        value = expand.single(shell, word)
        if not isinstance(value, str):
            value = yield value
        if name[-1] == "+":
            from shell import attributes  # late: rare

            name = name[:-1]
            value = attributes.added(shell, name, value)
        if passing:
            kept.append((name, shell.vars.get(name), name in shell.exported))
            shell.export(name, value)
        else:
            shell.assign(name, value)
    return kept


def invoke(shell, argv):
    """Run a command whose words are expanded: the status, or a generator that returns it."""
    name = argv[0]
    if shell.functions:
        body = shell.functions.get(name)
        if body and name not in builtins.SPECIAL:
            return call(shell, body, argv)
    if shell.pipes:
        shell.pipes = None
    builtin = builtins.find(name)
    if builtin:
        return run_builtin(shell, builtin, argv)
    return external(shell, argv)


_AS_THEY_ARE = (
    ":",
    "[",
    ".",
    "echo",
    "test",
    "printf",
    "true",
    "false",
    "eval",
    "exec",
    "source",
    "builtin",
    "command",
)


def run_builtin(shell, builtin, argv):
    if argv[-1] == "--help" and len(argv) == 2 and argv[0] not in _AS_THEY_ARE:
        import manual  # late: somebody reads now

        manual.show(shell.process, manual.manual(argv[0]))
        return 0
    try:
        status = builtin(shell, argv[1:])
    except (Failure, OSError, ValueError) as e:
        return report(shell, argv[0], e)
    if status is None:
        return 0
    if isinstance(status, int):
        return status
    return guarded(shell, status, argv[0])


def guarded(shell, waiting, name):
    try:
        status = yield waiting
    except (Failure, OSError, ValueError) as e:
        return report(shell, name, e)
    return 0 if status is None else status


def report(shell, name, error):
    """The message and status for an error of a built-in."""
    if isinstance(error, OSError) and error.args and error.args[0] == 32:
        return 141  # no reader: as SIGPIPE
    shell.complain(name, error)
    status = error.status if isinstance(error, Failure) else 1
    if name in builtins.SPECIAL and not shell.interactive and not isinstance(error, OSError):
        raise SystemExit(status, True)
    return status


def plain_words(shell, node):
    """The words of a simple command that cannot change this shell, for $( ); None for any other.

    A list, or a generator that returns it: those of a program, or of a built-in that only writes.
    """
    if node[0] != "simple" or node[2] or node[4] or not node[3] or not isinstance(node[3][0], str):
        return None
    name = node[3][0]
    if name in shell.functions or (builtins.find(name) and name not in _WRITERS) or "x" in shell.flags:
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
    builtin = builtins.find(argv[0])
    process = shell.process
    if not builtin:
        try:
            started = start_program(shell, argv, False, None, out.dup())
        except Failure as e:
            shell.complain(argv[0], e.reason)
            return e.status
        if not started:
            return missing(shell, argv)
        return foreground(shell, [started], argv)
    stdout, process.stdout = process.stdout, out
    try:
        return run_builtin(shell, builtin, argv)
    finally:
        process.stdout = stdout


def call(shell, body, argv):
    """Call a function; a generator."""
    if shell.depth >= shell.DEPTH_MAX:
        raise Failure(argv[0], f"maximum function nesting level exceeded ({shell.DEPTH_MAX})")
    args, shell.args = shell.args, argv[1:]
    saved, shell.locals = shell.locals, None
    loops, shell.loops = shell.loops, 0
    calls, shell.calls = shell.calls, (argv[0], shell.calls)
    line = shell.line
    trapped = shell.trapped
    if trapped is not None:
        shell.trapped = None  # return means the function's own status
    shell.depth += 1
    try:
        status = shell.visit(body)
        if not isinstance(status, int):
            status = yield status
        if shell.unwind and shell.unwind[0] == "return":
            status = shell.unwind[1]
            shell.unwind = None
        if shell.traps and "RETURN" in shell.traps.actions:
            yield shell.traps.returned(shell)
    finally:
        if shell.locals:
            for name, (value, exported) in shell.locals.items():
                shell.put_back(name, value, exported)
        shell.locals = saved
        shell.args = args
        shell.loops = loops
        shell.calls = calls
        shell.line = line
        shell.depth -= 1
        if trapped is not None:
            shell.trapped = trapped
    return status


def shown(name):
    """A name as a message has it: one that is too long to be any is cut."""
    return name if len(name) <= _SHOWN_MAX else name[:_SHOWN_MAX] + "..."


def missing(shell, argv):
    """Report that there is no such command; the status."""
    from shell import suggest  # late: few are mistyped

    suggest.missing(shell, argv, shown(argv[0]))
    return _NOT_FOUND


def external(shell, argv, title=None):
    """Run a program in the foreground, under another name if title says so; a generator."""
    try:
        process = start_program(shell, argv, False, None, None)
        if process and title:
            process.name = title
    except Failure as e:
        shell.complain(argv[0], e.reason)
        return e.status
    if not process:
        return missing(shell, argv)
    status = yield foreground(shell, [process], argv)
    shell.process.value = process.value
    return status


def start_program(shell, argv, background, stdin, stdout):
    """Start the program argv[0] as a process; None where it is no program (a built-in, function or unknown)."""
    name = argv[0]
    if stdin or stdout or background:
        if name in shell.functions or builtins.find(name):
            return None
    path = locate(shell, name)
    if not path:
        if "/" in name or name in (".", ".."):
            from base.paths import isdir, normal

            if isdir(normal(name, shell.process.cwd)):
                raise Failure(name, "Is a directory", _NOT_EXECUTABLE)
        return None
    if not path.endswith((".py", ".mpy")):
        from shell import scripts  # late: a session may run programs only

        main = scripts.main_of(shell, path, name)
    else:
        main = path
    try:
        if "/" in name:
            name = name.rsplit("/", 1)[-1]
        process = spawn(name, argv[1:], shell.process, main, background, stdin=stdin, stdout=stdout)
    except OSError:
        forget()
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


def foreground(shell, processes, argv):
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
                from shell import jobs

                return jobs.stopped(shell, processes, argv)
    except MemoryError:
        abandon(processes)
        raise
    finally:
        session.foreground = outer
    if status == _INTERRUPTED and shell.interactive and processes[-1].signal == _INT:
        raise KeyboardInterrupt  # Ctrl-C ends the whole command, not only the program that ran
    return status
