# typeset, declare, local, readonly: what variables are.

from base.errors import Failure, Usage
from shell import expand
from shell.lexer import is_name
from text.quoting import on_a_line, quote


def b_local(shell, args):
    if not shell.calls:
        raise Failure("", "can only be used in a function")
    return declare(shell, args, True)


def b_typeset(shell, args):
    return declare(shell, args, bool(shell.calls))


b_declare = b_typeset


def b_readonly(shell, args):
    if args[:1] == ["--"]:
        args = args[1:]
    if not args or args[0] == "-p":
        for name in sorted(shell.readonly):
            value = shell.vars.get(name)
            if value is not None:
                value = shown(value) if hasattr(value, "keyed") else quote(expand.text_of(value))
            shell.write(f"readonly {name}" + ("" if value is None else "=" + value) + "\n")
        return 0
    return declare(shell, ["-r"] + args, False)


def declare(shell, args, local):
    on = ""
    off = ""
    while args and isinstance(args[0], str) and args[0][:1] in ("-", "+") and len(args[0]) > 1:
        letters = args[0]
        args = args[1:]
        if letters == "--":
            break
        for letter in letters[1:]:
            if letter not in "aAfFgIilnprtux":
                raise Usage("invalid option", letters[0] + letter)
        if letters[0] == "-":
            on += letters[1:]
        else:
            off += letters[1:]
    if "f" in on or "F" in on:
        return functions(shell, args, "F" in on)
    if "p" in on or not args:
        return show(shell, args, on)
    status = 0
    for arg in args:
        items = None
        if isinstance(arg, tuple):
            arg, items = arg
        if not declare_one(shell, arg, items, on, off, local and "g" not in on):
            status = 1
    return status


def declare_one(shell, arg, items, on, off, local):
    """Declare one variable; False where arg names none. items: those of name=( ... )."""
    name, equals, value = arg.partition("=")
    add = equals and name[-1:] == "+"
    if add:
        name = name[:-1]
    subscript = ""
    if name[-1:] == "]":
        name, subscript, _ = name.partition("[")
        subscript = arg.partition("=")[0]
    if not is_name(name):
        shell.complain("typeset", Failure(arg, "not a valid identifier"))
        return False
    if local:
        keep(shell, name)
    given = "".join([letter for letter in on if letter in "ilu"])
    if "n" in on:
        from shell import special  # late: only for attributes

        if equals:
            special.refer(shell, name, value)
        return True
    if given or (off and shell.attributes and name in shell.attributes):
        from shell import special  # late: only for attributes

        if given:
            special.set_attributes(shell, name, given)
        if off and name in shell.attributes:
            special.clear_attributes(shell, name, off)
    if items is not None or "a" in on or "A" in on:
        make_array(shell, name, items, add, "A" in on)
    if items is not None:
        pass
    elif subscript:
        shell.put(subscript, value)
    elif equals:
        if add:
            from shell import special  # late: only for attributes

            value = special.added(shell, name, value)
        shell.assign(name, value)
    if "x" in on:
        shell.export(name)
    elif "x" in off and name in shell.exported:
        shell.own()
        shell.exported.discard(name)
        shell.set_env(name, None)
    if "r" in on and name not in shell.readonly:
        shell.readonly = shell.readonly + (name,)
    return True


def make_array(shell, name, items, add, keyed):
    """Make name an array, or add the items to it."""
    from shell import arrays  # late: rare

    if items is not None:
        arrays.fill(shell, name, items, add, keyed)
        return
    old = shell.vars.get(name)
    if not hasattr(old, "keyed"):
        array = arrays.Array(keyed)
        if old is not None:
            array.set("0" if keyed else 0, expand.text_of(old))
        shell.assign(name, array)


def keep(shell, name):
    """Make name the function's own: its value comes back when the function returns."""
    if shell.locals is None:
        shell.locals = {}
    if name in shell.locals:
        return
    if name in shell.readonly:
        raise Failure(name, "readonly variable")
    exported = name in shell.exported
    shell.locals[name] = (shell.vars.get(name), exported)
    if name in shell.vars:
        shell.unset(name)
        if exported:  # the function's own is exported, too, once it has a value
            shell.exported.add(name)


def shown(value):
    """A value as bash writes it where it could be assigned."""
    if not hasattr(value, "keyed"):
        return in_quotes(expand.text_of(value))
    return "(" + " ".join([f"[{key}]={in_quotes(value.items[key])}" for key in value.keys()]) + " " * value.keyed + ")"


def in_quotes(text):
    """text in double quotes; in $'...' where it has control characters."""
    for c in text:
        if c < " " or c == "\x7f":
            return on_a_line(text)
    for c in '\\"$`':
        text = text.replace(c, "\\" + c)
    return '"' + text + '"'


def letters_of(shell, name):
    """The attributes of a variable as letters."""
    value = shell.vars.get(name)
    flags = ""
    if hasattr(value, "keyed"):
        flags = "A" if value.keyed else "a"
    given = shell.attributes.get(name, "") if shell.attributes else ""
    for letter in "ilnu":
        if letter in given:
            flags += letter
    if name in shell.readonly:
        flags += "r"
    if name in shell.exported:
        flags += "x"
    return flags


def show(shell, names, letters):
    """Write declarations of the variables; of all, where no name is given."""
    status = 0
    for name in names or sorted(shell.vars):
        value = shell.vars.get(name)
        if value is None or not is_name(name):
            if names:
                shell.complain("typeset", Failure(name, "not found"))
                status = 1
            continue
        flags = letters_of(shell, name)
        for letter in letters:
            if letter in "aAilnrux" and letter not in flags:
                break
        else:
            shell.write(declaration(value, name, flags) + "\n")
    return status


def declaration(value, name, flags):
    text = in_quotes(value.name) if hasattr(value, "name") else shown(value)
    return f"declare -{flags or '-'} {name}={text}"


def functions(shell, names, only_names):
    """typeset -f and -F: which functions there are, and what they are; a generator."""
    status = 0
    for name in names or sorted(shell.functions):
        if name not in shell.functions:
            status = 1
        elif only_names:
            shell.write(name + "\n")
        else:
            from shell import listing  # late: rare

            out = []
            yield listing.function(out, name, shell.functions[name])
            shell.write("".join(out))
    return status
