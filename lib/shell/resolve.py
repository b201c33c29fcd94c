# What the name of a command runs: the table of all built-ins, and where along PATH programs were found.
#
# A built-in is a function b_NAME of (shell, args) that returns the exit status (None is 0), or a generator for execute.run()
# where it must wait. Those that most lines use are in shell/builtins/__init__.py, the others beside it.

import sys

from micropython import const

from base import generation
from base.modules import preload
from process import find
from shell import builtins

_FOUND_MAX = const(32)
QUOTING = ("builtins.names", "builtins.typeset")  # those that import text.quoting


# --- programs


_found = {}  # name: path, as a shell's hash table
_epoch = 0  # generation.count when they were found


def rehash():
    """Forget where programs were found: PATH has changed."""
    _found.clear()


def locate(shell, name):
    """The path of a program, or None."""
    global _epoch
    if _epoch != generation.count:
        _epoch = generation.count
        _found.clear()
    path = _found.get(name)
    if path:
        return path
    path = find.find(name, shell.process)
    if path and ("/" not in name or name.startswith("/")):
        if len(_found) >= _FOUND_MAX:
            _found.clear()
        _found[name] = path
    return path


# --- built-ins


# Those of POSIX 2.15: an error in one ends a script, and an assignment before one stays.
# (Words in bytes, here and below: a tuple of them takes three times as much memory, and each becomes a name.)
SPECIAL = b" : . break continue eval exec exit export readonly return set shift times trap unset "


def is_special(name):
    """True for a special built-in."""
    return is_word(name, SPECIAL)


def is_word(name, words):
    return b" %s " % name in words


def builtin(name):
    """The built-in called name, or None."""
    builtin = TABLE.get(name)
    if builtin is None and " " not in name:
        at = LATE.find(b" %s " % name)  # bytes, as MicroPython allows: a new str is looked for among all names
        if at >= 0:
            line = LATE.rfind(b"\n", 0, at) + 1
            module = LATE[line : LATE.find(b":", line)].decode()
            if module in QUOTING:
                preload("text.quoting")
            builtin = TABLE[name] = getattr(load("shell." + module), "b_dot" if name == "." else "b_" + name)
    return builtin


def load(name):
    """Import a module with built-ins; if need be after an eviction."""
    try:
        __import__(name)
    except MemoryError:
        from process import memory  # late: this is rare

        memory.evict(True)
        __import__(name)
    return sys.modules[name]


def late_names():
    """The names of the built-ins that are loaded when needed."""
    return [word for word in LATE.decode().split() if word[-1] != ":"]


def unload():
    """Forget the built-ins of modules that are loaded when needed."""
    for name in TABLE:
        if is_word(name, LATE):
            TABLE.pop(name)  # the iteration goes on behind it: removing an entry moves no other


TABLE = {
    ":": builtins.b_true,
    "true": builtins.b_true,
    "false": builtins.b_false,
    "echo": builtins.b_echo,
    "pwd": builtins.b_pwd,
    "cd": builtins.b_cd,
    "test": builtins.b_test,
    "[": builtins.b_bracket,
    "exit": builtins.b_exit,
}

# A line for each module: the built-ins in it. It is loaded with the first of them.
LATE = (
    b"builtins.directories: pushd popd dirs \n"
    b"builtins.variables: export unset \n"
    b"builtins.typeset: local readonly typeset declare \n"
    b"builtins.flow: incr decr shift break continue return goto skip run eval let . source exec \n"
    b"builtins.io: read printf mapfile readarray \n"
    b"builtins.options: set shopt getopts \n"
    b"builtins.names: command builtin type hash alias unalias \n"
    b"builtins.jobs: jobs fg bg disown wait kill \n"
    b"builtins.system: umask times ulimit enable suspend logout loadconfig loadboard \n"
    b"traps: trap \n"
    b"history: history \n"
    b"builtins.fc: fc \n"
    b"builtins.inspect: caller compgen \n"
)
