# python - run Python
# usage: python [-i] [-c CODE | -m MODULE | FILE | -] [ARG...]
#
# Run CODE, a MODULE found along sys.path, or a FILE (- is standard input). Without any of them a terminal gets a
# prompt: blocks end with an empty line, Ctrl-C interrupts, Ctrl-D exits. ARGs are in sys.argv.
#   -i  a prompt afterwards, with the names that the code has defined
# A file with a function __main__(args) is a program: the function is called with the ARGs.

import sys

from base.errors import Failure, reason
from process import cpu
from program import options

proc = None


async def __main__(args):
    words, rest = split(args)
    opts, operands = options(words, "ic:m:")
    rest = operands + rest
    space = {"__name__": "__main__"}
    tty = proc.stdin.terminal
    saved = sys.argv[:]
    status = 0
    try:
        if opts["c"] is not None:
            sys.argv[:] = ["-c"] + rest
            status = run(space, opts["c"], "<string>")
        elif opts["m"]:
            name, text = module(opts["m"])
            sys.argv[:] = [name] + rest
            status = run(space, text, name)
        elif rest and rest[0] != "-":
            name = rest[0]
            text = source(name)
            space["__file__"] = name
            sys.argv[:] = rest
            status = run(space, text, name)
        elif rest or not tty:
            sys.argv[:] = ["-"] + rest[1:]
            status = run(space, await everything(), "<stdin>")
        else:
            sys.argv[:] = [""]
            opts.given["i"] = True
        if not status and "__main__" in space and callable(space["__main__"]):
            space["proc"] = proc
            cpu.interruptible(True)
            try:
                status = space["__main__"](sys.argv[1:])
            finally:
                cpu.interruptible(False)
            if hasattr(status, "send"):
                status = await status
        if "i" in opts:
            if not tty:
                raise Failure("", "the prompt requires a terminal")
            from shell import execute, python_prompt  # late: only for the prompt

            status = await execute.run(python_prompt.interact(proc, tty, space))
    finally:
        sys.argv[:] = saved
    return status


def split(args):
    """Split args into python's own options and the arguments of what it runs."""
    i = 0
    while i < len(args) and args[i][:1] == "-" and args[i] != "-":
        if args[i][1:3] in ("c", "m"):
            return args[: i + 2], args[i + 2 :]
        i += 1
    return args[:i], args[i:]


def module(name):
    """Return (path, source) of a module on sys.path."""
    for directory in sys.path:
        for tail in (".py", "/__main__.py"):
            path = (directory + "/" if directory else "") + name.replace(".", "/") + tail
            try:
                with open(path) as file:
                    return path, file.read()
            except OSError:
                pass
    raise Failure(name, "no source of that module")


def source(path):
    """Return the text of a file."""
    try:
        with open(path) as file:
            return file.read()
    except OSError as e:
        raise Failure(path, reason(e))
    except UnicodeError:
        raise Failure(path, "not UTF-8 text")


async def everything():
    """Read standard input to its end."""
    text = b""
    while True:
        data = await proc.stdin.read()
        if not data:
            break
        if len(text) > 65536:
            raise Failure("-", "program too long")
        text += data
    try:
        return text.decode()
    except UnicodeError:
        raise Failure("-", "not UTF-8 text")


def run(space, text, name):
    """Compile and run; return the exit status. An exception is shown as in Python."""
    cpu.interruptible(True)
    try:
        exec(compile(text, name, "exec"), space)
    except (SystemExit, KeyboardInterrupt, MemoryError):
        raise
    except Exception as e:
        from shell.python_prompt import show  # late: only for errors

        show(proc, e)
        return 1
    finally:
        cpu.interruptible(False)
    return 0
