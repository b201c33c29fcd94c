# DNS messages (RFC 1035) and queries over UDP, for the resolver, nslookup and the mDNS responder.

import os
import struct
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure, reason
from net.sockets import datagrams, receive, sockaddr

PORT = const(53)
MULTICAST = "224.0.0.251"
MULTICAST_PORT = const(5353)
_SIZE = const(1500)  # bytes of an answer
_NAME_MAX = const(255)
_ENOENT = const(2)
_ETIMEDOUT = const(110)

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "ANY": 255}
ERRORS = {1: "malformed query", 2: "server failure", 3: "no such name", 5: "query refused"}


def pack(name):
    """Encode a name as labels; Failure if it is invalid."""
    out = bytearray()
    for label in name.rstrip(".").split("."):
        data = label.encode()
        if not 0 < len(data) < 64:
            raise Failure(name, "invalid host name")
        out.append(len(data))
        out.extend(data)
    out.append(0)
    if len(out) > _NAME_MAX:
        raise Failure(name[:40], "invalid host name")
    return bytes(out)


def unpack(data, at):
    """(name, offset after it); ValueError if it is invalid."""
    labels = []
    end = 0
    size = 0
    while True:
        n = data[at]
        if n >= 0xC0:
            end = end or at + 2
            target = (n & 0x3F) << 8 | data[at + 1]
            if target >= at:  # forward, or a loop
                raise ValueError("forward pointer in a name")
            at = target
        elif n:
            size += n + 1
            if n > 63 or size > _NAME_MAX or at + n >= len(data):
                raise ValueError("name too long")
            labels.append("".join([chr(c) if 32 < c < 127 else "?" for c in data[at + 1 : at + 1 + n]]))
            at += n + 1
        else:
            return ".".join(labels), end or at + 1


def question(ident, name, kind, recursive=True):
    """The bytes of a query."""
    return (
        struct.pack(">HHHHHH", ident, 0x100 if recursive else 0, 1, 0, 0, 0) + pack(name) + struct.pack(">HH", kind, 1)
    )


class Message:
    """A received message: ident, flags, questions [(name, type, class)], records [(name, type, ttl, offset, length)]."""

    def __init__(self, data):
        """Parse data; ValueError if it is invalid."""
        self.data = data
        self.questions = []
        self.records = []
        try:
            self.ident, self.flags, asked, answers, authority, more = struct.unpack_from(">HHHHHH", data)
            at = 12
            for _ in range(min(asked, 16)):
                name, at = unpack(data, at)
                kind, category = struct.unpack_from(">HH", data, at)
                at += 4
                self.questions.append((name, kind, category))
            self.answers = answers
            for _ in range(min(answers + authority + more, 64)):
                name, at = unpack(data, at)
                kind, _, ttl, length = struct.unpack_from(">HHIH", data, at)
                at += 10
                if at + length > len(data):
                    raise ValueError("truncated")
                self.records.append((name, kind, ttl, at, length))
                at += length
        except IndexError:
            raise ValueError("truncated")

    def text(self, record):
        """The value of a record in the format of nslookup."""
        _, kind, _, at, length = record
        data = self.data
        if kind == 1 and length == 4:
            return ".".join([str(c) for c in data[at : at + 4]])
        if kind == 28 and length == 16:
            return ":".join([f"{data[i] << 8 | data[i + 1]:x}" for i in range(at, at + 16, 2)])
        if kind in (2, 5, 12):
            return unpack(data, at)[0]
        if kind == 15:
            return f"{data[at] << 8 | data[at + 1]} {unpack(data, at + 2)[0]}"
        if kind == 33:
            priority, weight, port = struct.unpack_from(">HHH", data, at)
            return f"{priority} {weight} {port} {unpack(data, at + 6)[0]}"
        if kind == 6:
            first, at = unpack(data, at)
            return first + " " + unpack(data, at)[0]
        if kind == 16:
            parts = []
            end = at + length
            while at < end:
                n = data[at]
                parts.append("".join([chr(c) if 31 < c < 127 else "?" for c in data[at + 1 : at + 1 + n]]))
                at += n + 1
            return '"' + '" "'.join(parts) + '"'
        return bytes(data[at : at + length]).hex()


async def ask(server, name, kind, port=PORT, ms=3000, tries=2):
    """Query a server; returns its Message, or raises OSError(ETIMEDOUT)."""
    sock = datagrams()
    try:
        for _ in range(tries):
            ident = struct.unpack("H", os.urandom(2))[0]
            sock.sendto(question(ident, name, kind, server != MULTICAST), sockaddr(server, port))
            limit = ticks_add(ticks_ms(), ms)
            try:
                while (left := ticks_diff(limit, ticks_ms())) > 0:
                    data, peer = await receive(sock, _SIZE, left)
                    if server != MULTICAST and peer != (server, port):
                        continue  # not from the server
                    try:
                        message = Message(data)
                    except ValueError:
                        continue
                    if message.flags & 0x8000 and (message.ident == ident or server == MULTICAST):
                        return message
            except OSError as e:
                if e.args[0] != _ETIMEDOUT:
                    raise
    finally:
        sock.close()
    raise OSError(_ETIMEDOUT)


async def lookup(name, server, port, last=True):
    """The first address of a name; None, or Failure for the last server, if the server does not have it."""
    try:
        message = await ask(server, name, 1, port)
    except OSError as e:
        if not last:
            return None
        if e.args[0] == _ETIMEDOUT:
            why = "unknown host" if server == MULTICAST else f"no response from name server {server}"
        else:
            why = reason(e)
        raise Failure(name, why)
    for record in message.records[: message.answers]:
        if record[1] == 1:
            return message.text(record)
    if last:
        raise Failure(name, ERRORS.get(message.flags & 15, "has no address"))
