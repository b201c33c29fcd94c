# ping - send ICMP echo requests to a host
# usage: ping [-q] [-c COUNT] [-i SECONDS] [-s BYTES] [-t TTL] [-W SECONDS] HOST
#
#   -c COUNT  number of requests (4; 0: until Ctrl-C)     -i SECONDS  interval (1)     -q  only the summary
#   -s BYTES  of data (56)     -t TTL  maximum number of hops     -W SECONDS  timeout for a reply (2)
# The status is 0 after a reply, 1 without one, 6 if HOST is unknown. Requires a firmware with raw sockets.

from asyncio import sleep_ms

from base.errors import Failure, Usage
from program import options

proc = None

SIZE_MAX = 1400  # bytes: more would not fit into one packet
COUNT = 4


def seconds(opts, letter, default, least):
    """Return the value of an option in milliseconds."""
    try:
        value = float(opts[letter]) if opts[letter] else default
    except ValueError:
        value = -1
    if not least <= value <= 3600:
        raise Usage(f"not seconds from {least} to 3600", opts[letter])
    return int(value * 1000)


async def __main__(args):
    opts, words = options(args, "qc:i:s:t:W:")
    if len(words) != 1:
        raise Usage("expected one HOST")
    count = opts.number("c", COUNT)
    size = opts.number("s", 56)
    ttl = opts.number("t", 64)
    if count < 0 or not 0 <= size <= SIZE_MAX or not 0 < ttl < 256:
        raise Usage(f"COUNT must not be negative, BYTES at most {SIZE_MAX}, TTL 1 to 255")
    interval = seconds(opts, "i", 1, 0.01)
    limit = seconds(opts, "W", 2, 0.01)

    from net import icmp, resolver  # late: a usage error needs none

    ip = await resolver.address(words[0])
    try:
        echo = icmp.Echo(ip, size, ttl)
    except (OSError, ValueError):
        raise Failure("", "this firmware, or this user, has no raw sockets")
    proc.stdout.write(f"PING {words[0]} ({ip}): {size} data bytes\n")
    try:
        await run(echo, count, interval, limit, opts["q"])
    finally:  # print the summary even after Ctrl-C
        echo.close()
        summary(words[0], echo)
    return 0 if echo.received else 1


async def run(echo, count, interval, limit, quiet):
    while True:
        us = await echo.ask(limit)
        if us is None:
            wait = interval - limit
            if not quiet:
                proc.stdout.write(f"no answer to seq={echo.sent} ({echo.why})\n")
        else:
            wait = interval - us // 1000
            if not quiet:
                proc.stdout.write(
                    f"{echo.bytes} bytes from {echo.host}: seq={echo.sent} ttl={echo.hops} time={us / 1000:.3f} ms\n"
                )
        if count and echo.sent >= count:
            return
        await sleep_ms(max(wait, 0))


def summary(name, echo):
    sent, received = echo.sent, echo.received
    lost = 100 * (sent - received) // sent if sent else 0
    proc.stdout.write(f"\n--- {name} ---\n{sent} sent, {received} received, {lost}% lost\n")
    if received:
        least, most, mean = echo.least / 1000, echo.most / 1000, echo.total / received / 1000
        proc.stdout.write(f"round trip min/avg/max = {least:.3f}/{mean:.3f}/{most:.3f} ms\n")
