# The built-ins that a session may never use; loaded with the first of them.

from base.errors import Failure, Usage
from shell import builtins, commands, expand
from shell.lexer import is_name

_LETTERS = "aefnuxC"
_LONG = {
    "allexport": "a",
    "errexit": "e",
    "noglob": "f",
    "noexec": "n",
    "nounset": "u",
    "xtrace": "x",
    "noclobber": "C",
}


def quoted(value):
    from shell.escape import quote

    return quote(expand.text_of(value))


def show_exports(shell):
    for name in sorted(shell.exported):
        if name in shell.vars:
            shell.write(f"export {name}={quoted(shell.vars[name])}\n")
        else:
            shell.write(f"export {name}\n")
    return 0


def b_set(shell, args):
    if not args:
        for name in sorted(shell.vars):
            if is_name(name):
                shell.write(f"{name}={quoted(shell.vars[name])}\n")
        return 0
    i = 0
    while i < len(args):
        arg = args[i]
        if arg in ("--", "-"):
            i += 1
            break
        if arg[0] not in "-+" or len(arg) < 2:
            break
        i += 1
        on = arg[0] == "-"
        for letter in arg[1:]:
            if letter == "o":
                if i >= len(args):
                    show_options(shell, on)
                    return 0
                set_option(shell, args[i], on)
                i += 1
            elif letter in _LETTERS:
                set_flag(shell, letter, on)
            elif letter not in "bhmv":
                raise Usage("unknown option", arg[0] + letter)
    else:
        if args[-1] not in ("--", "-"):
            return 0
    shell.args = list(args[i:])
    return 0


def set_flag(shell, letter, on):
    shell.flags = shell.flags.replace(letter, "")
    if on:
        shell.flags += letter


def set_option(shell, name, on):
    if name in _LONG:
        set_flag(shell, _LONG[name], on)
    elif name == "pipefail":
        shell.pipefail = on
    elif name in ("envredir", "emacs", "vi", "monitor", "notify", "ignoreeof", "nolog", "posix", "verbose"):
        if on:
            shell.options = shell.options + (name,)
        else:
            shell.options = tuple([o for o in shell.options if o != name])
    else:
        raise Usage("unknown option", name)


def show_options(shell, table):
    for name in sorted(list(_LONG) + ["pipefail", "envredir"]):
        on = (
            shell.flag(_LONG[name])
            if name in _LONG
            else shell.pipefail
            if name == "pipefail"
            else name in shell.options
        )
        if table:
            shell.write(f"{name:<15} {'on' if on else 'off'}\n")
        else:
            shell.write(f"set {'-' if on else '+'}o {name}\n")


def b_dot(shell, args):
    from process import find
    from shell import scripts
    from shell.source import Source

    if not args:
        raise Usage("usage: . FILE [ARGS]")
    path = find.find(args[0], shell.process)
    if not path:
        raise Failure(args[0], "not found")
    if shell.depth + scripts.DEPTH > shell.DEPTH_MAX:
        raise Failure(args[0], "scripts nested too deeply")
    saved = shell.args
    if len(args) > 1:
        shell.args = args[1:]
    shell.depth += scripts.DEPTH
    try:
        status = yield from shell.run_source(Source(open(path, "rb"), args[0]))
    finally:
        shell.depth -= scripts.DEPTH
        if len(args) > 1:
            shell.args = saved
    if shell.unwind and shell.unwind[0] == "return":
        shell.unwind = None
        status = shell.status
    return status


def b_exec(shell, args):
    if not args:
        return 0
    status = yield commands.external(shell, args)
    raise SystemExit(status)


def b_read(shell, args):
    raw = False
    prompt = None
    i = 0
    while i < len(args) and args[i][:1] == "-" and len(args[i]) > 1:
        if args[i] == "-r":
            raw = True
        elif args[i] == "-p" and i + 1 < len(args):
            i += 1
            prompt = args[i]
        elif args[i] == "--":
            i += 1
            break
        else:
            raise Usage("unknown option", args[i])
        i += 1
    names = list(args[i:])
    if len(names) > 1 and not is_name(names[-1]):
        prompt = names.pop()  # upyOS: read NAME "prompt"
    for name in names:
        if not is_name(name):
            raise Usage("not a name", name)
    stdin = shell.process.stdin
    if prompt is not None and (prompt[-1:] == " " or stdin.isatty()):
        shell.write(prompt)
    text = ""
    ended = False
    marks = ""  # a 1 for each character that a backslash quotes
    while True:
        line = yield from stdin.readline()
        line = line.decode()
        if not line.endswith("\n"):
            ended = True
        else:
            line = line[:-1]
        if raw:
            text = line
            marks = "0" * len(text)
            break
        j = 0
        go_on = False
        while j < len(line):
            c = line[j]
            if c == "\\":
                j += 1
                if j >= len(line):
                    go_on = not ended
                    break
                text += line[j]
                marks += "1"
            else:
                text += c
                marks += "0"
            j += 1
        if not go_on:
            break
    assign_fields(shell, names or ["REPLY"], text, marks, bool(names))
    return 1 if ended else 0


def assign_fields(shell, names, text, marks, split):
    """Split a line among names: the last takes the rest (POSIX read)."""
    ifs = shell.ifs()
    blanks = [c for c in ifs if c in " \t\n"]

    def is_blank(k):
        return text[k] in blanks and marks[k] == "0"

    i = 0
    n = len(text)
    if split or len(names) > 1:
        while i < n and is_blank(i):
            i += 1
    for name in names[:-1]:
        start = i
        while i < n and not (text[i] in ifs and marks[i] == "0"):
            i += 1
        shell.assign(name, text[start:i])
        while i < n and is_blank(i):
            i += 1
        if i < n and text[i] in ifs and marks[i] == "0":
            i += 1
            while i < n and is_blank(i):
                i += 1
    end = n
    if split:
        while end > i and is_blank(end - 1):
            end -= 1
        if end > i and text[end - 1] in ifs and marks[end - 1] == "0":
            rest = [k for k in range(i, end - 1) if text[k] in ifs and marks[k] == "0" and text[k] not in blanks]
            if not rest:
                end -= 1
                while end > i and is_blank(end - 1):
                    end -= 1
    shell.assign(names[-1], text[i:end])


b_source = b_dot


def b_readonly(shell, args):
    if not args or args[0] == "-p":
        for name in sorted(shell.readonly):
            value = shell.vars.get(name)
            shell.write(f"readonly {name}" + ("" if value is None else "=" + quoted(value)) + "\n")
        return 0
    for arg in args:
        name, equals, value = arg.partition("=")
        if not is_name(name):
            raise Usage("not a name", name)
        if equals:
            shell.assign(name, value)
        shell.readonly = shell.readonly + (name,)
    return 0


def b_local(shell, args):
    if not shell.depth:
        raise Failure("", "works in functions only")
    if shell.locals is None:
        shell.locals = {}
    for arg in args:
        name, equals, value = arg.partition("=")
        if not is_name(name):
            raise Usage("not a name", name)
        if name not in shell.locals:
            shell.locals[name] = (shell.vars.get(name), name in shell.exported)
        if equals:
            shell.assign(name, value)
        elif name not in shell.vars or shell.locals[name][0] is not None:
            shell.unset(name)
    return 0


def b_command(shell, args):
    if args and args[0] in ("-v", "-V"):
        return b_type(shell, args[1:], args[0] == "-v")
    while args and args[0] in ("-p", "--"):
        args = args[1:]
    if not args:
        return 0
    builtin = builtins.find(args[0])
    if builtin:
        return commands.run_builtin(shell, builtin, args)
    return commands.external(shell, args)


_RESERVED = (
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "while",
    "until",
    "for",
    "do",
    "done",
    "case",
    "esac",
    "{",
    "}",
    "!",
    "in",
)


def b_type(shell, args, short=False):
    status = 0
    for name in args:
        alias = shell.alias(name)
        if alias is not None:
            text = f"alias {name}={quoted(alias)}" if short else f"{name} is an alias for {alias}"
        elif name in _RESERVED:
            text = name if short else name + " is a shell keyword"
        elif name in shell.functions:
            text = name if short else name + " is a function"
        elif builtins.find(name):
            text = name if short else name + " is a shell builtin"
        else:
            path = commands.locate(shell, name)
            if not path:
                if not short:
                    shell.complain(name, "not found")
                status = 1 if short else 127
                continue
            text = path if short else f"{name} is {path}"
        shell.write(text + "\n")
    return status


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
