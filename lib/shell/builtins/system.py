# umask, times, loadconfig, loadboard; and built-ins of other shells for which there is nothing to do here: they say so.

from base.errors import Failure, Usage
from shell import builtins, resolve

_WHO = "ugo"
_BITS = "rwx"


def b_times(shell, args):
    for time in (shell.process.time, 0):
        ms = time // 1000
        shell.write(f"{ms // 60000}m{ms // 1000 % 60}.{ms % 1000 // 10:02d}s 0m0.00s\n")
    return 0


def b_loadconfig(shell, args):
    from base import config  # late: only for loadconfig

    message = config.load(*args[:1])
    shell.write((message or "System configuration loaded") + "\n")
    return 0


def b_loadboard(shell, args):
    from base import board  # late: only for loadboard

    message = board.load(*args[:1])
    shell.write((message if isinstance(message, str) else "Board configuration loaded") + "\n")
    return 0


# --- umask


def b_umask(shell, args):
    symbols = False
    while args and args[0] in ("-S", "--"):
        symbols = symbols or args[0] == "-S"
        args = args[1:]
    if len(args) > 1:
        raise Usage("usage: umask [-S] [MASK]")
    if args:
        shell.mask = changed(shell.mask, args[0])
    elif symbols:
        allowed = ~shell.mask
        parts = []
        for i in range(3):
            bits = allowed >> (6 - 3 * i) & 7
            parts.append(_WHO[i] + "=" + "".join([_BITS[k] for k in range(3) if bits & 4 >> k]))
        shell.write(",".join(parts) + "\n")
    else:
        shell.write(f"{shell.mask:04o}\n")


def changed(mask, text):
    """The mask after text: an octal number, or what chmod takes for the bits that it leaves."""
    from text import modes  # late: rare

    value = modes.changed(0o777 if text.isdigit() else ~mask & 0o777, text)
    if value > 0o777:
        raise Usage("octal number out of range", text)
    return value if text.isdigit() else ~value & 0o777


# --- what is not here


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
        if arg[:1] != "-" and not resolve.builtin(arg):
            raise Failure(arg, "not a shell builtin")
    names = [arg for arg in args if arg[:1] != "-"]
    if not names:
        for name in sorted(set(list(resolve.TABLE) + resolve.late_names())):
            shell.write(f"enable {name}\n")
    return 0


def b_suspend(shell, args):
    raise Failure("", "cannot suspend: nothing runs above a shell here")


def b_logout(shell, args):
    if not shell.interactive:
        raise Failure("", "not login shell: use 'exit'")
    return builtins.b_exit(shell, args)
