# The saved networks: /local/wifi, JSON, which no service may read (base.users).
#
# {"networks": [{"ssid", "key", "priority"}], "setup": {"ssid", "key"}}: with "setup", the board may become an access point
# with a page to select a network.

import json
import os
import sys

from micropython import const

from base.errors import Failure
from base.paths import isdir

PATH = "/local/wifi"
_SIZE_MAX = const(8192)
NETWORKS_MAX = const(16)
_SSID_MAX = const(32)  # bytes
_KEY_MIN = const(8)
_KEY_MAX = const(64)


def supervisor():
    """The running supervisor of Wi-Fi, or None."""
    station = sys.modules.get("net.station")
    return station.supervisor if station else None


def load():
    """Read the file; empty if there is none. Failure if it is corrupt."""
    try:
        with open(PATH) as file:
            found = json.loads(file.read(_SIZE_MAX))
        found["networks"] = [
            {"ssid": str(one["ssid"]), "key": str(one.get("key", "")), "priority": int(one.get("priority", 0))}
            for one in found.get("networks", ())
        ]
        return found
    except OSError:
        return {"networks": []}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Failure(PATH, "corrupt; remove it and add the networks again")


def save(content):
    """Replace the file atomically, and notify the supervisor."""
    from base.files import replace  # late: only to save

    if not isdir("/local"):
        os.mkdir("/local")
    replace(PATH, json.dumps(content) + "\n")
    running = supervisor()
    if running:
        running.changed = True


def by_priority():
    """The networks by descending priority."""
    return sorted(load()["networks"], key=lambda one: -one["priority"])


def check(ssid, key):
    """Failure if an SSID or a key is invalid."""
    if not 0 < len(ssid.encode()) <= _SSID_MAX:
        raise Failure(ssid, f"the name of a network has 1 to {_SSID_MAX} bytes")
    if key and not _KEY_MIN <= len(key.encode()) <= _KEY_MAX:
        raise Failure(ssid, f"a password has {_KEY_MIN} to {_KEY_MAX} bytes")


def add(ssid, key, priority=0):
    """Save a network, replacing an earlier entry."""
    check(ssid, key)
    content = load()
    others = [one for one in content["networks"] if one["ssid"] != ssid]
    if len(others) >= NETWORKS_MAX:
        raise Failure(ssid, f"more than {NETWORKS_MAX} networks; forget one")
    content["networks"] = others + [{"ssid": ssid, "key": key, "priority": priority}]
    save(content)


def forget(ssid):
    """Remove a network; Failure if it is not saved."""
    content = load()
    others = [one for one in content["networks"] if one["ssid"] != ssid]
    if len(others) == len(content["networks"]):
        raise Failure(ssid, "not a saved network")
    content["networks"] = others
    save(content)


def setup(key):
    """Allow the access point, with that key, when no network is found; None: never. Returns its name."""
    content = load()
    content.pop("setup", None)
    name = None
    if key is not None:
        from base import config  # late: only with an access point

        name = ("Diatom " + config.hostname())[:_SSID_MAX]
        check(name, key)
        content["setup"] = {"ssid": name, "key": key}
    save(content)
    return name


def new_key():
    """A random password for the access point: 12 unambiguous letters and digits."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "".join([letters[byte & 31] for byte in os.urandom(12)])
