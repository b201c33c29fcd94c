# Definitions of services: a file for each in /etc/services, overridden by the owner's in /local/services.
#
# A file has lines KEY=VALUE; lib/pages/services.txt describes the keys. Those in /local/services/NAME take precedence over
# /etc/services/NAME: an update can replace the definitions, and enabled services stay enabled.

import os

from micropython import const

from base.errors import Failure
from base.paths import isdir

SYSTEM = "/etc/services"
LOCAL = "/local/services"

_SIZE_MAX = const(2048)  # bytes in a file
_SERVICES_MAX = const(32)

_YES = ("yes", "true", "on", "1")
_NO = ("no", "false", "off", "0")


class Definition:
    """The settings of one service."""

    def __init__(self, name):
        self.name = name
        self.about = ""  # the first comment of the file
        self.command = ""
        self.enabled = False  # start at boot
        self.restart = "always"  # or "failure": unless its status was 0, or "never"
        self.limit = 5  # consecutive restarts before it fails
        self.delay = 1.0  # seconds before the first restart; each further one waits twice as long
        self.daemon = ""  # the process that a command leaves running when it exits
        self.order = 50  # services with a lower number start earlier and stop later

    def read(self, path):
        """Read the settings of a file; Failure names an invalid line."""
        with open(path) as file:
            lines = file.read(_SIZE_MAX).split("\n")
        for number, line in enumerate(lines):
            line = line.strip()
            if line[:1] == "#":
                self.about = self.about or line[1:].strip()
            elif line:
                key, equals, value = line.partition("=")
                try:
                    if not equals:
                        raise ValueError("no KEY=VALUE")
                    self.set(key.strip(), value.strip())
                except ValueError as e:
                    raise Failure(f"{path}: line {number + 1}", e.args[0] if e.args else "invalid number")

    def set(self, key, value):
        if key in ("command", "daemon"):
            setattr(self, key, value)
        elif key == "enabled":
            self.enabled = yes(value)
        elif key == "restart":
            if value in ("always", "failure", "never"):
                self.restart = value
            else:
                self.restart = "always" if yes(value) else "never"
        elif key in ("limit", "order"):
            if not value.isdigit():
                raise ValueError(f"{key}: invalid number: {value}")
            setattr(self, key, int(value))
        elif key == "delay":
            if not value.replace(".", "", 1).isdigit() or not 0 < float(value) <= 3600:
                raise ValueError("delay: invalid number of seconds up to 3600: " + value)
            self.delay = float(value)
        else:
            raise ValueError("unknown key: " + key)


def yes(value):
    """True or False for yes or no."""
    value = value.lower()
    if value not in _YES + _NO:
        raise ValueError("not yes or no: " + value)
    return value in _YES


def names():
    """The names of all services, sorted."""
    found = set()
    for directory in (SYSTEM, LOCAL):
        if isdir(directory):
            found.update(
                [name for name in os.listdir(directory) if name[0] != "." and not name.endswith(("~", ".new"))]
            )
    return sorted(found)[:_SERVICES_MAX]


def read(name):
    """The Definition of a service; Failure if it is missing or invalid."""
    definition = Definition(name)
    found = False
    for directory in (SYSTEM, LOCAL) if "/" not in name and name[:1] not in (".", "") else ():
        try:
            definition.read(directory + "/" + name)
            found = True
        except OSError:
            pass
        except UnicodeError:
            raise Failure(directory + "/" + name, "not a text file")
    if not found:
        raise Failure(name, "no such service")
    if not definition.command:
        raise Failure(name, "no command in its definition")
    return definition


def enable(name, on):
    """Save whether a service starts at boot."""
    from base.files import replace  # late: only to change one

    if read(name).enabled == on:
        return
    path = LOCAL + "/" + name
    kept = []
    try:
        with open(path) as file:
            kept = [
                line
                for line in file.read(_SIZE_MAX).split("\n")
                if line and line.partition("=")[0].strip() != "enabled"
            ]
    except OSError:
        if not isdir(LOCAL):
            os.mkdir(LOCAL)
    kept.append(f"enabled={'yes' if on else 'no'}")
    replace(path, "\n".join(kept) + "\n")
