# The Load Module `cluster`: all nodes with this node's fleet key, over ESP-NOW and the network.
#
# Over ESP-NOW they are found by themselves; those that are reached over the network alone are in the setting `cluster`.

from process import cpu
from services.micros import fleet_key, intercon, radio, settings


def hosts():
    """The hosts in the settings."""
    return [host.strip() for host in settings.get("cluster").split(";") if host.strip() not in ("", "n/a")]


def members():
    """Who is known: {name: how it is reached}. Those in the air are asked again, for the next time."""
    found = dict.fromkeys(hosts(), "network")
    if radio.radio:
        for mac, name in radio.radio.members.items():
            found[name] = "espnow " + radio.address_text(mac)
        cpu.schedule(radio.radio.find(radio.EVERYBODY))
    return found


def run(cmd):
    """Run a command on all members: {the tag of each task: what has happened}."""
    started = {}
    for name in members():
        started.update(intercon.send(name, cmd))
    return started or "No members"


def health():
    """Ask all members for their name, as run()."""
    return run("hello")


def status():
    """What this node has."""
    key = fleet_key.read()
    return {
        "key": fleet_key.fingerprint(key) if key else "n/a",
        "espnow": bool(radio.radio),
        "members": len(members()),
    }


def help(widgets=False):
    """What can be called."""
    return (
        "run cmd='system heartbeat'",
        "members",
        "health",
        "status",
        "[Info] results: task show con.*",
    )
