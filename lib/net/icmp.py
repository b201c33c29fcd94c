# ICMP echo (RFC 792) over a raw socket, or a datagram socket where the host offers it.

import os
import socket
import struct
from time import ticks_add, ticks_diff, ticks_ms, ticks_us

from micropython import const

from base.errors import reason
from net.sockets import receive, sockaddr

_ICMP = const(1)
_REPLY = const(0)
_REQUEST = const(8)
_TTL = const(2)  # IP_TTL of lwIP and Linux
_ETIMEDOUT = const(110)
_UNREACHABLE = const(3)
_EXPIRED = const(11)


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    total = 0
    for i in range(0, len(data) - 1, 2):
        total += data[i] << 8 | data[i + 1]
    if len(data) & 1:
        total += data[-1] << 8
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Echo:
    """Pings a host; OSError if there is no socket for it."""

    sent = received = total = most = least = 0  # times in microseconds
    hops = 0  # of the last reply
    bytes = 0
    why = ""  # the reason if there was none
    host = ""  # the host that replied

    def __init__(self, ip, size, ttl):
        self.raw = True
        try:
            self.sock = socket.socket(socket.AF_INET, getattr(socket, "SOCK_RAW", 3), _ICMP)
        except OSError:
            self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, _ICMP)
            self.raw = False
        self.sock.setblocking(False)
        try:
            self.sock.setsockopt(0, _TTL, ttl)
        except (OSError, ValueError, TypeError):  # not on this port
            pass
        self.ip = ip
        self.peer = sockaddr(ip, 0)
        self.ident = struct.unpack("H", os.urandom(2))[0]
        self.data = bytes([i & 255 for i in range(size)])

    async def ask(self, ms):
        """Send a request; returns the microseconds until the reply, or None with the reason in `why`."""
        self.sent += 1
        number = self.sent & 0xFFFF
        packet = bytearray(struct.pack(">BBHHH", _REQUEST, 0, 0, self.ident, number)) + self.data
        struct.pack_into(">H", packet, 2, checksum(packet))
        begun = ticks_us()
        limit = ticks_add(ticks_ms(), ms)
        try:
            self.sock.sendto(packet, self.peer)
            while (left := ticks_diff(limit, ticks_ms())) > 0:
                data, peer = await receive(self.sock, len(self.data) + 100, left)
                us = ticks_diff(ticks_us(), begun)
                if self.is_answer(data, peer[0], number):
                    self.received += 1
                    self.total += us
                    self.most = max(self.most, us)
                    self.least = min(self.least or us, us)
                    return us
                if self.why:
                    return None
        except OSError as e:
            self.why = "timed out" if e.args[0] == _ETIMEDOUT else reason(e)
            return None
        self.why = "timed out"
        return None

    def is_answer(self, data, host, number):
        """True for the reply to the last request; an error message of a router sets `why`."""
        self.why = ""
        at = 0
        self.hops = "?"
        if self.raw:
            if len(data) < 20:
                return False
            at = (data[0] & 15) * 4  # after the IP header
            self.hops = data[8]
        if len(data) < at + 8:
            return False
        kind, code, _, ident, seq = struct.unpack_from(">BBHHH", data, at)
        if kind == _REPLY:
            self.bytes = len(data) - at
            self.host = host
            return seq == number and host == self.ip and (ident == self.ident or not self.raw)
        if kind in (_UNREACHABLE, _EXPIRED) and len(data) >= at + 36:
            inner = at + 8 + (data[at + 8] & 15) * 4  # our request, sent back
            if len(data) >= inner + 8 and struct.unpack_from(">HH", data, inner + 4) == (self.ident, number):
                self.why = f"{host}: " + ("hops exceeded" if kind == _EXPIRED else f"unreachable, code {code}")
        return False

    def close(self):
        self.sock.close()
