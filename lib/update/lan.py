# Finding a release in the local network: `diatom serve` on a computer answers a multicast DNS query.

from base.errors import Failure
from net import dns

SERVICE = "_diatom-release._tcp.local"
_WAIT_MS = 1500


async def find():
    """The address of the first release that is offered."""
    try:
        message = await dns.ask(dns.MULTICAST, SERVICE, dns.TYPES["PTR"], dns.MULTICAST_PORT, _WAIT_MS)
    except OSError:
        raise Failure("lan", "no release found in this network (run `diatom serve` on a computer)")
    host = port = None
    for record in message.records:
        if record[1] == dns.TYPES["A"]:
            host = host or message.text(record)
        elif record[1] == dns.TYPES["SRV"] and record[0].endswith(SERVICE):
            port = message.text(record).split()[2]
    if not host or not port:
        raise Failure("lan", "no address in the answer")
    return f"http://{host}:{port}/"
