# Built-ins of other shells for which there is nothing to do here: they say so. Loaded when first used.

from base.errors import Failure
from shell import builtins


def b_ulimit(shell, args):
    """What a process may use: there is no limit but the memory."""
    values = [arg for arg in args if arg[:1] != "-"]
    if values and values[0] != "unlimited":
        raise Failure(values[0], "cannot be set: a process has no limits here but the memory")
    shell.write("unlimited\n")
    return 0


def b_enable(shell, args):
    """The built-ins; none can be switched off."""
    for arg in args:
        if arg[:1] == "-" and arg.strip("-aps"):
            raise Failure(arg, "cannot be done: put a function or a path in the built-in's place")
        if arg[:1] != "-" and not builtins.find(arg):
            raise Failure(arg, "not a shell builtin")
    names = [arg for arg in args if arg[:1] != "-"]
    if not names:
        late = [name for _, words in builtins.LATE for name in words.decode().split()]
        for name in sorted(set(list(builtins.TABLE) + late)):
            shell.write(f"enable {name}\n")
    return 0


def b_suspend(shell, args):
    raise Failure("", "cannot suspend: nothing runs above a shell here")


def b_logout(shell, args):
    if not shell.interactive:
        raise Failure("", "not login shell: use 'exit'")
    return builtins.b_exit(shell, args)
