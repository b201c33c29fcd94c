# command, builtin, type, hash: what a name runs. Loaded when first used.

from base.errors import Failure, Usage
from process import find
from process.find import PATH
from shell import builtins, commands
from text.quoting import quote

_RESERVED = "if then else elif fi while until for do done case esac { } ! in [[ ]] time function"


def b_command(shell, args):
    plain = False
    while args and args[0][:1] == "-" and len(args[0]) > 1:
        letters = args[0][1:]
        args = args[1:]
        if letters == "-":
            break
        if letters.strip("pvV"):
            raise Usage("invalid option", "-" + letters)
        plain = plain or "p" in letters
        if "v" in letters or "V" in letters:
            return (tell_plain if plain else tell)(shell, args, "v" if "v" in letters else "")
    if not args:
        return 0
    builtin = builtins.find(args[0])
    if builtin:
        if args[0] in ("eval", ".", "source"):
            return shielded(shell, builtin(shell, args[1:]))
        # under another name: no error of a special built-in ends the shell here
        return commands.run_builtin(shell, builtin, ["command: " + args[0]] + args[1:])
    if plain:
        return with_path(shell, args, PATH)
    return commands.external(shell, args)


def shielded(shell, status):
    """The status of commands that are read: an error of the shell itself ends them, and not the shell. A generator."""
    if isinstance(status, int):
        return status
    try:
        return (yield status)
    except SystemExit as e:
        if len(e.args) < 2:
            raise
        return e.args[0]


def with_path(shell, args, path):
    """Run a program that is looked for along path; a generator."""
    for directory in path.split(":"):
        found = find.find(directory + "/" + args[0], shell.process)
        if found:
            return (yield commands.external(shell, [found] + args[1:], args[0]))
    return (yield commands.external(shell, args))


def b_builtin(shell, args):
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        return 0
    builtin = builtins.find(args[0])
    if not builtin:
        raise Failure(args[0], "not a shell builtin")
    return commands.run_builtin(shell, builtin, args)


def b_type(shell, args):
    mode = ""
    hide = False  # functions
    while args and args[0][:1] == "-" and len(args[0]) > 1:
        letters = args[0][1:]
        args = args[1:]
        if letters == "-":
            break
        for letter in letters:
            if letter not in "afptP":
                raise Usage("invalid option", "-" + letter)
            if letter == "f":
                hide = True
            else:
                mode += letter
    if mode in ("", "a") and shell.functions:
        return described(shell, args, mode, hide)
    return tell(shell, args, mode, hide)


def described(shell, names, mode, hide):
    """tell() with the text of functions; a generator."""
    status = 0
    for name in names:
        status = tell(shell, [name], mode, hide) or status
        for kind, _ in kinds(shell, name, hide):
            if kind == "function":
                from shell import typeset  # late: few ask for it

                yield typeset.functions(shell, [name], False)
            break
    return status


def kinds(shell, name, hide):
    """(kind, text) of each thing that name may be, the one that runs first."""
    alias = shell.alias(name)
    if alias is not None:
        yield "alias", alias
    if name in _RESERVED.split():
        yield "keyword", name
    if name in shell.functions and not hide:
        yield "function", name
    if builtins.find(name):
        yield "builtin", name
    path = commands.locate(shell, name)
    if path:
        path = find.shown(path)
        if "/" not in name:
            path = path.rsplit(".", 1)[0] if path.endswith((".py", ".mpy")) and not name.endswith("py") else path
        yield "file", path


def tell_plain(shell, names, mode):
    """tell() with programs that are looked for along the PATH that a system begins with."""
    path = shell.vars.get("PATH")
    shell.assign("PATH", PATH)
    try:
        return tell(shell, names, mode)
    finally:
        shell.put_back("PATH", path, "PATH" in shell.exported)
        commands.forget()


def tell(shell, names, mode, hide=False):
    """Say what each name is. mode: v as a command would use it, t the kind, p and P the path, a everything."""
    status = 0
    for name in names:
        found = False
        for kind, text in kinds(shell, name, hide):
            if "P" in mode:
                if kind != "file":
                    continue
            found = True
            if "t" in mode:
                text = kind
            elif "p" in mode or "P" in mode:
                if kind != "file":
                    break
            elif "v" in mode:
                if kind == "alias":
                    text = f"alias {name}={quote(text)}"
            elif kind == "alias":
                text = f"{name} is an alias for {text}"
            elif kind == "file":
                text = f"{name} is {text}"
            else:
                text = f"{name} is a {'special ' * (name in builtins.SPECIAL)}shell {kind}"
                if kind == "function":
                    text = name + " is a function"
            shell.write(text + "\n")
            if "a" not in mode:
                break
        if not found:
            status = 1
            if not mode or mode == "a":
                shell.complain(name, "not found")
                status = 1 if mode or hide else 127
    return status


def b_hash(shell, args):
    """Where programs were found; they are found anew when any file has changed."""
    if args[:1] == ["-r"]:
        commands.forget()
        return 0
    if not args:
        for path in sorted(commands._found.values()):
            shell.write(find.shown(path) + "\n")
    status = 0
    for name in args:
        if not builtins.find(name) and not commands.locate(shell, name):
            shell.complain("hash", Failure(name, "not found"))
            status = 1
    return status
