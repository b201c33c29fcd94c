# The configuration: /etc/system.conf, overridden by the kernel's command line.
#
# The file is JSON with the keys of upyOS (ver, board, pfiles, env, alias, auth) and `hostname`. It is read on request;
# only the dict that content() returns stays in memory. `env` is the initial environment of every session; a session's
# variables are never saved here. A damaged file is renamed and the defaults are written (DESIGN section 6).

import json
import os

from micropython import const

import base
from base.errors import reason
from base.paths import normal

PATH = "/etc/system.conf"
BAD = "/etc/system.conf.bad"

_SIZE_MAX = const(16384)  # bytes in the file
_NAME_MAX = const(32)  # letters of a host name: what the module network takes

_content = None  # what content() has returned
_protected = None  # the normal paths of `pfiles`, once read


def _defaults():
    return {
        "ver": 1.0,
        "board": "",  # a name in /etc/boards or a path; "": the one that the firmware's name tells
        "hostname": "",
        "pfiles": ["/boot.py", "/main.py"],
        "env": {"TZ": "0"},
        "alias": {},
    }


def _read(path):
    """The dict in a JSON file; ValueError with a message if it is damaged."""
    if os.stat(path)[6] > _SIZE_MAX:
        raise ValueError(f"longer than {_SIZE_MAX} bytes")
    with open(path) as file:
        try:
            found = json.loads(file.read())
        except (ValueError, MemoryError):
            raise ValueError("invalid JSON")
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    for key, value in _defaults().items():
        kind = (int, float) if key == "ver" else type(value)
        if key in found and not isinstance(found[key], kind):
            raise ValueError(f"{key}: wrong type")
    return found


def load(path=PATH):
    """Read the configuration; returns None, or the sentence that the user should see.

    Where /etc/system.conf is missing it is written; where it is damaged it becomes /etc/system.conf.bad first.
    """
    global _content, _protected
    message = None
    try:
        found = _read(path)
    except (OSError, ValueError) as e:
        missing = isinstance(e, OSError) and e.errno == 2
        if path != PATH:
            return f"{path}: not found" if missing else f"{path}: {_why(e)}"
        found = _defaults()
        message = None if missing else _set_aside(_why(e))
        message = _write(found) or message
    _content = found
    _protected = None
    return message or _unusable(found)


def _unusable(found):
    """The sentence about an option that cannot be used, or None."""
    if all(key in _defaults() for key in found):
        return None
    from base import settings  # late: few boards have options

    why = settings.first_fault(found)
    return why and f"{PATH}: {why}"


def _why(error):
    return error.args[0] if isinstance(error, ValueError) else reason(error)


def _set_aside(why):
    from base.files import rename  # late: only if the file is damaged

    try:
        rename(PATH, BAD)
    except OSError as e:
        return f"{PATH}: {why}; defaults are used, and it cannot be set aside: {_why(e)}"
    return f"{PATH}: {why}; it is now {BAD}, and defaults are used"


def _write(found):
    """Write the file atomically; returns None or an error message."""
    try:
        _save(found)
    except OSError as e:
        return f"{PATH}: cannot be written: {_why(e)}"


def _save(found):
    from base.files import replace  # late: only to save

    replace(PATH, json.dumps(found) + "\n")


def content():
    """The whole configuration as a dict, which stays until release(): for those who change several things."""
    if _content is None:
        load()
    return _content


def release():
    """Give back the memory of content(). What was changed and not saved is lost."""
    global _content
    _content = None


def save():
    """Write content() to /etc/system.conf: after a power cut it is the old or the new one. Raises OSError."""
    global _protected
    _save(content())
    _protected = None


def get(key, default=None):
    """A value of the configuration."""
    if key in base.given:
        return base.given[key]
    found = _content
    if found is None:
        try:
            found = _read(PATH)
        except (OSError, ValueError):  # load() has told at boot, or will
            found = _defaults()
    return found.get(key, default)


def section(name, tell=False):
    """The options of a service or another part, as a dict without those that cannot be used; tell: log these."""
    found = get(name)
    if not found:
        return {}
    from base import settings  # late: few boards have options

    return settings.usable(name, found, tell)


def change(key, value):
    """Set one value and save; raises OSError, and then nothing has changed on the medium."""
    held = _content is not None
    content()[key] = value
    save()
    if not held:
        release()


def protected(path, cwd="/"):
    """True for a system file that `pfiles` protects, however its path is written."""
    global _protected
    if _protected is None:
        _protected = tuple([normal(str(p)).lower() for p in get("pfiles", _defaults()["pfiles"])])
    return normal(path, cwd).lower() in _protected  # FAT takes names in any case


def hostname():
    """The name of this board in its network: that of the configuration, or the network's own."""
    name = get("hostname")
    if not name:
        try:
            from network import hostname as network_name

            name = network_name()
        except (ImportError, OSError):
            pass
    return name or "diatom"


def hostname_fault(name):
    """What is wrong with a name for this board in its network (RFC 952, 1123), or None."""
    good = 0 < len(name) <= _NAME_MAX and name[0] != "-" and name[-1] != "-"
    if good and all("a" <= c.lower() <= "z" or "0" <= c <= "9" or c == "-" for c in name):
        return None
    return f"a name has 1 to {_NAME_MAX} letters, digits and - inside"


def port(number):
    """The port to listen on where the service is known by number."""
    return number + base.port_offset
