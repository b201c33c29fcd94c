# Built-ins of scripts: loops, functions, jumps, counting, and commands from files and texts.

from base.errors import Failure, Usage
from base.paths import isdir, normal
from shell import foreground, resolve
from shell.lexer import is_name


def number(text, name):
    try:
        return int(text)
    except ValueError:
        raise Failure(name or text, "numeric argument required", 2)


def step(shell, args, sign):
    if not args:
        raise Usage("usage: incr|decr NAME [STEP]")
    name = args[0]
    if not is_name(name):
        raise Failure(name, "not a valid identifier")
    by = number(args[1], "") if len(args) > 1 else 1
    value = shell.vars.get(name, 0)
    if not isinstance(value, int):
        value = number(value, name)
    shell.assign(name, value + sign * by)
    return 0


def b_incr(shell, args):
    return step(shell, args, 1)


def b_decr(shell, args):
    return step(shell, args, -1)


def b_shift(shell, args):
    count = number(args[0], "") if args else 1
    if count < 0:
        raise Failure(str(count), "shift count out of range")
    if count > len(shell.args):
        return 1  # as in bash, without a message
    shell.args = shell.args[count:]
    return 0


def leave_loops(shell, what, args):
    count = number(args[0], "") if args else 1
    if not shell.loops:
        shell.complain(what, "only meaningful in a loop")
        return 0
    if count < 1:
        shell.unwind = (what, shell.loops)
        raise Failure(str(count), "loop count out of range")
    shell.unwind = (what, min(count, shell.loops))
    return 0


def b_break(shell, args):
    return leave_loops(shell, "break", args)


def b_continue(shell, args):
    return leave_loops(shell, "continue", args)


def b_return(shell, args):
    if shell.bash and shell.depth == shell.base:
        # `(return 0 2> /dev/null)` is how scripts of bash find out whether they are sourced.
        raise Failure("", "can only `return' from a function or sourced script", 2)
    status = shell.status if shell.trapped is None else shell.trapped
    if args:
        status = number(args[0], "") & 255
    shell.status = status
    shell.unwind = ("return", status)
    return status


def b_goto(shell, args):
    if len(args) != 1:
        raise Usage("usage: goto LABEL")
    if not shell.source:
        raise Failure(args[0], "can only be used in a script")
    shell.unwind = ("goto", args[0].lstrip(":"))
    return shell.status


def b_skip(shell, args):
    if len(args) != 1 or not args[0].isdigit():
        raise Usage("usage: skip LINES")
    if not shell.source:
        raise Failure("", "can only be used in a script")
    shell.unwind = ("skip", int(args[0]))
    return shell.status


def b_run(shell, args):
    from shell.execute import invoke  # late: only for run

    return invoke(shell, args) if args else 0


def b_eval(shell, args):
    text = " ".join(args[1:] if args[:1] == ["--"] else args)
    if not text.strip():
        return 0
    return checked(shell, shell.run_text(text))


def checked(shell, running):
    """The status of running; a syntax error in it does not end a script of bash."""
    try:
        return (yield running)
    except SystemExit as e:
        if not shell.bash or e.args != (2, True):
            raise
        return 2


def b_let(shell, args):
    if not args:
        raise Failure("", "expression expected")
    value = 0
    for arg in args:
        value = shell.arith(arg)
    return 0 if value else 1


# --- files and other programs


def b_dot(shell, args):
    from process import find  # late: only for . and source
    from shell import scripts
    from shell.scripts import Source

    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Usage("usage: . FILE [ARGS]")
    path = find.find(args[0], shell.process)
    if not path:
        raise Failure(args[0], "not found")
    if shell.depth + scripts.DEPTH > shell.DEPTH_MAX:
        raise Failure(args[0], "maximum script nesting level exceeded")
    saved = shell.args
    if len(args) > 1:
        shell.args = args[1:]
    shell.depth += scripts.DEPTH
    try:
        status = yield checked(shell, shell.run_source(Source(open(path, "rb"), args[0])))
        if shell.traps and "RETURN" in shell.traps.actions:
            yield shell.traps.returned(shell)
    finally:
        shell.depth -= scripts.DEPTH
        if len(args) > 1:
            shell.args = saved
    if shell.unwind and shell.unwind[0] == "return":
        status = shell.unwind[1]
        shell.unwind = None
    return status


b_source = b_dot


def b_exec(shell, args):
    name = None
    env = None
    while args and args[0][:1] == "-" and len(args[0]) > 1:
        option = args[0]
        args = args[1:]
        if option == "--":
            break
        if option == "-a" and args:
            name = args[0]
            args = args[1:]
        elif option == "-c":
            env = {}
        elif option != "-l":
            raise Usage("invalid option", option)
    if not args:
        return 0
    if env is not None:
        shell.process.env = env
    if not resolve.locate(shell, args[0]):
        directory = "/" in args[0] and isdir(normal(args[0], shell.process.cwd))
        shell.complain("exec", Failure(args[0], "Is a directory" if directory else "not found"))
        status = 126 if directory else 127
        if shell.interactive:
            return status
        raise SystemExit(status)
    shell.traps = None  # the shell is no more
    status = yield foreground.run(shell, args, name)
    raise SystemExit(status)
