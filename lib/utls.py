# The helpers that programs written for upyOS import: `import utls`. Thin: the work is done elsewhere.

import json
import os

from base.paths import DIRECTORY, exists, isdir, isfile, mode
from process import cpu

file_exists = exists
get_mode = mode

__all__ = ("file_exists", "isdir", "isfile", "get_mode", "DIRECTORY")


def __getattr__(name):
    if name not in ("MONTH", "WEEKDAY"):
        raise AttributeError(name)
    from base import dates  # late: few programs ask

    if name == "MONTH":
        return ("",) + tuple([month[:3] for month in dates.MONTHS.split()])
    return tuple([day[:3] for day in dates.DAYS.split()])


def get_stat(path):
    """os.stat(), or ten zeros."""
    try:
        return os.stat(path)
    except OSError:
        return (0,) * 10


# --- variables


def process():
    """The process of the program that asks."""
    thread = cpu.threads and cpu.threads.running()
    return thread.process if thread else cpu.current


def getenv(name):
    """A variable of the shell that started this program; "" where it is not set."""
    value = process().getenv(name)
    return "" if value is None else value


async def _assign(process, name, value):
    if value is not None:
        process.setenv(name, value)
        return
    process.env = {key: process.env[key] for key in process.env if key != name}
    if process.shell:
        process.shell.unset(name)


def _hand_over(name, value):
    """A thread leaves the tables of the kernel to the event loop (DESIGN law 1)."""
    coro = _assign(process(), name, value)
    if cpu.threads and cpu.threads.running():
        cpu.threads.run_on_loop(coro)
        return
    try:
        coro.send(None)  # it does not wait
    except StopIteration:
        pass


def setenv(name, value):
    """Set a variable of the shell that started this program; it keeps the type of value."""
    if name:
        _hand_over(name, value)


def unset(name):
    """Forget a variable of the shell that started this program."""
    _hand_over(name, None)


def outs(args, value, show=True):
    """Give a result: `cmd > 0` stores it with its type; else it is printed, unless show is False.

    False: the caller may print it in a form for people (True in upyOS meant that it had been redirected).
    """
    process().value = value
    if show:
        print(value)
    return False


# --- texts


def date2s(seconds):
    """A date as 21/11/2026."""
    from time import gmtime  # late: few programs ask

    t = gmtime(seconds)
    return f"{t[2]:02d}/{t[1]}/{t[0]:04d}"


def time2s(seconds, kind=""):
    """A time as 03:51:25; with "e" in kind the days before it: "  0d 03:51:25"."""
    from base.clock import hms  # late: few programs ask

    text = hms(seconds % 86400)
    return f"{seconds // 86400:3d}d {text}" if "e" in kind else text


def human(size):
    """Bytes in eight characters: "   1.50K"."""
    if size > 1048576:
        return f"{size / 1048576:7.2f}M"
    return f"{size / 1024:7.2f}K" if size > 1024 else f"{size:7} "


def tspaces(text, n=12, ab="a", fc=" "):
    """text with the character fc put after ("a") or before ("b") it, up to n characters."""
    fill = fc * (n - len(text))
    return text + fill if ab == "a" else fill + text


def mac2Str(mac):  # noqa: N802
    """A hardware address as 60:55:F9:7E:78:D0."""
    return ":".join([f"{byte:02X}" for byte in mac])


def shlex(line):
    """The words of a line: quotes group, a backslash takes the next character as it is."""
    from text.quoting import split  # late: few programs ask

    return split(line)


def sha1(data, is_file=False):
    """The SHA-1 of a text, or of the file with that name, in hexadecimal; "" for nothing."""
    if not data:
        return ""
    from hashlib import sha1 as new  # late: few programs ask

    digest = new()
    if is_file:
        with open(data, "rb") as file:
            while block := file.read(512):
                digest.update(block)
    else:
        digest.update(data.encode())
    return digest.digest().hex()


# --- system


def save_conf_file(obj, path):
    """Write obj as JSON, at one stroke."""
    from base.files import replace  # late: few programs ask

    replace(path, json.dumps(obj))


def load_conf_file(path):
    """What a JSON file holds."""
    with open(path) as file:
        return json.load(file)


def protected(path):
    """True for a system file that `pfiles` in system.conf protects."""
    from base import config  # late: few programs ask

    return config.protected(path, os.getcwd())


def getgpio(pin):
    """The GPIO at a pin of the board; 0 where there is none."""
    from base import board  # late: few programs ask

    return board.gpio(pin) or 0


def getgpios(category, index):
    """The GPIOs of a controller: getgpios("i2c", 0) -> {"sda": 4, "scl": 5}."""
    from base import board  # late: few programs ask

    return board.gpios(category, index)


def log(source, message):
    """Print a message where sdata.log is on."""
    import sdata  # late: few programs ask

    if sdata.log:
        print(f"{source}: {message}")


def recovery():
    """Restart into recovery, which runs no user code."""
    import kernel  # late: few programs ask

    kernel.recovery()
