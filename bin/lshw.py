# lshw - show the hardware
# usage: lshw [-b]
#        lshw -f [CATEGORY]
#
#   -b  brief: identity, board, software, clock      -f  the whole board file, or one CATEGORY of it

import os
import sys

from base import VERSION, board
from base.errors import Failure, Usage
from program import options

proc = None

FIRST = ("board", "mcu", "eth", "wifi", "bt", "ir", "rtc", "temp", "ver", "text")
LAST = ("5v0", "3v3", "gnd", "nc", "resv", "other")


def __main__(args):
    opts, words = options(args, "bf")
    if len(words) > 1 or (words and "f" not in opts):
        raise Usage("extra operand")
    if words:
        found = board.read()
        if words[0] not in found:
            raise Failure(words[0], "not in the board file")
        show(words[0], found[words[0]])
        return
    brief()
    if "f" in opts:
        found = board.read()
        middle = sorted([key for key in found if key not in FIRST and key not in LAST])
        for key in list(FIRST) + middle + list(LAST):
            if key in found:
                show(key, found[key])


def brief():
    write = proc.stdout.write
    about = board.get("board") or {}
    write(f"SystemID:    {board.unique_id()}\n")
    write(f"Platform:    {sys.platform}\n")
    write(f"Board:       {about.get('name', 'unknown')}\n")
    write(f"Machine:     {board.machine()}\n")
    write(f"Diatom:      {VERSION}\n")
    write(f"MicroPython: {'.'.join([str(part) for part in sys.implementation.version[:3]])}\n")
    write(f"Firmware:    {os.uname().version if hasattr(os, 'uname') else sys.version}\n")
    try:
        from machine import freq

        now = freq()
        write(f"CPU speed:   {(now[0] if isinstance(now, tuple) else now) / 1000000:g} MHz\n")
    except ImportError:
        pass


def show(key, value):
    """Print one entry: a value, or a list of values or tables."""
    write = proc.stdout.write
    if not isinstance(value, (list, dict)):
        write(f"{key}: {value}\n")
        return
    tables = [value] if isinstance(value, dict) else value
    if not tables or not isinstance(tables[0], dict):
        write(f"{key}: {' '.join([str(item) for item in tables])}\n")
        return
    for index, table in enumerate(tables):
        write(f"{key}[{index}]:\n" if len(tables) > 1 else f"{key}:\n")
        names = sorted(table, key=lambda name: (0, int(name), "") if name.isdigit() else (1, 0, name))
        for name in names:
            write(f"    {name:<8} {table[name]}\n")
