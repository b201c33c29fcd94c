# The built-ins of scripts: counting, loops, functions and jumps. Loaded with the first of them.

from base.errors import Failure, Usage
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
        raise Usage("not a valid identifier", name)
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
    if count < 1:
        raise Failure(str(count), "loop count out of range")
    if not shell.loops:
        return 0
    shell.unwind = (what, min(count, shell.loops))
    return 0


def b_break(shell, args):
    return leave_loops(shell, "break", args)


def b_continue(shell, args):
    return leave_loops(shell, "continue", args)


def b_return(shell, args):
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
    from shell.commands import invoke

    return invoke(shell, args) if args else 0


def b_eval(shell, args):
    text = " ".join(args[1:] if args[:1] == ["--"] else args)
    return shell.run_text(text) if text.strip() else 0


def b_let(shell, args):
    if not args:
        raise Usage("usage: let EXPRESSION...")
    value = 0
    for arg in args:
        value = shell.arith(arg)
    return 0 if value else 1
