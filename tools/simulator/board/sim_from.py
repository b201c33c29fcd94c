# from machine import NAME.
#
# The parts of `machine` are loaded by its __getattr__, and MicroPython lets the AttributeError of a missing one out of
# that statement, where a board raises ImportError. So what imports looks first.

import builtins

_import = builtins.__import__


def install():
    """Look before each import; a system in a thread has sim_imports for that."""
    builtins.__import__ = _load


def _load(name, space=None, local=None, names=None, level=0):
    module = _import(name, space, local, names, level)
    if names and name == "machine":
        check(module, names)
    return module


def check(module, names):
    """Raise ImportError if the module lacks one of the names."""
    for name in names:
        if name != "*" and not hasattr(module, name):
            raise ImportError("can't import name %s" % name)
