# Lines of details about files, and the orders that need details: for ls.

import os
from time import localtime, time

from micropython import const

from base.paths import DIRECTORY, join, normal
from process import cpu
from program import human

RECENT = const(15552000)  # seconds for which the time of day is shown, then the year

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def by(found, path, opts):
    """Entries (name, mode) that are sorted by name, by time (-t) or size (-S), and directories first."""
    backwards = "r" in opts
    order = []
    for i, (name, bits) in enumerate(found):
        first = "/" in opts and not bits & DIRECTORY
        value = 0
        if "t" in opts or "S" in opts:
            st = os.stat(normal(join(path, name), cpu.current.cwd))
            value = -st[8] if "t" in opts else -_size(st)
            if backwards:
                value = -value
        order.append((first, value, i))
    order.sort()
    return [found[i] for _, _, i in order]


def details(found, path, opts):
    """The text that shows entries (name, mode) of the directory path; path is "" for operands."""
    long = "l" in opts or "n" in opts or "g" in opts or "o" in opts
    figure = human if "h" in opts else str
    blocks = "s" in opts
    rows = []
    total = 0
    for name, bits in found:
        st = os.stat(normal(join(path, name), cpu.current.cwd))
        directory = bits & DIRECTORY
        size = _size(st)
        total += size
        mark = "/" if directory and ("F" in opts or "p" in opts) else ""
        if "F" in opts and _runs(name):
            mark = "*"
        rows.append(
            (
                _attributes(name, path, directory),
                "-" if directory else figure(size),
                st[8],
                name + mark,
                (size + 1023) // 1024,
            )
        )
    width = max([len(row[1]) for row in rows] + [6])
    wide = max([len(str(row[4])) for row in rows] + [1])
    now = time()
    lines = []
    for attributes, size, when, name, kib in rows:
        line = " " * (wide - len(str(kib))) + f"{kib} " if blocks else ""
        if long:
            line += f"{attributes} {' ' * (width - len(size))}{size} {date(when, now)} "
        lines.append(line + name + "\n")
    if long and path and "k" not in opts:
        lines.append(f"Total {path}: {figure(total)}{'' if 'h' in opts else ' bytes'}\n")
    return "".join(lines)


def _size(st):
    return 0 if st[0] & DIRECTORY else st[6]


def _runs(name):
    return name.endswith((".py", ".mpy", ".sh"))


def _attributes(name, path, directory):
    from base import config

    kept = not directory and config.protected(join(path, name), cpu.current.cwd)
    return ("d" if directory else " ") + ("r-" if kept else "rw") + ("x" if not directory and _runs(name) else "-")


def date(when, now):
    """A time as `Nov 21 06:23:05`, as wide with the year when it is long ago or to come; blank where there is none."""
    if not when:
        return " " * 15
    t = localtime(when)
    month = _MONTHS[t[1] * 3 - 3 : t[1] * 3]
    if -60 <= now - when < RECENT:
        return "%s %2d %02d:%02d:%02d" % (month, t[2], t[3], t[4], t[5])
    return "%s %2d %8d" % (month, t[2], t[0])
