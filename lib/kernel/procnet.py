# /proc/net: interfaces, connections of the services, the radio.

import sys

from kernel.virtual import Report


def find(parts):
    """The node at a path: see kernel.virtual."""
    if not parts:
        return sorted(_FILES)
    return Report(_FILES[parts[0]]) if parts[0] in _FILES and len(parts) == 1 else None


def interfaces():
    """Yield (name, interface) for the radio's two roles, if there is a radio."""
    try:
        from network import WLAN
    except ImportError:
        return
    for name, number in (("sta", getattr(WLAN, "IF_STA", 0)), ("ap", getattr(WLAN, "IF_AP", 1))):
        try:
            yield name, WLAN(number)
        except (OSError, ValueError, TypeError):
            pass


def dev():
    lines = ["interface address         mask            gateway         mac               state\n"]
    for name, wlan in interfaces():
        active = wlan.active()
        address = wlan.ifconfig() if active else ("-",) * 4
        try:
            mac = ":".join([f"{byte:02x}" for byte in wlan.config("mac")])
        except (OSError, ValueError):
            mac = "-"
        state = "down" if not active else "connected" if wlan.isconnected() else "up"
        lines.append(f"{name:<9} {address[0]:<15} {address[1]:<15} {address[2]:<15} {mac:<17} {state}\n")
    return "".join(lines)


def wifi():
    lines = ["interface ssid                             channel rssi\n"]
    for name, wlan in interfaces():
        if not wlan.active():
            continue
        row = []
        for ask in (lambda: wlan.config("ssid"), lambda: wlan.config("channel"), lambda: wlan.status("rssi")):  # noqa: B023
            try:
                row.append(str(ask()))
            except (OSError, ValueError, TypeError):
                row.append("-")
        lines.append(f"{name:<9} {row[0] or '-':<32} {row[1]:>7} {row[2]:>4}\n")
    return "".join(lines)


def tcp():
    """The sockets of the services; those of other programs are unknown."""
    lines = ["local  remote                 state       service\n"]
    server = sys.modules.get("services.server")
    for listener in server.running if server else ():
        lines.append(f"{listener.port:<6} {'*':<22} LISTEN      {listener.name}\n")
        for connection in listener.connections:
            lines.append(f"{listener.port:<6} {connection.address:<22} ESTABLISHED {listener.name}\n")
    return "".join(lines)


_FILES = {"dev": dev, "wifi": wifi, "tcp": tcp}
