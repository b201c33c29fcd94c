# The file of the log: /var/log/messages, which becomes messages.1 when it is full, and so on.
#
# "log" in system.conf has its settings: {"file": "/var/log/messages", "level": "info", "size": 16384, "keep": 1};
# "file": "" keeps the log in memory only.
#
# Loaded for each batch of lines only: 1.2 kB, besides what it imports.

import os

from micropython import const

from base import config, generation, log
from base.clock import now, uptime
from base.dates import strftime
from base.files import rename
from base.paths import dirname, exists, isdir

PATH = "/var/log/messages"
_SIZE = const(16384)  # bytes of a file
_KEEP = const(1)  # old files that are kept
_KEEP_MAX = const(9)
_EISDIR = const(21)
_HEAD = const(32)  # bytes of a line before its source and its text


def append(lines, lost=0):
    """Add lines of the log to the file; returns False on failure."""
    settings = config.section("log")
    path = settings.get("file", PATH)
    if not path:
        return False
    least = log.level(str(settings.get("level", "info")))
    least = log.INFO if least is None else least
    size = sum([len(line[2]) + len(line[3]) + _HEAD for line in lines if line[1] <= least])
    try:
        make_room(path, size, settings)
        generation.note()
        with open(path, "a") as file:  # line by line: one text of them all might find no memory
            if lost:
                file.write(f"({lost} lines lost)\n")
            for line in lines:
                if line[1] <= least:
                    file.write(show(line) + "\n")
    except (OSError, TypeError, AttributeError):  # a full flash or wrong settings: the log must not stop the system
        return False
    return True


def make_room(path, more, settings):
    """Rename the file when it has its size: the oldest one goes."""
    directory = dirname(path)
    if not isdir(directory):
        os.mkdir(directory)
    if isdir(path):  # wrong settings: it must not be renamed
        raise OSError(_EISDIR)
    if not exists(path) or os.stat(path)[6] + more <= settings.get("size", _SIZE):
        return
    keep = min(settings.get("keep", _KEEP), _KEEP_MAX)
    for number in range(keep, 1, -1):
        if exists(f"{path}.{number - 1}"):
            rename(f"{path}.{number - 1}", f"{path}.{number}")
    if keep > 0:
        rename(path, path + ".1")
    else:
        os.remove(path)


def show(line, zone=None):
    """A line of the log as text, with its date: of UTC, or of the TZ zone."""
    seconds, level, source, text = line
    when = now() - uptime() + seconds
    form = "%Y-%m-%dT%H:%M:%SZ" if zone is None else "%Y-%m-%d %H:%M:%S"
    return f"{strftime(form, when, zone or '')} {log.LEVELS[level]} {source}: {text}"
