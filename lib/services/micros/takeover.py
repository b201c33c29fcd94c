# Take over the settings of a micrOS node: `micros import FILE`, where FILE is its node_config.json.
#
# What belongs to the board goes where Diatom has it: the name, networks, the time zone, and the password as a hash.

import json
import os

from micropython import const

from base import config, passwords, users
from base.errors import Failure, reason
from services.micros import settings

_SIZE_MAX = const(8192)  # bytes in a file
_FACTORY = "ADmin123"  # what every new node has, and everybody knows
_DROPPED = ("version", "hwuid")  # of the old node
_UNUSED = ("boostmd dbg devip guimeta ha nwmd webui webui_max_con").split()


def read(path):
    """The dict in a node's file; Failure for what is none."""
    try:
        if os.stat(path)[6] > _SIZE_MAX:
            raise Failure(path, f"longer than {_SIZE_MAX} bytes")
        with open(path) as file:
            found = json.loads(file.read())
    except OSError as e:
        raise Failure(path, reason(e))
    except (ValueError, UnicodeError):
        raise Failure(path, "invalid JSON")
    if not isinstance(found, dict):
        raise Failure(path, "not the settings of a node")
    return found


async def run(path):
    """Take over a file, and print a line for each of its keys."""
    found = read(path)
    kept = {}
    for key in sorted(found):
        value = found[key]
        try:
            said = await take(key, value, found, kept)
        except (Failure, ValueError) as e:
            said = f"not taken: {e.reason if isinstance(e, Failure) else e}"
        print(f"{key}: {said}")
    if kept:
        old = dict(config.get(settings.USER, {}))
        old.update(kept)
        config.change(settings.USER, old)


async def take(key, value, found, kept):
    """Take over one key: what has happened. Settings of the service are added to `kept`."""
    if key == "devfid":
        settings.put(key, str(value).replace("_", "-"))
        return "the host name"
    if key == "appwd":
        return await password(value)
    if key == "staessid":
        return networks(value, found.get("stapwd", ""))
    if key == "stapwd":
        return "see staessid"
    if key in _DROPPED:
        return "of the old node: dropped"
    old = settings.get(key)
    if old is None:
        return "unknown: dropped"
    if type(value) is not type(old):
        raise ValueError("wrong type")
    if value == "...":
        return "in a file of its own: dropped"
    if key == "utc":
        zone(value)
    kept[key] = value
    if key in _UNUSED:
        return "kept; nothing uses it here"
    return "the time zone" if key == "utc" else "taken"


async def password(value):
    if value == _FACTORY:
        return "not taken: it is that of every new node; use `passwd micros`"
    passwords.check_length(value)
    user = users.find(settings.USER) or users.User(settings.USER, options=users.MICROS_OPTIONS)
    user.hash = await passwords.hash_of(value)
    users.save(user)
    return "the password of clients"


def networks(names, keys):
    """Save the networks in two lists with semicolons."""
    from net import networks as saved  # late: not every node has one

    keys = keys.split(";")
    count = 0
    for i, name in enumerate(names.split(";")):
        name = name.strip()
        if name and name != "your_wifi_name":
            saved.add(name, keys[i].strip() if i < len(keys) else "")
            count += 1
    return f"{count} networks saved for Wi-Fi"


def zone(minutes):
    """Set the time zone to minutes east of UTC, as a rule of POSIX."""
    env = dict(config.get("env", {}))
    hours, rest = divmod(abs(minutes), 60)
    env["TZ"] = f"UTC{'-' if minutes >= 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    config.change("env", env)
