# Variables that are rarely asked for: SECONDS FUNCNAME BASHPID PIPESTATUS OPTIND _, and elements of arrays.

from time import ticks_diff, ticks_ms


def lookup(shell, name):
    """The value of a variable that is not among the shell's own; None where it is not set."""
    if name[-1] == "]":
        from shell import arrays

        return arrays.get(shell, name)
    if name == "SECONDS":
        return ticks_diff(ticks_ms(), shell.process.started) // 1000
    if name == "FUNCNAME":
        return shell.calls[0] if shell.calls else None
    if name == "BASHPID":
        return shell.process.pid
    if name == "OPTIND":
        return 1
    if name == "_":
        return shell.last_args[-1]
    if name == "PIPESTATUS":
        from shell import arrays

        return arrays.lookup(shell, name)
    return None
