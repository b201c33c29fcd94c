# The resolver: the address of a host name, without blocking other tasks while a name server answers.
#
# It asks the name servers of the network interfaces. If there is none, or it is this host itself (127.x), it calls the
# firmware's resolver, which blocks everything else.

import socket

from base.errors import Failure

LIMIT_MS = 3000  # for each query
TRIES = 2


def numeric(text):
    """True for an IPv4 address."""
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdigit() and len(part) < 4 and int(part) < 256 for part in parts)


def servers():
    """The name servers of the interfaces that are up."""
    found = []
    try:
        from network import WLAN
    except ImportError:
        return found
    for number in (0, 1):
        try:
            wlan = WLAN(number)
            if wlan.active() and wlan.isconnected() and number == 0:
                server = wlan.ifconfig()[3]
                if server not in found and server not in ("", "0.0.0.0") and not server.startswith("127."):
                    found.append(server)
        except (OSError, ValueError, TypeError):  # no such interface
            pass
    return found


async def address(host):
    """The IPv4 address of a host, or Failure."""
    if numeric(host):
        return host
    if not host or len(host) > 253:
        raise Failure(host[:40], "invalid host name")
    if host == "localhost":
        return "127.0.0.1"
    if host.endswith(".local"):
        from net import dns  # late: an address needs none

        return await dns.lookup(host, dns.MULTICAST, dns.MULTICAST_PORT)
    asked = servers()
    if asked:
        from net import dns  # late: an address needs none

        for server in asked:
            found = await dns.lookup(host, server, dns.PORT, server == asked[-1])
            if found:
                return found
    try:
        for entry in socket.getaddrinfo(host, 0, socket.AF_INET, socket.SOCK_STREAM):
            from net.sockets import endpoint  # late: without name servers

            return endpoint(entry[-1])[0]
    except (OSError, IndexError):
        pass
    raise Failure(host, "unknown host", 6)
