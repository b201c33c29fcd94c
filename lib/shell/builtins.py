# The built-ins that every session uses. A built-in is a function of (shell, args) that returns the exit status
# (None is 0), or a generator for shell.trampoline where it must wait. The rarer ones are in shell/rare.py.

from base.errors import Failure, Usage
from base.modules import preload
from base.paths import isdir, normal
from process import cpu
from shell.expand import text_of
from shell.lexer import is_name

# Those of POSIX 2.15: an error in one ends a script, and an assignment before one stays.
SPECIAL = (
    ":",
    ".",
    "break",
    "continue",
    "eval",
    "exec",
    "exit",
    "export",
    "readonly",
    "return",
    "set",
    "shift",
    "times",
    "trap",
    "unset",
)


def find(name):
    """The built-in called name, or None."""
    builtin = TABLE.get(name)
    if builtin is None and " " not in name:
        word = b" %s " % name  # bytes, as MicroPython allows: a new str is looked for among all names
        for module, names in LATE:
            if word in names:
                if module in QUOTING:
                    preload("text.escapes", "text.quoting")
                try:
                    package = __import__("shell." + module)
                except MemoryError:
                    from process import memory  # late: this is rare

                    memory.evict(True)
                    package = __import__("shell." + module)
                builtin = getattr(getattr(package, module), "b_dot" if name == "." else "b_" + name)
                TABLE[name] = builtin
                break
    return builtin


def unload():
    """Forget the built-ins of modules that are loaded when needed."""
    for _, names in LATE:
        for name in names.decode().split():
            TABLE.pop(name, None)


def b_true(shell, args):
    return 0


def b_false(shell, args):
    return 1


def b_echo(shell, args):
    if args and (args[0][:1] == "-" or "\\" in "".join(args)):
        from text.echo import echo_text  # late: options and escapes are rare

        shell.process.stdout.write(echo_text(args))
    else:
        shell.process.stdout.write(" ".join(args) + "\n")
    return 0


def b_pwd(shell, args):
    shell.process.stdout.write(shell.process.cwd + "\n")
    return 0


def b_cd(shell, args):
    args = [arg for arg in args if arg not in ("-P", "-L", "--")]
    if len(args) > 1:
        raise Usage("too many arguments")
    show = False
    target = args[0] if args else text_of(shell.lookup("HOME") or "/")
    if target == "-":
        target = shell.lookup("OLDPWD")
        if not target:
            raise Failure("", "OLDPWD not set")
        show = True
    path = normal(target, shell.process.cwd)
    if "CDPATH" in shell.vars and target[:1] not in ("/", "."):
        from shell import rare  # late: few have one

        found = rare.along(text_of(shell.vars["CDPATH"]), target, shell.process.cwd)
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
        from shell import options  # late: rare

        result = options.is_on(shell, args[1])
    else:
        from text.test import evaluate  # late: comparing two strings does without

        result = evaluate(args)
    shell.process.value = result
    return 0 if result else 1


def b_bracket(shell, args):
    if not args or args[-1] != "]":
        raise Usage("missing ']'")
    return b_test(shell, args[:-1])


_KINDS = {"-i": int, "-f": float, "-s": str}


def b_export(shell, args):
    if not args or args[0] == "-p":
        from shell import rare

        return rare.show_exports(shell)
    if args[0] == "-n":
        from shell import rare

        return rare.keep_back(shell, args[1:])
    kind = None
    words = []
    for arg in args:
        if isinstance(arg, tuple) or arg.partition("=")[0][-1:] == "+":
            from shell import typeset  # late: rare

            return typeset.declare(shell, ["-x"] + args, False)
        if arg in _KINDS or arg == "-b":
            kind = arg
        elif arg != "--":
            words.append(arg)
    # upyOS: `export name value` and `export name = value`; POSIX: any number of name[=value]
    if len(words) == 3 and words[1] == "=":
        words = [words[0] + "=" + words[2]]
    elif len(words) == 2 and is_name(words[0]) and not (is_name(words[1].split("=", 1)[0]) and "=" in words[1]):
        if words[1] not in shell.vars or kind:
            words = [words[0] + "=" + words[1]]
    for word in words:
        name, equals, value = word.partition("=")
        if not is_name(name):
            raise Usage("not a valid identifier", name)
        if not equals:
            shell.export(name)
            continue
        if kind == "-b":
            if value not in ("True", "False"):
                raise Failure(value, "expected True or False")
            value = value == "True"
        elif kind:
            try:
                value = _KINDS[kind](value)
            except ValueError:
                raise Failure(value, "invalid number")
        shell.export(name, value)
    return 0


def b_unset(shell, args):
    functions = False
    status = 0
    for arg in args:
        if arg == "-f":
            functions = True
        elif arg == "-v":
            functions = False
        elif functions:
            forget_function(shell, arg)
        elif not is_name(arg) and not arg.isdigit():
            if arg[-1:] != "]":
                raise Usage("not a valid identifier", arg)
            from shell import arrays  # late: rare

            arrays.unset(shell, arg)
        elif arg in shell.readonly:
            shell.complain("unset", Failure(arg, "readonly variable"))
            status = 1
        elif arg in shell.vars or arg not in shell.functions:
            shell.unset(arg)
            if arg == arg.upper() and shell.lookup(arg) is not None:
                from shell import special  # late: rare

                special.unset(shell, arg)
        else:
            forget_function(shell, arg)
    return status


def forget_function(shell, name):
    shell.own()
    shell.functions.pop(name, None)


def b_exit(shell, args):
    if args and args[0] == "-r":
        from shell.commands import external

        return external(shell, ["reboot"])
    if args and not args[0].lstrip("-").isdigit():
        raise Failure(args[0], "numeric argument required", 2)
    if args:
        raise SystemExit(int(args[0]) & 255)
    raise SystemExit(shell.status if shell.trapped is None else shell.trapped)


TABLE = {
    ":": b_true,
    "true": b_true,
    "false": b_false,
    "echo": b_echo,
    "pwd": b_pwd,
    "cd": b_cd,
    "test": b_test,
    "[": b_bracket,
    "export": b_export,
    "unset": b_unset,
    "exit": b_exit,
}

# (module, the built-ins in it): loaded with the first of them.
LATE = (
    ("control", b" incr decr shift break continue return goto skip run eval let "),
    ("rare", b" . source exec printf times loadconfig loadboard "),
    ("options", b" set "),
    ("shopt", b" shopt "),
    ("read", b" read "),
    ("dirstack", b" pushd popd dirs "),
    ("refused", b" ulimit enable suspend logout "),
    ("mapfile", b" mapfile readarray "),
    ("typeset", b" local readonly typeset declare "),
    ("lookup", b" command builtin type hash "),
    ("mask", b" umask "),
    ("traps", b" trap "),
    ("getopts", b" getopts "),
    ("aliases", b" alias unalias "),
    ("history", b" history "),
    ("jobcontrol", b" jobs fg bg disown "),
    ("wait", b" wait kill "),
)
QUOTING = ("aliases", "lookup", "options", "typeset")  # those that import text.quoting
