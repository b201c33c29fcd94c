# What `typeset` says of variables for good: -i a number, -l and -u small and capital letters, -n another variable's
# name. Loaded with the first of them.

from base.errors import Failure
from process import cpu
from shell import expand


class Reference:
    """The value of a variable that stands for another one (typeset -n); as text it is that one's value.

    It is known by its attribute `name`: this module may be forgotten and loaded again while there are some.
    """

    def __init__(self, name):
        self.name = name

    def __str__(self):
        value = cpu.current.shell.lookup(self.name)
        return "" if value is None else expand.text_of(value)


def give(shell, name, letters):
    """Let name have these letters besides its own."""
    old = shell.attributes or {}
    table = old.copy()  # a subshell may have the old one
    letters = table.get(name, "") + letters
    if "l" in letters and "u" in letters:  # the last one counts
        letters = letters.replace("l" if letters.rfind("u") > letters.rfind("l") else "u", "")
    table[name] = letters
    shell.attributes = table


def take(shell, name, letters=None):
    """Take letters away from name; None: all."""
    table = shell.attributes.copy()
    rest = "".join([c for c in table.pop(name, "") if letters and c not in letters])
    if rest:
        table[name] = rest
    shell.attributes = table or None


def refer(shell, name, target):
    """Let name stand for target."""
    seen = target.partition("[")[0]
    for _ in range(9):
        if seen == name:
            raise Failure(name, "refers to itself")
        value = shell.vars.get(seen)
        if not hasattr(value, "name"):
            break
        seen = value.name
    shell.assign(name, Reference(target))
    give(shell, name, "n")


def changed(shell, name, value):
    """What is to be stored for an assignment to name; None where that has been done."""
    letters = shell.attributes[name]
    if "n" in letters:
        shell.put(shell.vars[name].name, value)
        return None
    if hasattr(value, "keyed"):
        return value
    if "i" in letters:
        return shell.arith(expand.text_of(value))
    if "l" in letters or "u" in letters:
        value = expand.text_of(value)
        from text import case

        return case.lower(value) if "l" in letters else case.upper(value)
    return value


def added(shell, name, value):
    """The value of name with value behind it: for `name+=value`."""
    old = shell.vars.get(name)
    letters = shell.attributes.get(name, "") if shell.attributes else ""
    if "n" in letters:
        return added(shell, old.name, value)
    old = "" if old is None else expand.text_of(old)
    return str(shell.arith(f"({old or 0})+({value})")) if "i" in letters else old + value
