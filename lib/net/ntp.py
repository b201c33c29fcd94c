# An SNTP client (RFC 4330), in integers: a board's floats are too short for dates.

import asyncio
import os
import struct
from time import ticks_diff, ticks_ms, time_ns

from micropython import const

from base import clock, dates
from base.errors import Failure, reason
from net import resolver
from net.sockets import datagrams, receive, sockaddr

PORT = const(123)
SERVER = "pool.ntp.org"
_ERA = const(4294967296)  # NTP's 32-bit seconds wrap in 2036
_TO_1970 = const(2208988800)
_SLIGHT_MS = const(100)  # smaller differences are ignored
_ETIMEDOUT = const(110)


def server():
    """The server in system.conf ("ntp": "HOST"), or the public default."""
    from base import config  # late: without a server given

    return str(config.get("ntp") or SERVER)


async def ask(place, ms=3000, tries=2):
    """Query HOST[:PORT]; returns (milliseconds that our clock is behind, round trip in ms), or raises Failure."""
    host, _, port = place.partition(":")
    if port and not port.isdigit():
        raise Failure(place, "expected HOST[:PORT]")
    ip = await resolver.address(host)
    port = int(port or PORT)
    sock = datagrams()
    try:
        for left in range(tries - 1, -1, -1):
            try:
                return await _once(sock, ip, port, host, ms)
            except OSError as e:
                if not left or e.args[0] != _ETIMEDOUT:
                    raise Failure(host, "no answer" if e.args[0] == _ETIMEDOUT else reason(e))
    finally:
        sock.close()


async def _once(sock, ip, port, host, ms):
    cookie = os.urandom(8)  # sent as our timestamp: it hides our time, and the reply must contain it
    sent = ticks_ms()
    sock.sendto(b"\x23" + b"\0" * 39 + cookie, sockaddr(ip, port))
    while True:
        left = ms - ticks_diff(ticks_ms(), sent)
        if left <= 0:
            raise OSError(_ETIMEDOUT)
        data, peer = await receive(sock, 100, left)
        here = time_ns() // 1_000_000
        trip = ticks_diff(ticks_ms(), sent)
        if peer == (ip, port) and len(data) >= 48 and data[24:32] == cookie and data[0] & 7 == 4:
            break
    if not 0 < data[1] < 16 or data[0] >> 6 == 3:
        raise Failure(host, "clock not synchronized")
    came, came_part, went, went_part = struct.unpack_from(">IIII", data, 32)
    came_ms = came * 1000 + (came_part * 1000 >> 32)
    went_ms = went * 1000 + (went_part * 1000 >> 32)
    trip = max(trip - max(went_ms - came_ms, 0), 0)
    if went < 0x80000000:
        went_ms += _ERA * 1000
    now_ms = dates.from_unix(went_ms // 1000 - _TO_1970) * 1000 + went_ms % 1000 + trip // 2
    return now_ms - here, trip


async def update(place):
    """Set the clock from a server; returns the milliseconds by which it was behind."""
    behind, _ = await ask(place)
    if abs(behind) < _SLIGHT_MS:
        return behind
    now_ms = time_ns() // 1_000_000 + behind
    await asyncio.sleep_ms(1000 - now_ms % 1000)  # the clock is set to whole seconds
    try:
        clock.adjust(now_ms // 1000 + 1)
    except (OSError, ValueError, OverflowError):
        raise Failure("", "cannot set the clock of this board")
    return behind


def difference(ms):
    """Format a difference."""
    amount = f"{abs(ms) // 1000}.{abs(ms) % 1000:03d} s"
    return amount + (" behind" if ms > 0 else " ahead")
