# The mDNS responder (RFC 6762, 6763): <hostname>.local and what the services offer, for who asks in this network.

import asyncio
import socket
import struct

from micropython import const

from base import config, log
from base.errors import Failure
from net.dns import MULTICAST, MULTICAST_PORT, Message, pack
from net.sockets import datagrams, receive, sockaddr
from services import server
from services.address import interfaces, local

NAME = "mdns"
_SIZE = const(1500)
_TTL = const(120)
_LEGACY_TTL = const(10)  # for askers that are no mDNS hosts (RFC 6762, 6.7)
_ANSWERS_MAX = const(16)
_A, _PTR, _TXT, _SRV, _ANY = const(1), const(12), const(16), const(33), const(255)
_FLUSH = const(0x8001)  # class IN, and it is all that there is
_LOOK_MS = const(2000)
TYPES = {"httpd": "_http._tcp.local", "ftpd": "_ftp._tcp.local", "telnetd": "_telnet._tcp.local"}
ALL = "_services._dns-sd._udp.local"


def record(name, kind, data, ttl=_TTL, category=_FLUSH):
    """A record as bytes."""
    return pack(name) + struct.pack(">HHIH", kind, category, ttl, len(data)) + data


responder = None  # the one that runs


class Responder:
    """Answers; `await run()`."""

    def __init__(self):
        if responder:
            raise Failure("", "is running already")
        self.host = config.hostname() + ".local"
        self.port = config.port(MULTICAST_PORT)
        self.told = ""  # the address and services that have been announced
        try:
            self.sock = datagrams(self.port)
        except OSError:
            raise Failure(str(self.port), "the port is taken: perhaps the firmware answers for the name itself")
        self.joined = None

    def join(self, address):
        """Hear what is asked in the network of that address; False where the firmware cannot."""
        group = bytes([int(part) for part in (MULTICAST + "." + address).split(".")])
        try:
            self.sock.setsockopt(0, getattr(socket, "IP_ADD_MEMBERSHIP", 3), group)
        except OSError as e:
            return e.args[0] in (98, 112)  # it has been heard already
        except (ValueError, TypeError):
            return False
        return True

    async def run(self):
        global responder
        responder = self
        watcher = asyncio.create_task(self.watch())
        try:
            while True:
                data, peer = await receive(self.sock, _SIZE)
                try:
                    message = Message(data)
                    if not message.flags & 0x8000:
                        self.answer(message, peer)
                except (ValueError, OSError, Failure):  # no question, or nobody to answer to
                    await asyncio.sleep_ms(5)
        finally:
            responder = None
            watcher.cancel()
            self.announce(0)
            self.sock.close()

    async def watch(self):
        """Follow the interface and the services."""
        while True:
            for address, _ in interfaces():
                if address != "0.0.0.0":
                    if address != self.joined:
                        if not self.join(address):
                            log.note(
                                NAME,
                                "this firmware cannot hear multicast: only direct questions are answered",
                                log.WARNING,
                            )
                        self.joined = address
                    break
            now = f"{self.joined} {len(server.running)} {config.hostname()}"
            if self.joined and now != self.told:
                self.host = config.hostname() + ".local"
                self.told = now
                self.announce(_TTL)
            await asyncio.sleep_ms(_LOOK_MS)

    def announce(self, ttl):
        """Tell everybody, without having been asked; ttl 0: good-bye."""
        if not self.joined:
            return
        found = list(self.records(self.host, _A, self.joined, ttl))
        for kind in self.offers():
            found.extend(self.records(kind, _PTR, self.joined, ttl))
        try:
            self.sock.sendto(self.message(0, b"", found, 0), sockaddr(MULTICAST, self.port))
        except OSError:  # no network
            pass

    def offers(self):
        """{type: port} of the services that run."""
        return {TYPES[one.name]: one.port for one in server.running if one.name in TYPES}

    def records(self, name, kind, address, ttl, category=_FLUSH):
        """The records for a question."""
        name = name.lower()
        offers = self.offers()
        if name == self.host.lower() and kind in (_A, _ANY):
            yield record(self.host, _A, bytes([int(part) for part in address.split(".")]), ttl, category)
        if kind in (_PTR, _ANY):
            if name == ALL:
                for offer in offers:
                    yield record(ALL, _PTR, pack(offer), ttl, 1)
            elif name in offers:
                yield record(name, _PTR, pack(self.instance(name)), ttl, 1)
        for offer in offers:
            if name == self.instance(offer).lower():
                if kind in (_SRV, _ANY):
                    data = struct.pack(">HHH", 0, 0, offers[offer]) + pack(self.host)
                    yield record(self.instance(offer), _SRV, data, ttl, category)
                if kind in (_TXT, _ANY):
                    yield record(self.instance(offer), _TXT, b"\0", ttl, category)

    def instance(self, offer):
        return self.host[: -len("local")] + offer

    def answer(self, message, peer):
        """Answer a question, to the asker or to everybody."""
        address = local(peer[0])
        if address == "0.0.0.0":
            return
        legacy = peer[1] != self.port
        direct = legacy
        ttl, category = (_LEGACY_TTL, 1) if legacy else (_TTL, _FLUSH)
        found = []
        more = []
        for name, kind, wanted in message.questions:
            direct = direct or wanted & 0x8000
            found.extend(self.records(name, kind, address, ttl, category))
            if kind in (_PTR, _SRV, _ANY) and found:  # what will be asked next
                offer = name.lower()
                if offer in self.offers():
                    more.extend(self.records(self.instance(offer), _ANY, address, ttl, category))
                more.extend(self.records(self.host, _A, address, ttl, category))
        if not found:
            return
        question = b""
        if legacy and message.questions:
            name, kind, _ = message.questions[0]
            question = pack(name) + struct.pack(">HH", kind, 1)
        data = self.message(message.ident if legacy else 0, question, found[:_ANSWERS_MAX], 0, more[:_ANSWERS_MAX])
        self.sock.sendto(data, sockaddr(*(peer if direct else (MULTICAST, self.port))))

    def message(self, ident, question, answers, flags, more=()):
        head = struct.pack(">HHHHHH", ident, 0x8400 | flags, 1 if question else 0, len(answers), 0, len(more))
        return head + question + b"".join(answers) + b"".join(more)
