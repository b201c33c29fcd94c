# The log: what the kernel and the services have to tell. The last lines stay in memory; batches of them go to a file.
#
#   note("ftpd", "10.0.0.7 logged in as root")        note(..., ERR) for what somebody should look at
#
# `lines` holds (seconds since boot, level, source, text); the levels are those of syslog (RFC 5424). Flash wears out, so
# the file is written seldom: when a batch has come together, some minutes after the first line of one, a few seconds
# after an error, and at shutdown. base.logfile has the file.

import asyncio

from micropython import const

import base
from base.clock import uptime
from base.modules import unload

ERR = 3
WARNING = 4
NOTICE = 5
INFO = 6
DEBUG = 7
LEVELS = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")

_LINES_MAX = const(48)
_BATCH = const(24)  # lines after which the file is written
_TEXT_MAX = const(160)  # characters
_STEP_MS = const(1000)  # twice that at most from an error or a full batch to the file
_LATER_MS = const(600_000)  # from any other line

lines = []
count = 0  # lines ever noted
written = 0  # of these, how many are in the file or need not go there
_writer = None  # the task that writes the file, while lines wait for it
_hurry = False  # it shall do so soon


def note(source, text, level=INFO):
    """Add a line. Control characters in it become '?': a client's name cannot forge another line."""
    global count, _writer, _hurry
    try:
        clean = "".join([c if c >= " " and c != "\x7f" else "?" for c in text[:_TEXT_MAX]])
        lines.append((uptime(), level, source, clean))
    except MemoryError:  # what is told is not worth what it would end
        return
    count += 1
    if len(lines) > _LINES_MAX:
        del lines[0]
    if level <= ERR or count - written >= _BATCH:
        _hurry = True
    if not _writer and base.schedule:
        try:
            _writer = base.schedule(_write_later())
        except MemoryError:  # the next line tries again
            pass


async def _write_later():
    """Write the lines that wait, after a while; where memory is short, later."""
    global _writer, _hurry
    while True:
        waited = 0
        while not _hurry and waited < _LATER_MS:
            await asyncio.sleep_ms(_STEP_MS)
            waited += _STEP_MS
        await asyncio.sleep_ms(_STEP_MS)  # what comes with an error goes to the file with it
        _hurry = False
        try:
            flush()
            break
        except MemoryError:
            _hurry = True
        except Exception:  # an import without memory may fail in other ways: the next line tries again
            break
    _writer = None


def flush():
    """Write the lines that wait to the file; where that cannot be, they are only in memory."""
    global written
    end = count
    waiting = min(end - written, len(lines))
    if waiting:
        from base import logfile  # late: needed every few minutes

        logfile.append(lines[-waiting:], end - written - waiting)
        unload("base.logfile")
    written = end


def clear():
    """Forget the lines in memory."""
    global written
    written = count
    lines.clear()


def text_of(data):
    """Bytes as text: UTF-8, or else a character for each byte."""
    try:
        return data.decode()
    except UnicodeError:
        return "".join([chr(c) for c in data])


def level(name):
    """The number for "err", "error", "warn", "3" or "user.err"; None for what is no level."""
    name = name.rpartition(".")[2].lower()
    name = {"error": "err", "warn": "warning", "panic": "emerg"}.get(name, name)
    if name in LEVELS:
        return LEVELS.index(name)
    return int(name) if len(name) == 1 and name in "01234567" else None
