# The board: what its .board file says (JSON with the keys of upyOS).
#
# `board` in system.conf names the file, by path or by its bare name in /etc/boards; if it names none, the
# firmware's own name tells which it is, by the table names there. A system in packs has its own in /rom/etc/boards.
# Nothing stays in memory but that path: each question reads the file, and who asks much keeps what read() gives.

import json
import os
import sys

from base import config

DIRECTORIES = ("/etc/boards/", "/rom/etc/boards/")
DEFAULT = "/etc/default.board"

_path = None  # the file in use, once it has been chosen


def _is_file(path):
    try:
        return not os.stat(path)[0] & 0x4000
    except OSError:
        return False


def machine():
    """What the firmware calls its board: "Raspberry Pi Pico W with RP2040"."""
    if hasattr(os, "uname"):
        return os.uname().machine
    return getattr(sys.implementation, "_machine", sys.platform)


def _lookup(text):
    """The board for the first key in /etc/boards/names that is in text; "" if there is none."""
    text = text.lower().replace(" ", "").replace("-", "")
    for directory in DIRECTORIES:
        try:
            with open(directory + "names") as file:
                for line in file.read().split("\n"):
                    key, _, name = line.partition(" ")
                    if line[:1] != "#" and name and key in text:
                        return name.strip()
        except OSError:
            pass
    return ""


def _find(name):
    """The file for a path or a bare name; None if it does not exist."""
    for directory in ("",) if "/" in name else DIRECTORIES:
        for end in (".board", "") if directory else ("",):
            if _is_file(directory + name + end):
                return directory + name + end
    name = name.rsplit("/", 1)[-1]
    if name.startswith("upyOS-"):  # what an upyOS user has in system.conf
        name = _lookup(name)
        if name:
            return _find(name)
    return None


def load(name=None):
    """Choose the board file; returns None, or the sentence that the user should see.

    name: a path or a bare name; None: what the configuration says, or else the firmware.
    """
    return _choose(name)[0]


def _choose(name=None):
    """As load(), with the content of the file if it was read: (message, content)."""
    global _path
    message = found = None
    wanted = name or config.get("board") or _lookup(machine())
    path = _find(wanted) if wanted else None
    if wanted and not path:
        message = f"board {wanted} not found, {DEFAULT} is used"
    elif path:
        try:
            found = _parse(path)
        except (OSError, ValueError):
            message = f"{path}: invalid, using {DEFAULT}"
            path = None
    _path = path or DEFAULT
    return message, found


def _parse(path):
    with open(path) as file:
        found = json.loads(file.read())  # json.load() asks the file for each byte by itself
    if not isinstance(found, dict):
        raise ValueError
    return found


def path():
    """The path of the board file in use."""
    if not _path:
        load()
    return _path


def read():
    """All that the board file says, as a dict that the caller may keep. A `gpio` table is always there."""
    try:
        found = None if _path else _choose()[1]  # path() would be one more level of a C stack that is deep by now
        if found is None:
            found = _parse(_path)
    except (OSError, ValueError):
        found = {}
    found.setdefault("gpio", [{}])
    if "wifi" not in found:
        found["wifi"] = _has_wifi()
    return found


def get(key, default=None):
    """One entry of the board file."""
    return read().get(key, default)


def _has_wifi():
    try:
        import network
    except ImportError:
        return False
    return hasattr(network, "WLAN")


def gpio(pin):
    """The number of the GPIO at a pin of the board; None if there is none."""
    for number, place in read()["gpio"][0].items():
        if place == pin:
            return int(number)
    return None


def gpios(category, index=0):
    """The signals of a controller as GPIO numbers: gpios("i2c", 0) -> {"sda": 4, "scl": 5}.

    A signal whose pin has no GPIO is left out; KeyError or IndexError where the board has no such controller.
    """
    found = read()
    numbers = {place: int(number) for number, place in found["gpio"][0].items()}
    return {signal: numbers[place] for signal, place in found[category][index].items() if place in numbers}


def unique_id():
    """The number of this piece of hardware in upper case hexadecimal; "0" if it has none."""
    try:
        from machine import unique_id as read_id
    except ImportError:
        return "0"
    return read_id().hex().upper()
