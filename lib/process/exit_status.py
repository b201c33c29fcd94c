# The exit status and the error message of a program that an exception has ended.

import asyncio
import gc

from micropython import const

import base
from base.errors import Failure, Usage
from process import process as processes

debug = False  # print tracebacks of programs that die

_INT = const(2)
_TERM = const(15)
_EPIPE = const(32)


def status_of(process, error):
    """The exit status for the exception that ended a program; its message goes to stderr."""
    if process.leaving and isinstance(error, asyncio.CancelledError):
        error = process.leaving
    if isinstance(error, SystemExit):
        value = error.args[0] if error.args else None
        if value is None or isinstance(value, int):
            return int(value or 0) & 255
        process.complain("", str(value))
        return 1
    if isinstance(error, (asyncio.CancelledError, GeneratorExit)):
        return 128 + (process.signal or _TERM)
    if isinstance(error, KeyboardInterrupt):
        return 128 + (process.signal or _INT)
    if isinstance(error, OSError) and error.args and error.args[0] == _EPIPE:
        return 141  # 128 + SIGPIPE, silently as in every shell
    if isinstance(error, MemoryError):
        gc.collect()
    trace(process, error)
    lost = process.session and process.session.name == "console" and process.ppid == 1
    if lost and not isinstance(error, (Failure, OSError, MemoryError)) and "recursion" not in str(error):
        base.broken = error  # the console's shell has crashed: the kernel starts the rescue console
    named = isinstance(error, OSError) and len(error.args) > 1 and error.args[0] > 0
    process.complain(error.args[1] if named else "", error)  # the path, added by base.files and program
    if isinstance(error, Usage) and processes.show_usage:
        processes.show_usage(process)
    return error.status if isinstance(error, Failure) else 1


def trace(process, error):
    """Print the traceback if debugging is on."""
    if not debug:
        return
    import io  # late: only to debug
    import sys

    text = io.StringIO()
    sys.print_exception(error, text)
    process.stderr.write(text.getvalue())
