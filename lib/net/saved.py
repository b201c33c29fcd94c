# The networks that the owner wants: /local/wifi, JSON, which no service gives away (base.users).
#
# {"networks": [{"ssid", "key", "priority"}], "setup": {"ssid", "key"}}: setup is there where the board may become an
# access point with a page to choose a network.

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
    """The supervisor of Wi-Fi where it runs, else None."""
    station = sys.modules.get("net.station")
    return station.supervisor if station else None


def load():
    """What the file says; empty where there is none. Failure where it is damaged."""
    import json

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
        raise Failure(PATH, "is damaged; remove it and add the networks again")


def save(content):
    """Write the file at one stroke, and tell the supervisor."""
    import json

    from base.files import replace

    if not isdir("/local"):
        os.mkdir("/local")
    replace(PATH, json.dumps(content) + "\n")
    running = supervisor()
    if running:
        running.changed = True


def networks():
    """The networks, the dearest first."""
    return sorted(load()["networks"], key=lambda one: -one["priority"])


def check(ssid, key):
    """Failure where that cannot be a network."""
    if not 0 < len(ssid.encode()) <= _SSID_MAX:
        raise Failure(ssid, f"the name of a network has 1 to {_SSID_MAX} bytes")
    if key and not _KEY_MIN <= len(key.encode()) <= _KEY_MAX:
        raise Failure(ssid, f"a password has {_KEY_MIN} to {_KEY_MAX} bytes")


def add(ssid, key, priority=0):
    """Remember a network, instead of what was known of it."""
    check(ssid, key)
    content = load()
    others = [one for one in content["networks"] if one["ssid"] != ssid]
    if len(others) >= NETWORKS_MAX:
        raise Failure(ssid, f"more than {NETWORKS_MAX} networks; forget one")
    content["networks"] = others + [{"ssid": ssid, "key": key, "priority": priority}]
    save(content)


def forget(ssid):
    """Forget a network; Failure where it is not known."""
    content = load()
    others = [one for one in content["networks"] if one["ssid"] != ssid]
    if len(others) == len(content["networks"]):
        raise Failure(ssid, "is not among the saved networks")
    content["networks"] = others
    save(content)


def setup(key):
    """Let the board become an access point with that key where it finds no network; None: never. Returns its name."""
    content = load()
    content.pop("setup", None)
    name = None
    if key is not None:
        from base import config

        name = ("Diatom " + config.hostname())[:_SSID_MAX]
        check(name, key)
        content["setup"] = {"ssid": name, "key": key}
    save(content)
    return name


def new_key():
    """A password for the access point that nobody can guess: 12 letters and digits that are not mistaken."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "".join([letters[byte & 31] for byte in os.urandom(12)])
