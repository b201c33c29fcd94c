# The log of the kernel and the services. The last lines stay in memory; batches of them are written to a file.
#
#   note("ftpd", "10.0.0.7 logged in as root")        note(..., ERR) for a line that needs attention
#
# entries() yields (seconds since boot, level, source, text); the levels are those of syslog (RFC 5424). Flash wears out,
# so the file is written rarely: when a batch is full, some minutes after its first line, a few seconds after an error, and
# at shutdown. base.logfile writes it.
#
# The lines are in one buffer. As objects they would take three times the memory, and fragment the heap.

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
_BUFFER = const(512)  # bytes of the first buffer; it doubles up to
_BUFFER_MAX = const(4096)
_NEWLINE = const(10)
_STEP_MS = const(1000)  # twice that at most from an error or a full batch to the file
_LATER_MS = const(600_000)  # from any other line

_buffer = bytearray()  # lines of seconds, level, source and text, with tabs between
_end = 0  # bytes of it that are in use
_gone = 0  # bytes that have been removed at its beginning, ever
kept = 0  # lines in it
count = 0  # lines ever noted
written = 0  # of these, how many are in the file or need not go there
_writer = None  # the task that writes the file, while lines wait for it
_hurry = False  # it shall do so soon


def note(source, text, level=INFO):
    """Add a line. Control characters in it become '?': a client's name cannot forge another line."""
    global count, _writer, _hurry
    try:
        store(f"{uptime()}\t{level}\t{clean(source)}\t{clean(text[:_TEXT_MAX])}\n".encode())
    except MemoryError:  # what is told is not worth what it would end
        return
    count += 1
    if level <= ERR or count - written >= _BATCH:
        _hurry = True
    if not _writer and base.schedule:
        try:
            _writer = base.schedule(_write_later())
        except MemoryError:  # the next line tries again
            pass


def clean(text):
    return "".join([c if c >= " " and c != "\x7f" else "?" for c in text])


def store(line):
    """Add a line to the buffer. Where there is no place for it, the buffer grows, or the oldest lines are removed."""
    global _buffer, _end, kept
    if _end + len(line) > len(_buffer) and len(_buffer) < _BUFFER_MAX:
        larger = bytearray(min(max(2 * len(_buffer), _BUFFER), _BUFFER_MAX))
        larger[:_end] = memoryview(_buffer)[:_end]
        _buffer = larger
    while kept >= _LINES_MAX or _end + len(line) > len(_buffer):
        remove_first()
    _buffer[_end : _end + len(line)] = line
    _end += len(line)
    kept += 1


def remove_first():
    """Remove the oldest line."""
    global _end, _gone, kept
    size = next_line(0)
    view = memoryview(_buffer)
    view[: _end - size] = view[size:_end]
    _end -= size
    _gone += size
    kept -= 1


def next_line(at):
    """Where in the buffer the next line begins."""
    while _buffer[at] != _NEWLINE:
        at += 1
    return at + 1


def entries(skip=0):
    """Yield the lines in memory as (seconds since boot, level, source, text), without the first `skip` of them."""
    at = _gone
    while at < _gone + _end:
        begin = max(at - _gone, 0)  # lines may have been removed meanwhile
        end = next_line(begin)
        at = _gone + end
        if skip > 0:
            skip -= 1
            continue
        seconds, number, source, text = text_of(bytes(memoryview(_buffer)[begin : end - 1])).split("\t")
        yield int(seconds), int(number), source, text


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
    """Write the pending lines to the file; if that fails, they are in memory only."""
    global written
    end = count
    waiting = min(end - written, kept)
    if waiting:
        from base import logfile  # late: needed every few minutes

        logfile.append(list(entries(kept - waiting)), end - written - waiting)
        unload("base.logfile")
    written = end


def clear():
    """Forget the lines in memory."""
    global written, kept, _end, _gone
    written = count
    _gone += _end
    kept = _end = 0


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
