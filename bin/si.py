# si - show Python's information about the system
# usage: si
#
# The values of the modules gc, sys, os, micropython and machine.

import gc
import os
import sys

import micropython

from program import options

proc = None


def __main__(args):
    options(args, "", most=0)
    section("gc", (("mem_free", gc.mem_free()), ("mem_alloc", gc.mem_alloc()), call(gc, "threshold")))
    names = ("platform", "version", "version_info", "implementation", "byteorder", "maxsize", "path", "argv")
    section("sys", [(name, getattr(sys, name, None)) for name in names])
    section("os", (("getcwd", os.getcwd()), call(os, "uname"), ("statvfs /", os.statvfs("/"))))
    section("micropython", [call(micropython, name) for name in ("stack_use", "opt_level")])
    try:
        import machine

        section("machine", [call(machine, name) for name in ("freq", "reset_cause", "wake_reason", "unique_id")])
    except ImportError:
        pass


def call(module, name):
    """Return (name, result of the function), or None if it is not supported."""
    try:
        return name, getattr(module, name)()
    except Exception:  # not supported by this port
        return name, None


def section(title, rows):
    for name, value in rows:
        name = title + "." + name
        if value is not None:
            proc.stdout.write(f"{name:<28} {value}\n")
