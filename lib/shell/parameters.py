# ${...} with a default, an alternative, an error or a length, and ~ at the start of a word. shell.modifiers has the rarer forms.
# Loaded when first used: in shell.expand they took 1.3 kB of every session.

from base.errors import Failure
from shell import expand


def tilde(f, text):
    """~, ~/... and ~user at the start of a word: the home directory. Returns the rest of the word."""
    head, slash, tail = text.partition("/")
    if head != "~":
        if head == "~+" or head == "~-":
            f.add(expand.text_of(f.shell.lookup("PWD" if head == "~+" else "OLDPWD") or head), True)
            return slash + tail
        from base import users  # late: rare

        user = users.find(head[1:]) or (head[1:] == users.ROOT and users.User(users.ROOT))
        if not user:
            return text
        f.add(user.home, True)
        return slash + tail
    f.add(expand.text_of(f.shell.lookup("HOME") or "/"), True)
    return slash + tail


def nested(part):
    """The parsed word of a ${...}, parsed once."""
    if isinstance(part[4], str):
        from shell.substitution import parse_word  # late: only for nested words

        part[4] = parse_word(part[4], part[1] and part[3][-1] not in "#%/^,~", part[5])
        if isinstance(part[4], str):
            part[4] = [part[4]] if part[4] else []
    return part[4]


def param(f, part):
    """${name op word}: the text to add, or None where the fields have been added already; a generator."""
    shell = f.shell
    name, op = part[2], part[3]
    if len(part) > 6:
        from shell import arrays  # late: rare

        return arrays.param(f, part)
    if not name:
        raise Failure("${" + op + "}", "bad substitution", 1 if f.shell.bash else 2)
    value = shell.lookup(name)
    if name in "@*":
        if op[-1] not in "-=?+n":  # n: len
            from shell import arrays  # late: rare

            return arrays.all_of(f, part, shell.args, name)
        if name == "@" or not shell.args:
            value = " ".join(shell.args) if shell.args else None
    elif hasattr(value, "keyed"):  # an array: its element 0
        value = value.get(0)
    return param_of(f, part, value)


def param_of(f, part, value):
    """The same for a value that is known (None: not set)."""
    shell = f.shell
    quoted, name, op = part[1], part[2], part[3]
    if op == "len":
        if name in "@*":
            return str(len(shell.args))
        if value is None and shell.flag("u"):
            raise expand.Unset(name, "parameter not set")
        return str(len(expand.text_of(value))) if value is not None else "0"
    kind = op[-1]
    if kind in "-=?+":
        missing = value is None or (op[0] == ":" and expand.text_of(value) == "")
        if missing == (kind == "+"):  # the parameter itself, or nothing
            if kind == "+":
                return None if not quoted else ""
            if name in "@*":
                expand.add_simple(f, ["var", quoted, name], None)
                return None
            return expand.text_of(value)
        if kind == "-" or kind == "+":
            word = nested(part)
            yield expand.add_parts(f, word, not quoted and not f.single)
            if quoted and not word:
                f.add("", True)
            return None
        word = nested(part)
        if kind == "=":
            if not (name[0].isalpha() or name[0] == "_"):
                raise Failure(name, "cannot assign in this way")
            text = yield expand.slow_single(shell, word)
            shell.assign(name, text)
            return text
        text = yield expand.slow_single(shell, word)
        raise expand.Unset(name, text or "parameter " + ("null or not set" if op[0] == ":" else "not set"))
    if value is None:
        if shell.flag("u"):
            raise expand.Unset(name, "parameter not set")
        if kind == "Q":
            return ""
        value = ""
    from text import pattern  # noqa: F401, I001  (leaves first: an import inside another needs much stack)
    from shell import modifiers  # late: the rarer forms

    return (yield modifiers.apply(shell, part, expand.text_of(value)))
