# The built-ins that most lines use, and which take no more than this to be there; shell/resolve.py has the table of all.

from base.errors import Failure, Usage
from base.paths import isdir, normal
from process import cpu
from shell.expand import text_of


def b_true(shell, args):
    return 0


def b_false(shell, args):
    return 1


def b_echo(shell, args):
    if args and (args[0][:1] == "-" or "\\" in "".join(args)):
        shell.process.stdout.write(echo_text(args))
    else:
        shell.process.stdout.write(" ".join(args) + "\n")
    return 0


def echo_text(args):
    """The output for echo's arguments, with its newline: -n leaves that out, -e takes escapes, -E does not."""
    newline = True
    escapes = False
    i = 0
    while i < len(args):
        arg = args[i]
        if len(arg) < 2 or arg[0] != "-" or arg[1:].strip("neE"):
            break
        for letter in arg[1:]:
            if letter == "n":
                newline = False
            else:
                escapes = letter == "e"
        i += 1
    text = " ".join(args[i:])
    if not escapes or "\\" not in text:
        return text + "\n" if newline else text
    from text.quoting import ARGUMENT, expand  # late: few echoes have any

    out = bytearray()
    if not expand(text.encode(), out, ARGUMENT) and newline:
        out.append(10)
    return out


def b_pwd(shell, args):
    shell.process.stdout.write(shell.process.cwd + "\n")
    return 0


def b_cd(shell, args):
    args = [arg for arg in args if arg not in ("-P", "-L", "--")]
    if len(args) > 1:
        raise Failure("", "too many arguments")
    show = False
    target = args[0] if args else text_of(shell.lookup("HOME") or "/")
    if target == "-":
        target = shell.lookup("OLDPWD")
        if not target:
            raise Failure("", "OLDPWD not set")
        show = True
    path = normal(target, shell.process.cwd)
    if "CDPATH" in shell.vars and target[:1] not in ("/", "."):
        pass  # late: few have one

        from shell.builtins.directories import along  # late: few have one

        found = along(text_of(shell.vars["CDPATH"]), target, shell.process.cwd)
        show = show or found is not None
        path = found or path
    if not isdir(path):
        raise Failure(target, "No such directory")
    old = shell.process.cwd
    shell.process.cwd = path
    cpu.enter(shell.process)  # at once: the rest of the line runs without a pause
    shell.moved(old)
    if show:
        shell.write(path + "\n")
    return 0


def b_test(shell, args):
    n = len(args)
    if n == 3 and args[1] in ("=", "==", "!="):
        result = (args[0] == args[2]) == (args[1] != "!=")
    elif n == 2 and args[0] == "-v":
        from shell import arrays  # late: rare

        result = arrays.is_set(shell, args[1])
    elif n == 2 and args[0] == "-o":
        from shell.builtins import options  # late: rare

        result = options.is_on(shell, args[1])
    else:
        from shell.test import evaluate  # late: comparing two strings does without

        result = evaluate(args)
    shell.process.value = result
    return 0 if result else 1


def b_bracket(shell, args):
    if not args or args[-1] != "]":
        raise Usage("missing ']'")
    return b_test(shell, args[:-1])


def b_exit(shell, args):
    if args and args[0] == "-r":
        return shell.run_text("reboot")
    if args and not args[0].lstrip("-").isdigit():
        shell.complain("exit", Failure(args[0], "numeric argument required"))
        raise SystemExit(2)
    if args:
        raise SystemExit(int(args[0]) & 255)
    raise SystemExit(shell.status if shell.trapped is None else shell.trapped)
