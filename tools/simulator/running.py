"""The simulated boards that run and whose console is a pseudo terminal: a file for each, in which `diatom` finds it."""

import fcntl
import hashlib
import json
import os

from simulator.environment import STATE

PLACE = os.path.join(STATE, "boards")


def register(flash, pty, port_offset):
    """Let others find this process's board."""
    name = os.path.abspath(flash)
    known = {"name": name, "pid": os.getpid(), "pty": pty, "port_offset": port_offset}
    os.makedirs(PLACE, exist_ok=True)
    path = state_file(name)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(known, file)
    os.replace(path + ".new", path)


def unregister(flash):
    """Remove what register() wrote."""
    _remove(state_file(os.path.abspath(flash)))


def boards():
    """The states of all boards."""
    try:
        files = sorted(os.listdir(PLACE))
    except FileNotFoundError:
        return []
    found = [_load(os.path.join(PLACE, file)) for file in files if file.endswith(".json")]
    return [known for known in found if known]


def state(name):
    """The state of the board with this flash image, or None."""
    return _load(state_file(name))


def state_file(name):
    return os.path.join(PLACE, hashlib.sha256(name.encode()).hexdigest()[:16] + ".json")


def is_alive(known):
    """Whether this very simulator runs: its process is there and holds its flash."""
    try:
        os.kill(known["pid"], 0)
        with open(known["name"], "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.path.exists(known["pty"])
    except OSError:
        return False
    return False


def _load(path):
    """The state in a file; None, and no file, where that board has ended."""
    try:
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
    except (FileNotFoundError, ValueError):
        return None
    if is_alive(known):
        return known
    _remove(path)
    return None


def _remove(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass
