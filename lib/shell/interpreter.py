# Scripts whose first line names an interpreter with options, or another one than the shell. Loaded with the first of them.
#
# As many as a hundred bytes of the line count, and options are separated by blanks, also without `env -S`.

from base.errors import Failure
from process import cpu
from process.find import find

_SHELLS = ("sh", "bash", "dash", "ash", "ksh", "zsh")
_NO_INTERPRETER = 127
_PIECE = 512  # bytes that are read at a time


def interpret(parent, path, name, line):
    """What runs the script at path with the first line `line`: (path or main function, options of the shell).

    Without the former it is the shell.
    """
    words = line[2:].decode().split()
    base = words[0].rsplit("/", 1)[-1] if words else "sh"
    if base == "env":
        words = words[2 if words[1:2] == ["-S"] else 1 :]
        base = words[0] if words else "sh"
    if base in _SHELLS:
        return None, [word for word in words[1:] if word not in ("-", "--", "-l", "-i", "-s", "--login", "--norc")]
    if base.startswith(("python", "micropython")):
        if is_program(path):
            return path, None
        base = "python"
    elif not find(base, parent.process):
        raise Failure(name, "cannot execute: required file not found", _NO_INTERPRETER)
    command = [base] + words[1:] + [name if "/" in name else path]

    async def main(args):
        return await cpu.current.run(command + args)

    return main, None


def is_program(path):
    """True for a Python file with a function __main__."""
    wanted = b"def __main__("
    with open(path, "rb") as file:
        last = b""
        while True:
            data = file.read(_PIECE)
            if wanted in last + data:
                return True
            if len(data) < _PIECE:
                return False
            last = data[-len(wanted) :]
