# The network's clients: names, connections, HTTP, MQTT ... Each module is loaded by the program that needs it.

import sys

# Rooms without a state of their own, which can be loaded again.
_ROOMS = "http link url tls save body icmp iperf talk telnet ftp ftpwords names"


def spare(in_use, unload):
    """Memory is short: forget what no program uses."""
    link = sys.modules.get("net.link")
    if link and link.links:
        return
    rooms = ["net." + name for name in _ROOMS.split() if "net." + name in sys.modules]
    if not any(in_use(name) for name in rooms):
        for name in rooms:
            unload(name)
