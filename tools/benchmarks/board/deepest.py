# How deep the C stack is inside the shell: install() puts a probe around every function of its modules, which notes
# the stack in use where the function begins. What the probes around its callers take themselves is taken off.
#
# Generators are seen in what they call: their own frames are on the stack then. The trampoline is what they stand on,
# and stays as it is.

import sys

from micropython import stack_use

SEEN = {  # what report() calls them: their modules
    "parser": ("shell.lexer", "shell.simple", "shell.parser", "shell.compound"),
    "interpreter": (
        "shell.ast shell.execute shell.flow shell.resolve shell.foreground shell.expand shell.builtins shell.variables "
        "shell.shell shell.scripts shell.redirect shell.substitution shell.capture shell.parameters "
        "shell.modifiers shell.arith shell.expression "
        "shell.builtins.flow shell.builtins.variables shell.dialect shell.jobs shell.brace"
    ).split(),
}

_deepest = {}  # room: (bytes, name of the function)
_inside = 0  # probes on the stack
_frame = 0  # bytes that one of them takes

_KINDS = ("function", "generator", "closure")


def _probe(function, room, name):
    def probe(*args, **named):
        global _inside
        used = stack_use() - _inside * _frame
        if used > _deepest[room][0]:
            _deepest[room] = (used, name)
        _inside += 1
        try:
            return function(*args, **named)
        finally:
            _inside -= 1

    return probe


def _calibrate():
    """The bytes that a probe adds to the stack of the function that it calls."""
    global _frame
    _deepest["-"] = (0, "")
    _frame = _probe(_nothing, "-", "")(0) - _nothing(0)
    del _deepest["-"]


def _nothing(ignored):
    return stack_use()


def _is_function(value):
    return type(value).__name__ in _KINDS


def install():
    """Load the shell's modules, and install the probes."""
    _calibrate()
    probes = {}  # id of a function: its probe, for the names and tables that share it
    for room, names in SEEN.items():
        _deepest[room] = (0, "")
        for name in names:
            __import__(name)
    for room, names in SEEN.items():
        for name in names:
            module = sys.modules[name]
            for key, value in list(module.__dict__.items()):
                if isinstance(value, type) and key[0] != "_" and not issubclass(value, BaseException):
                    for method, function in list(value.__dict__.items()):
                        if _is_function(function) and method[:2] != "__":
                            setattr(value, method, _probe(function, room, key + "." + method))
                elif _is_function(value) and id(value) not in probes:
                    probes[id(value)] = _probe(value, room, name + "." + key)
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("shell."):
            _replace(module, probes)


def _replace(module, probes):
    """Replace functions by their probes, in the module's names and its tables."""
    for key, value in list(module.__dict__.items()):
        if id(value) in probes:
            setattr(module, key, probes[id(value)])
        elif isinstance(value, dict):
            for name, entry in value.items():
                value[name] = probes.get(id(entry), entry)
        elif isinstance(value, list):
            value[:] = [probes.get(id(entry), entry) for entry in value]


def report():
    """Print the deepest point of each room, and its function."""
    for room, (used, name) in sorted(_deepest.items()):
        print("@", room, used, name)
