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
SPECIAL = (
    ":",
    ".",
    "break",
    "continue",
    "eval",
    "exec",
    "exit",
    "export",
    "readonly",
    "return",
    "set",
    "shift",
    "times",
    "trap",
    "unset",
)


def builtin(name):
    """The built-in called name, or None."""
    builtin = TABLE.get(name)
    if builtin is None and " " not in name:
        word = b" %s " % name  # bytes, as MicroPython allows: a new str is looked for among all names
        for module, names in LATE:
            if word in names:
                if module in QUOTING:
                    preload("text.quoting")
                builtin = getattr(load("shell." + module), "b_dot" if name == "." else "b_" + name)
                TABLE[name] = builtin
                break
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


def unload():
    """Forget the built-ins of modules that are loaded when needed."""
    for _, names in LATE:
        for name in names.decode().split():
            TABLE.pop(name, None)


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

# (module, the built-ins in it): loaded with the first of them.
LATE = (
    ("builtins.directories", b" pushd popd dirs "),
    ("builtins.variables", b" export unset "),
    ("builtins.typeset", b" local readonly typeset declare "),
    ("builtins.flow", b" incr decr shift break continue return goto skip run eval let . source exec "),
    ("builtins.io", b" read printf mapfile readarray "),
    ("builtins.options", b" set shopt getopts "),
    ("builtins.names", b" command builtin type hash alias unalias "),
    ("builtins.jobs", b" jobs fg bg disown wait kill "),
    ("builtins.system", b" umask times ulimit enable suspend logout loadconfig loadboard "),
    ("traps", b" trap "),
    ("history", b" history "),
    ("builtins.fc", b" fc "),
    ("builtins.inspect", b" caller compgen "),
)
