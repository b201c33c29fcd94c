# typeset, declare, local and readonly: what variables are. Loaded when first used.

from base.errors import Failure, Usage
from shell import expand
from shell.lexer import is_name
from text.quoting import quote


def b_local(shell, args):
    if not shell.calls:
        raise Failure("", "works in functions only")
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
            shell.write(f"readonly {name}" + ("" if value is None else "=" + shown(value)) + "\n")
        return 0
    return declare(shell, ["-r"] + args, False)


def declare(shell, args, local):
    on = ""
    off = ""
    while args and args[0][:1] in ("-", "+") and len(args[0]) > 1:
        letters = args[0]
        args = args[1:]
        if letters == "--":
            break
        for letter in letters[1:]:
            if letter not in "aAfFgilnprtux":
                raise Usage("unknown option", letters[0] + letter)
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
        name, equals, value = arg.partition("=")
        add = equals and name[-1:] == "+"
        if add:
            name = name[:-1]
        subscript = ""
        if name[-1:] == "]":
            name, subscript, _ = name.partition("[")
            subscript = arg.partition("=")[0]
        if not is_name(name):
            shell.complain("typeset", Failure(arg, "not a name"))
            status = 1
            continue
        if local and "g" not in on:
            keep(shell, name)
        if "a" in on or "A" in on:
            from shell import arrays

            old = shell.vars.get(name)
            if not hasattr(old, "keyed"):
                array = arrays.Array("A" in on)
                if old is not None:
                    array.set("0" if array.keyed else 0, expand.text_of(old))
                shell.assign(name, array)
        if subscript:
            shell.put(subscript, value)
        elif equals:
            if add:
                value = expand.text_of(shell.vars.get(name, "")) + value
            if "i" in on:
                value = shell.arith(value)
            elif "l" in on or "u" in on:
                value = value.lower() if "l" in on else value.upper()
            shell.assign(name, value)
        if "x" in on:
            shell.export(name)
        elif "x" in off and name in shell.exported:
            shell.own()
            shell.exported.discard(name)
            shell.set_env(name, None)
        if "r" in on and name not in shell.readonly:
            shell.readonly = shell.readonly + (name,)
    return status


def keep(shell, name):
    """Make name the function's own: its value comes back when the function returns."""
    if shell.locals is None:
        shell.locals = {}
    if name in shell.locals:
        return
    if name in shell.readonly:
        raise Failure(name, "is read only")
    exported = name in shell.exported
    shell.locals[name] = (shell.vars.get(name), exported)
    if name in shell.vars:
        shell.unset(name)
        if exported:  # the function's own is exported, too, once it has a value
            shell.exported.add(name)


def shown(value):
    """A value as it could be assigned."""

    if not hasattr(value, "keyed"):
        return quote(expand.text_of(value))
    return "(" + " ".join([f"[{key}]={quote(value.items[key])}" for key in value.keys()]) + ")"


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
        flags = ""
        if hasattr(value, "keyed"):
            flags = "A" if value.keyed else "a"
        if name in shell.readonly:
            flags += "r"
        if name in shell.exported:
            flags += "x"
        for letter in letters:
            if letter in "aArx" and letter not in flags:
                break
        else:
            shell.write(f"typeset -{flags or '-'} {name}={shown(value)}\n")
    return status


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
