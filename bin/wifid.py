# wifid - keep Wi-Fi connected
# usage: wifid
#
# Joins the saved network (wifi add) with the highest priority in range, and rejoins after a disconnect: at once, then with
# pauses that grow to a minute. After 45 seconds without a network, and if `wifi setup on` allows it, the board becomes an
# access point with a page to select one, until a network can be joined.
# Start it as a service: service start wifi; at every boot: service enable wifi. Its log: service logs wifi.
# "wifi" in /etc/system.conf has "fallback", "grace", "timeout" and "pause", in seconds. More: docs/network.md

from base.errors import Failure

proc = None


async def __main__(args):
    await start(args).run()


def start(args):
    """Return the supervisor. A call of its own, so that locals of the start are freed."""
    from net import station  # late: a usage error needs none
    from program import options

    options(args, "", most=0)
    if station.supervisor:
        raise Failure("", "already running")
    return station.Supervisor()
