# Execution: simple commands, lists and functions, and the loop that runs what must wait.
#
# shell/ast.py has the table of handlers and says what they return; shell/flow.py has those of the other nodes. Here is what
# a line of single commands needs.

from micropython import const

from base.errors import Failure
from shell import ast, expand, foreground, resolve

_CALLS_MAX = const(1000)  # calls inside each other


# --- simple commands


def visit_simple(shell, node):
    """Run a simple command: the status, or a generator that returns it."""
    shell.line = node[1]
    argv = expand.fields(shell, node[3])
    if node[2] or node[4] or not isinstance(argv, list) or "x" in shell.flags:
        return slow_simple(shell, node, argv)
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


def slow_simple(shell, node, argv):
    """A simple command with assignments, redirections or expansions that must be waited for; a generator."""
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
            from shell import redirect  # late: with the first of them

            try:
                yield redirect.apply(shell, redirs, undo)
            except (OSError, Failure) as e:
                shell.complain(*redirect.blame(e))
                if argv and resolve.is_special(argv[0]) and not shell.interactive and not shell.bash:
                    raise SystemExit(1)
                shell.failed(1)
                return 1
        if assigns:
            kept = yield from set_variables(shell, assigns, argv)
        if "x" in shell.flags:
            from text import quoting  # noqa: F401, I001  (leaves first)
            from shell.builtins import options  # where set -x is

            yield options.trace(shell, stderr, assigns, argv)
        if not argv:
            status = shell.status if shell.substituted else 0
        else:
            shell.last_args = argv
            if redirs and argv[-1] in ("exec", "--") and argv in (["exec"], ["exec", "--"], ["command", "exec"]):
                redirect.keep(undo)
            status = invoke(shell, argv)
            if not isinstance(status, int):
                status = yield status
            if files:
                from shell import capture  # loaded already

                yield capture.finish(shell, files)
    finally:
        if kept:
            for name, value, exported in kept:
                shell.put_back(name, value, exported)
        if undo:
            redirect.restore(shell, undo)
        if files:
            from shell import capture  # as above

            capture.remove(files)
    shell.status = status
    shell.failed(status)
    return status


def set_variables(shell, assigns, argv):
    """name=value before a command lasts as long as that; alone (or before a special built-in) it stays."""
    kept = []
    passing = argv and (not resolve.is_special(argv[0]) or (argv[0] == "exec" and len(argv) > 1))
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
            from shell import special  # late: rare

            name = name[:-1]
            value = special.added(shell, name, value)
        if passing and shell.bash and name in shell.readonly:
            shell.complain(name, "readonly variable")  # bash runs the command all the same
        elif passing:
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
        if body and not resolve.is_special(name):
            from shell import flow  # late: only with functions

            return flow.call(shell, body, argv)
    if shell.pipes:
        shell.pipes = None
    builtin = resolve.builtin(name)
    if builtin:
        return run_builtin(shell, builtin, argv)
    return foreground.run(shell, argv)


_AS_THEY_ARE = b" : [ . echo test printf true false eval exec source builtin command "  # their --help is no option


def run_builtin(shell, builtin, argv):
    if argv[-1] == "--help" and len(argv) == 2 and not resolve.is_word(argv[0], _AS_THEY_ARE):
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
    if resolve.is_special(name) and not shell.interactive and not shell.bash and not isinstance(error, OSError):
        raise SystemExit(status, True)
    return status


# --- lists


def visit_list(shell, node):
    status = shell.status
    for item, background in node[2]:
        if background:
            status = yield visit_background(shell, item)
        else:
            status = shell.visit(item)
            if not isinstance(status, int):
                status = yield status
        shell.status = status
        if shell.pending:
            yield shell.traps.run(shell)
        if shell.unwind:
            break
    return status


def visit_and_or(shell, node):
    """Only the failure of the last command counts for set -e."""
    rest = node[3]
    last = len(rest) - 1
    shell.tested += 1
    try:
        status = shell.visit(node[2])
        if not isinstance(status, int):
            status = yield status
        shell.status = status
        if shell.pending:
            yield shell.traps.run(shell)
        for i in range(last):
            op, item = rest[i]
            if shell.unwind:
                return status
            if (status == 0) == (op == "&&"):
                status = shell.visit(item)
                if not isinstance(status, int):
                    status = yield status
                shell.status = status
                if shell.pending:
                    yield shell.traps.run(shell)
    finally:
        shell.tested -= 1
    op, item = rest[last]
    if not shell.unwind and (status == 0) == (op == "&&"):
        return shell.visit(item)
    return status


def visit_label(shell, node):
    return 0


def visit_background(shell, node):
    from shell import jobs  # late: only for &

    return jobs.start(shell, node)


ast.HANDLERS.update({"simple": visit_simple, "and_or": visit_and_or, "list": visit_list, "label": visit_label})

# --- recursion without stack

# The parser and the interpreter are written as recursive functions are, but as generators: `x = yield f()` calls the
# generator f() and gets its return value. run() keeps the callers in a chain, so nesting costs heap and the C stack
# stays as deep as one call (DESIGN law 8); `return f()` runs f() in the place of the one that returns. What waits
# (asyncio's primitives yield None) passes through to the event loop.

_Generator = type((lambda: (yield))())


def run(gen):
    """Run gen and all that it calls; a generator for the event loop that returns gen's result."""
    callers = None  # (generator, callers): small cells, since a long list needs one piece of heap
    depth = 0
    value = error = None
    while True:
        try:
            if error is None:
                called = gen.send(value)
            else:
                e, error = error, None
                called = gen.throw(e)
        except StopIteration as e:
            value = e.value
            if isinstance(value, _Generator):
                gen = value
                value = None
            elif callers:
                gen, callers = callers
                depth -= 1
            else:
                return value
            continue
        except BaseException as e:
            if not callers:
                raise
            gen, callers = callers
            depth -= 1
            error = e
            continue
        value = None
        if called is None:
            try:
                yield
            except BaseException as e:
                error = e
        else:
            if depth >= _CALLS_MAX:
                called.close()
                error = Failure("", "nested too deeply")
                continue
            callers = (gen, callers)
            depth += 1
            gen = called
