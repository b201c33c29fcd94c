# The built-ins that a session may never use; loaded with the first of them.

from base.errors import Failure, Usage
from base.paths import isdir, normal
from shell import commands, expand
from shell.lexer import is_name


def show_exports(shell):
    from text.quoting import quote

    for name in sorted(shell.exported):
        if name in shell.vars:
            shell.write(f"export {name}={quote(expand.text_of(shell.vars[name]))}\n")
        else:
            shell.write(f"export {name}\n")
    return 0


def along(places, target, cwd):
    """The first of the places of CDPATH that has the directory target; None where that is none, or here."""
    for place in places.split(":"):
        path = normal(target, normal(place or ".", cwd))
        if isdir(path):
            return path if place and place != "." else None
    return None


def keep_back(shell, names):
    """export -n: variables that programs see no more."""
    for name in names:
        if name in shell.exported:
            shell.own()
            shell.exported.discard(name)
            shell.set_env(name, None)
    return 0


def b_dot(shell, args):
    from process import find
    from shell import scripts
    from shell.source import Source

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
        status = yield from shell.run_source(Source(open(path, "rb"), args[0]))
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
    if not commands.locate(shell, args[0]):
        directory = "/" in args[0] and isdir(normal(args[0], shell.process.cwd))
        shell.complain("exec", Failure(args[0], "Is a directory" if directory else "not found"))
        status = 126 if directory else 127
        if shell.interactive:
            return status
        raise SystemExit(status)
    shell.traps = None  # the shell is no more
    status = yield commands.external(shell, args, name)
    raise SystemExit(status)


def b_printf(shell, args):
    from text.printf import printf

    name = None
    if args[:1] == ["-v"] and len(args) > 1:
        name = args[1]
        if not is_name(name.partition("[")[0]):
            raise Usage("not a valid identifier", name)
        args = args[2:]
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Usage("usage: printf [-v NAME] FORMAT [ARG...]")
    text, messages = printf(args[0], args[1:])
    if name:
        if isinstance(text, bytes):
            from shell.read import decoded

            text = decoded(text)
        shell.put(name, text)
    else:
        shell.process.stdout.write(text)
    for message in messages:
        shell.complain("printf", message)
    return 1 if messages else 0


def b_times(shell, args):
    for time in (shell.process.time, 0):
        ms = time // 1000
        shell.write(f"{ms // 60000}m{ms // 1000 % 60}.{ms % 1000 // 10:02d}s 0m0.00s\n")
    return 0


def b_loadconfig(shell, args):
    from base import config

    message = config.load(*args[:1])
    shell.write((message or "System configuration loaded") + "\n")
    return 0


def b_loadboard(shell, args):
    from base import board

    message = board.load(*args[:1])
    shell.write((message if isinstance(message, str) else "Board configuration loaded") + "\n")
    return 0
