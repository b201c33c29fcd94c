# export and unset. What else says what variables are is in shell/builtins/typeset.py, which takes three times as much memory.

from base.errors import Failure
from shell import expand
from shell.lexer import is_name

_KINDS = {"-i": int, "-f": float, "-s": str}


def b_export(shell, args):
    if not args or args[0] == "-p":
        return show_exports(shell)
    if args[0] == "-n":
        return keep_back(shell, args[1:])
    kind = None
    words = []
    for arg in args:
        if isinstance(arg, tuple) or arg.partition("=")[0][-1:] == "+":
            pass  # late: rare

            from shell.builtins import typeset  # late: rare

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
            raise Failure(name, "not a valid identifier")
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
                raise Failure(arg, "not a valid identifier")
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


def show_exports(shell):
    from text.quoting import quote  # late: rare

    for name in sorted(shell.exported):
        if name in shell.vars:
            shell.write(f"export {name}={quote(expand.text_of(shell.vars[name]))}\n")
        else:
            shell.write(f"export {name}\n")
    return 0


def keep_back(shell, names):
    """export -n: variables that programs see no more."""
    for name in names:
        if name in shell.exported:
            shell.own()
            shell.exported.discard(name)
            shell.set_env(name, None)
    return 0
