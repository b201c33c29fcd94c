# Variables that are more than a value: SECONDS RANDOM EPOCHSECONDS HOSTNAME UID SHLVL FUNCNAME and the like, and what typeset
# has made of others (-i a number, -l and -u small and capital letters, -n another variable's name). Loaded with the first.

import os
from time import ticks_diff, ticks_ms, time_ns

from base.errors import Failure
from process import cpu
from process.process import table
from shell import expand

_PLAIN = "plain"  # kept of a variable that means nothing any more
_LISTS = "PIPESTATUS FUNCNAME BASH_SOURCE DIRSTACK BASH_VERSINFO GROUPS"
_VERSION = ("5", "2", "0", "1", "release", "diatom")  # of the bash whose language this is


_COUNTING = "SECONDS RANDOM SRANDOM LINENO EPOCHSECONDS EPOCHREALTIME HOSTNAME BASHPID BASH_COMMAND"  # unset ends this


def lookup(shell, name):
    """The value of a variable that is not among the shell's own; None where it is not set."""
    if name[-1] == "]":
        from shell import arrays  # late: only for arrays

        return arrays.get(shell, name)
    if shell.kept and shell.kept.get(name) == _PLAIN:
        return None
    if name == "SECONDS":
        began = shell.kept and shell.kept.get(name)
        return ticks_diff(ticks_ms(), shell.process.started if began is None else began) // 1000
    if name == "RANDOM":
        return random(shell)
    if name == "SRANDOM":
        return int.from_bytes(os.urandom(4), "little")
    if name == "EPOCHSECONDS" or name == "EPOCHREALTIME":
        from base import clock, dates  # late: only for times

        seconds = clock.now() - dates.from_unix(0)
        return seconds if name == "EPOCHSECONDS" else f"{seconds}.{time_ns() // 1000 % 1000000:06d}"
    if name in _LISTS.split():
        from shell import arrays  # late: only for arrays

        return arrays.lookup(shell, name)
    if name == "BASHPID":
        return shell.process.pid
    if name == "OPTIND":
        return 1
    if name == "_":
        return shell.last_args[-1]
    if name == "HOSTNAME":
        from base import config  # late: only for HOSTNAME

        return config.hostname()
    if name == "UID" or name == "EUID":
        return user(shell)
    if name == "SHLVL" or name == "BASH_SUBSHELL":
        return levels(shell, name == "SHLVL")
    if name == "BASH_COMMAND":
        return shell.traps and shell.traps.command
    if name == "BASH_VERSION" or name == "BASH":
        if not shell.bash:
            return None
        return "/bin/bash" if name == "BASH" else "{}.{}.{}({})-{}".format(*_VERSION)
    if name == "OSTYPE":
        return "diatom"
    if name == "MACHTYPE" or name == "HOSTTYPE":
        return os.uname().machine.split(" ")[0] if hasattr(os, "uname") else "board"
    if name == "SHELLOPTS":
        from shell.builtins import options  # late: only for SHELLOPTS

        return options.names_of(shell)
    return None


def random(shell):
    """A number from 0 to 32767: of the row that RANDOM=seed has begun, or of the hardware."""
    seed = shell.kept and shell.kept.get("RANDOM")
    if seed is None:
        return int.from_bytes(os.urandom(2), "little") & 32767
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    keep(shell, "RANDOM", seed)
    return seed >> 16


def keep(shell, name, value):
    """Remember what a variable is made from; a subshell may have the table, too."""
    table = shell.kept.copy() if shell.kept else {}
    table[name] = value
    shell.kept = table


def unset(shell, name):
    """From now on the variable is one like any other."""
    if name in _COUNTING.split():
        keep(shell, name, _PLAIN)


def assigned(shell, name, value):
    """SECONDS or RANDOM has been assigned to: it goes on from there."""
    if shell.kept and shell.kept.get(name) == _PLAIN:
        return
    shell.vars.pop(name, None)
    try:
        value = int(value)
    except ValueError:
        value = 0
    keep(shell, name, ticks_ms() - value * 1000 if name == "SECONDS" else value & 0x7FFFFFFF)


def elements(shell, name):
    """The elements of a list that the shell makes itself; None for another name."""
    if name == "PIPESTATUS":
        return [str(status) for status in shell.pipes or (shell.status,)]
    if name == "FUNCNAME":
        names = []
        calls = shell.calls
        while calls:
            names.append(calls[0])
            calls = calls[1]
        return names + ["main"] if names and shell.source else names
    if name == "BASH_SOURCE":
        return [shell.source.name] if shell.source else []
    if name == "DIRSTACK":
        return [shell.process.cwd] + (shell.kept or {}).get(name, [])
    if name == "GROUPS":
        return [str(user(shell))]
    if name == "BASH_VERSINFO":
        return list(_VERSION) if shell.bash else []
    return None


def user(shell):
    from base.users import number_of, user_of  # late: only for UID, EUID and GROUPS

    return number_of(user_of(shell.process)) or 0


def levels(shell, shells):
    """How many shells, or only subshells of this one, there are from here up."""
    count = 0
    process = shell.process
    while process:
        if process.subshell_of:
            count += not shells
            process = process.subshell_of
            continue
        if not shells:
            break
        count += process.shell is not None
        process = table.get(process.ppid) if process.ppid != process.pid else None
    return count


# --- typeset -i -l -u -n


class Reference:
    """The value of a variable that stands for another one (typeset -n); as text it is that one's value.

    It is known by its attribute `name`: this module may be forgotten and loaded again while there are some.
    """

    def __init__(self, name):
        self.name = name

    def __str__(self):
        value = cpu.current.shell.lookup(self.name)
        return "" if value is None else expand.text_of(value)


def set_attributes(shell, name, letters):
    """Let name have these letters besides its own."""
    old = shell.attributes or {}
    table = old.copy()  # a subshell may have the old one
    letters = table.get(name, "") + letters
    if "l" in letters and "u" in letters:  # the last one counts
        letters = letters.replace("l" if letters.rfind("u") > letters.rfind("l") else "u", "")
    table[name] = letters
    shell.attributes = table


def clear_attributes(shell, name, letters=None):
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
    set_attributes(shell, name, "n")


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
        from text import case  # late: only for declare -l and -u

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
