# set: options of the shell, and its parameters. Loaded when first used.

from base.errors import Usage
from shell import expand
from shell.lexer import is_name
from text.quoting import on_a_line

_LETTERS = "abefnuvxCET"
_LONG = {
    "allexport": "a",
    "notify": "b",
    "errexit": "e",
    "noglob": "f",
    "noexec": "n",
    "nounset": "u",
    "verbose": "v",
    "xtrace": "x",
    "noclobber": "C",
}
_NAMED = ("envredir", "errtrace", "functrace", "nohistexpand")  # those without a letter that do something
# What other shells have, and a script may ask for: it is so already, or makes no difference here.
_VOID = "emacs vi monitor ignoreeof nolog posix hashall interactive-comments history physical braceexpand"


def b_set(shell, args):
    if not args:
        for name in sorted(shell.vars):
            if is_name(name):
                shell.write(f"{name}={on_a_line(expand.text_of(shell.vars[name]))}\n")
        return 0
    i = 0
    while i < len(args):
        arg = args[i]
        if arg == "--" or arg == "-":
            i += 1
            if arg == "-":
                set_flag(shell, "x", False)
                set_flag(shell, "v", False)
                if i == len(args):
                    return 0
            break
        if arg == "+":
            i += 1
            continue
        if arg[:1] not in ("-", "+"):
            break
        i += 1
        on = arg[0] == "-"
        for letter in arg[1:]:
            if letter == "o":
                if i >= len(args):
                    show_options(shell, on)
                    return 0
                if not set_option(shell, args[i], on):
                    raise Usage("invalid option", args[i])
                i += 1
            elif letter in _LETTERS:
                if letter in "ET":
                    set_option(shell, "errtrace" if letter == "E" else "functrace", on)
                else:
                    set_flag(shell, letter, on)
            elif letter == "H":
                set_option(shell, "histexpand", on)
            elif letter not in "hmBP":
                raise Usage("invalid option", arg[0] + letter)
    else:
        if args[-1] not in ("--", "-"):
            return 0
    shell.args = list(args[i:])
    if "OPTIND" in shell.vars:
        shell.assign("OPTIND", 1)  # other arguments: getopts begins anew
    return 0


def set_flag(shell, letter, on):
    shell.flags = shell.flags.replace(letter, "")
    if on:
        shell.flags += letter
    if letter == "v" and shell.source:
        shell.source.echo = shell.process.stderr if on else None


def set_option(shell, name, on):
    """Change an option by its long name; False where there is none of that name."""
    if name in _LONG:
        set_flag(shell, _LONG[name], on)
    elif name == "pipefail":
        shell.pipefail = on
    elif name == "histexpand":  # it is what is off that is kept
        set_option(shell, "nohistexpand", not on)
    elif name in _NAMED or name in _VOID.split():
        shell.options = tuple([o for o in shell.options if o != name])
        if on:
            shell.options += (name,)
    else:
        return False
    return True


def is_on(shell, name):
    if name in _LONG:
        return shell.flag(_LONG[name])
    return shell.pipefail if name == "pipefail" else name in shell.options


def names_of(shell):
    """The options that are set, as $SHELLOPTS has them."""
    names = [name for name in list(_LONG) + ["pipefail"] + list(_NAMED) if is_on(shell, name)]
    return ":".join(sorted(names + ["braceexpand", "hashall", "interactive-comments"]))


def show_options(shell, table):
    for name in sorted(list(_LONG) + ["pipefail"] + list(_NAMED)):
        on = is_on(shell, name)
        if table:
            shell.write(f"{name:<15} {'on' if on else 'off'}\n")
        else:
            shell.write(f"set {'-' if on else '+'}o {name}\n")
