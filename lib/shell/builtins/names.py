# command, builtin, type, hash, alias, unalias: what a name runs.

from base.errors import Failure, Usage
from process import find
from process.find import PATH
from shell import execute, foreground, resolve
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
            return (describe_plain if plain else describe)(shell, args, "v" if "v" in letters else "")
    if not args:
        return 0
    builtin = resolve.builtin(args[0])
    if builtin:
        if args[0] in ("eval", ".", "source"):
            return shielded(shell, builtin(shell, args[1:]))
        # under another name: no error of a special built-in ends the shell here
        return execute.run_builtin(shell, builtin, ["command: " + args[0]] + args[1:])
    if plain:
        return with_path(shell, args, PATH)
    return foreground.run(shell, args)


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
            return (yield foreground.run(shell, [found] + args[1:], args[0]))
    return (yield foreground.run(shell, args))


def b_builtin(shell, args):
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        return 0
    builtin = resolve.builtin(args[0])
    if not builtin:
        raise Failure(args[0], "not a shell builtin")
    return execute.run_builtin(shell, builtin, args)


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
    return describe(shell, args, mode, hide)


def described(shell, names, mode, hide):
    """describe() with the text of functions; a generator."""
    status = 0
    for name in names:
        status = describe(shell, [name], mode, hide) or status
        for kind, _ in kinds(shell, name, hide):
            if kind == "function":
                from shell.builtins import typeset  # late: few ask for it

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
    if resolve.builtin(name):
        yield "builtin", name
    path = resolve.locate(shell, name)
    if path:
        path = find.shown(path)
        if "/" not in name:
            path = path.rsplit(".", 1)[0] if path.endswith((".py", ".mpy")) and not name.endswith("py") else path
        yield "file", path


def describe_plain(shell, names, mode):
    """describe() with programs that are looked for along the PATH that a system begins with."""
    path = shell.vars.get("PATH")
    shell.assign("PATH", PATH)
    try:
        return describe(shell, names, mode)
    finally:
        shell.put_back("PATH", path, "PATH" in shell.exported)
        resolve.rehash()


def describe(shell, names, mode, hide=False):
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
                text = f"{name} is a {'special ' * resolve.is_special(name)}shell {kind}"
                if kind == "function":
                    text = name + " is a function"
            shell.write(text + "\n")
            if "a" not in mode:
                break
        if not found:
            status = 1
            if not mode or mode == "a":
                shell.complain(name, "not found")
    return status


def b_hash(shell, args):
    """Where programs were found; they are found anew when any file has changed."""
    if args[:1] == ["-r"]:
        resolve.rehash()
        return 0
    if not args:
        for path in sorted(resolve._found.values()):
            shell.write(find.shown(path) + "\n")
    status = 0
    for name in args:
        if not resolve.builtin(name) and not resolve.locate(shell, name):
            shell.complain("hash", Failure(name, "not found"))
            status = 1
    return status


# --- aliases


def replace(parser):
    """Put the text of the alias that is the token in the place of it."""
    lexer = parser.lexer
    name = lexer.value if isinstance(lexer.value, str) else lexer.value[0]
    text = parser.alias(name)
    shift = len(text) - lexer.pos
    lexer.marks = [[end + shift, other, more] for end, other, more in lexer.marks if end > lexer.start]
    lexer.marks.append([len(text), name, text[-1:] in (" ", "\t")])
    lexer.change(text + lexer.text[lexer.pos :])
    lexer.pos = 0


def follow(parser):
    """The word that has been read is an alias, too, where the text of another, that ends in a blank, stands before it."""
    lexer = parser.lexer
    begun = False  # in a text that has been put in the place of the word
    for mark in lexer.marks:
        if mark[2] and mark[0] <= lexer.start:
            mark[2] = False
            begun = True
    while begun and parser.is_alias(True):
        replace(parser)
        lexer.next()


def b_alias(shell, args):
    if args[:1] == ["--"] or args[:1] == ["-p"]:
        args = args[1:]
    table = shell.aliases or {}
    status = 0
    for arg in args or sorted(table):
        name, equals, text = arg.partition("=") if args else (arg, "", "")
        if equals and name:
            if table is shell.aliases or shell.aliases is None:
                table = table.copy()  # a subshell may hold the old one
            table[name] = text
        elif name in table:
            shell.write(f"{'alias ' if not args else ''}{name}={quote(table[name])}\n")
        else:
            shell.complain("alias", Failure(name, "not found"))
            status = 1
    shell.aliases = table or None
    return status


def b_unalias(shell, args):
    if args[:1] == ["-a"]:
        shell.aliases = None
        return 0
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Usage("usage: unalias -a | NAME...")
    status = 0
    for name in args:
        if not shell.aliases or name not in shell.aliases:
            shell.complain("unalias", Failure(name, "not found"))
            status = 1
            continue
        shell.aliases = shell.aliases.copy()
        del shell.aliases[name]
    return status
