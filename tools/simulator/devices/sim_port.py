# Which chip the simulated board has. The modules of MicroPython's ports differ, and so do those simulated here.

import sys

FIRST_ESP32 = ("esp32-cam", "esp32-wroom-32")  # boards with the chip that has fewer devices than those after it


def _find():
    argv = sys.argv
    if "--board" not in argv[:-1]:
        return ""
    return argv[argv.index("--board") + 1].rsplit("/", 1)[-1].split(".")[0]


_board = _find()  # once: a program that runs may change sys.argv


def board():
    """The name that --board gives; "" where it gives none."""
    return _board


def port():
    """The port of MicroPython: rp2 where --board names a Pico, else esp32."""
    return "rp2" if board().startswith("pico") else "esp32"


def has_radio():
    """Whether the board has Wi-Fi: all but a plain Pico."""
    return board() not in ("pico", "pico2")


def require(name, there):
    """What the import of a module that the board's firmware does not have raises."""
    if not there:
        raise ImportError("no module named '%s'" % name)


def pin_number(pin):
    """The GPIO of a Pin as a text, for paths in the store: Pin(4) and Pin(GPIO4, mode=IN) are "4"."""
    text = str(pin)
    start = 0
    while start < len(text) and not text[start].isdigit():
        start += 1
    end = start
    while end < len(text) and text[end].isdigit():
        end += 1
    return text[start:end] or text
