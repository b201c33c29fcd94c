# The mDNS responder (RFC 6762, 6763) for <hostname>.local and the services of this board.
#
# A name is ours after three probes without a conflict; otherwise we try name-2, and so on. It is announced twice,
# defended by answering, probed again after a later conflict, and withdrawn with good-byes.

import asyncio
import os
import socket
import struct
import sys

from micropython import const

from base import VERSION, config, log
from base.errors import Failure
from net.address import interfaces, local
from net.dns import MULTICAST, MULTICAST_PORT, Message, pack, unpack
from net.sockets import datagrams, receive, sockaddr

NAME = "mdns"
_SIZE = const(1500)
_TTL = const(120)
_LEGACY_TTL = const(10)  # for legacy resolvers (RFC 6762, 6.7)
_ANSWERS_MAX = const(16)
_A, _PTR, _TXT, _SRV, _NSEC, _ANY = const(1), const(12), const(16), const(33), const(47), const(255)
_OF_HOST = b"\0\1\x40"  # the types of a name in NSEC: A
_OF_OFFER = b"\0\5\0\0\x80\0\x40"  # TXT and SRV
_FLUSH = const(0x8001)  # class IN with the cache-flush bit
_DIRECT = const(0x8001)  # in a query: class IN, unicast response wanted
_LOOK_MS = const(2000)
_PROBES = const(3)
_PROBE_MS = const(250)
_LATER_MS = const(1000)  # the wait after losing against another prober
_PATIENT = const(15)  # number of names tried without pauses of _PAUSE_MS
_PAUSE_MS = const(5000)
_LABEL_MAX = const(63)
_TAKEN, _LATER = const(1), const(2)  # why a name is not ours
TYPES = {"httpd": "_http._tcp.local", "ftpd": "_ftp._tcp.local", "telnetd": "_telnet._tcp.local"}
ALL = "_services._dns-sd._udp.local"
_REVERSE = const(".in-addr.arpa")


def record(name, kind, data, ttl=_TTL, category=_FLUSH):
    """A record as bytes."""
    if kind == _PTR and not name.endswith(_REVERSE):
        category = 1  # a shared record
    return pack(name) + struct.pack(">HHIH", kind, category, ttl, len(data)) + data


def binary(address):
    return bytes([int(part) for part in address.split(".")])


def reverse(address):
    """The reverse name of an address (RFC 6762, section 4)."""
    return ".".join(reversed(address.split("."))) + _REVERSE


responder = None  # the running one


class Responder:
    """The responder; `await run()`. running: the running services, each with a name and a port."""

    def __init__(self, running):
        if responder:
            raise Failure("", "already running")
        self.running = running
        self.name = ""  # the hostname
        self.number = 1  # 2: we are name-2
        self.host = ""  # our name, or the one being probed
        self.ours = False  # no conflict was found
        self.lost = 0  # _TAKEN or _LATER after a conflict
        self.announced = None  # the announced offers
        self.port = config.port(MULTICAST_PORT)
        try:
            self.sock = datagrams(self.port)
        except OSError:
            raise Failure(str(self.port), "port in use; the firmware may have its own mDNS responder")
        self.joined = None

    def join(self, address):
        """Join the multicast group in the network of that address; False if the firmware cannot."""
        try:  # also send there; few ports have the option, and most have one network
            self.sock.setsockopt(0, 32 if sys.platform == "linux" else 6, binary(address))  # IP_MULTICAST_IF
        except (OSError, ValueError, TypeError):
            pass
        try:
            self.sock.setsockopt(0, getattr(socket, "IP_ADD_MEMBERSHIP", 3), binary(MULTICAST) + binary(address))
        except OSError as e:
            return e.args[0] in (98, 112)  # already joined
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
                if not self.joined:
                    continue
                try:
                    message = Message(data)
                    if message.flags & 0x8000:
                        if peer[1] == self.port:
                            self.heed(message)
                    elif self.ours:
                        self.answer(message, peer)
                    else:
                        self.compare(message)
                except (ValueError, OSError, Failure):  # an invalid query, or no route to its sender
                    await asyncio.sleep_ms(5)
        finally:
            responder = None
            watcher.cancel()
            self.leave()
            self.sock.close()

    async def watch(self):
        """Follow the interface, the name and the services."""
        while True:
            here = None
            for address, _ in interfaces():
                if address != "0.0.0.0":
                    here = address
                    break
            if here != self.joined:  # another network, or the same one after a disconnect
                self.ours = False
                self.announced = None
                if not here:
                    log.note(NAME, "no network")
                elif not self.join(here):
                    log.note(
                        NAME, "this firmware cannot hear multicast: only direct questions are answered", log.WARNING
                    )
                self.joined = here
            if self.name != config.hostname():
                self.leave()
                self.name = config.hostname()
                self.number = 1
            if self.joined:
                try:
                    if not self.ours:
                        await self.claim()
                    await self.announce_address()
                except OSError:  # no network now
                    pass
            await asyncio.sleep_ms(_LOOK_MS)

    async def claim(self):
        """Probe names until one is ours."""
        await asyncio.sleep_ms(os.urandom(1)[0])
        while not self.ours:
            end = f"-{self.number}" if self.number > 1 else ""
            self.host = self.name[: _LABEL_MAX - len(end)] + end + ".local"
            self.lost = 0
            for _ in range(_PROBES):
                self.probe()
                await asyncio.sleep_ms(_PROBE_MS)
                if self.lost:
                    break
            if self.lost == _TAKEN:
                log.note(NAME, f"another host has the name {self.host}", log.WARNING)
                self.number += 1
                await asyncio.sleep_ms(0 if self.number < _PATIENT else _PAUSE_MS)
            elif self.lost:
                await asyncio.sleep_ms(_LATER_MS)
            else:
                self.ours = True
        log.note(NAME, f"this is {self.host}, {self.joined}")

    def probe(self):
        """Query our names, with the records that we propose."""
        questions = []
        records = []
        for name, kind, data in self.unique():
            questions.append(pack(name) + struct.pack(">HH", _ANY, _DIRECT))
            records.append(record(name, kind, data, _TTL, 1))
        head = struct.pack(">HHHHHH", 0, 0, len(questions), 0, len(records), 0)
        self.sock.sendto(head + b"".join(questions) + b"".join(records), sockaddr(MULTICAST, self.port))

    def unique(self):
        """Yield (name, type, data) of the unique records."""
        yield self.host, _A, binary(self.joined)
        offers = self.offers()
        for offer in offers:
            yield self.instance(offer), _SRV, struct.pack(">HHH", 0, 0, offers[offer]) + pack(self.host)

    def disputed(self, message, first):
        """Yield (our data, their data, ttl) for records from `first` on that conflict with ours."""
        for name, kind, ttl, at, length in message.records[first:]:
            for own, own_kind, data in self.unique():
                if kind == own_kind and name.lower() == own.lower():
                    theirs = bytes(message.data[at : at + length])
                    if kind == _SRV:
                        theirs = theirs[:6] + pack(unpack(message.data, at + 6)[0])
                    if theirs.lower() == data.lower():
                        continue
                    if kind != _A or theirs not in [binary(address) for address, _ in interfaces()]:
                        yield data, theirs, ttl

    def heed(self, message):
        """Check a response for a conflict with our name."""
        for _, _, ttl in self.disputed(message, 0):
            if ttl:
                self.ours = False  # probe again: the owner of the name answers
                self.lost = _TAKEN

    def compare(self, message):
        """Handle a query during our probes: if it is a probe, too, the lexicographically later data win."""
        for data, theirs, _ in self.disputed(message, message.answers):
            if theirs > data:
                self.lost = self.lost or _LATER

    async def announce_address(self):
        """Announce new offers twice, and send good-byes for withdrawn ones."""
        offers = self.offers()
        if gone := self.gone():
            self.announce(gone, 0)
        if offers != self.announced:
            for _ in range(2):
                self.announce(self.everything(), _TTL)
                await asyncio.sleep_ms(_LATER_MS)
        self.announced = offers

    def gone(self):
        """The announced records of services that no longer run."""
        offers = self.offers()
        return [(offer, _PTR, pack(self.instance(offer))) for offer in self.announced or () if offer not in offers]

    def everything(self):
        """All records, for announcements."""
        found = list(self.records(self.host, _A, self.joined))
        found.extend(self.records(reverse(self.joined), _PTR, self.joined))
        for offer in self.offers():
            found.extend(self.records(offer, _PTR, self.joined))
            found.extend(self.records(self.instance(offer), _ANY, self.joined))
        return found

    def announce(self, found, ttl):
        """Send an unsolicited response; ttl 0: a good-bye."""
        found = [record(name, kind, data, ttl) for name, kind, data in found]
        self.sock.sendto(self.message(0, b"", found), sockaddr(MULTICAST, self.port))

    def leave(self):
        """Send good-byes and withdraw the name."""
        if self.ours:
            self.ours = False
            try:
                self.announce(self.everything() + self.gone(), 0)
            except OSError:  # no network
                pass
        self.announced = None

    def offers(self):
        """{type: port} of the running services."""
        return {TYPES[one.name]: one.port for one in self.running if one.name in TYPES}

    def records(self, name, kind, address):
        """Yield (name, type, data) for a question."""
        name = name.lower()
        offers = self.offers()
        if name == self.host.lower() and kind in (_A, _ANY):
            yield self.host, _A, binary(address)
        if kind in (_PTR, _ANY):
            if name == ALL:
                for offer in offers:
                    yield ALL, _PTR, pack(offer)
            elif name in offers:
                yield name, _PTR, pack(self.instance(name))
            elif name == reverse(address):
                yield name, _PTR, pack(self.host)
        for offer in offers:
            if name == self.instance(offer).lower():
                if kind in (_SRV, _ANY):
                    data = struct.pack(">HHH", 0, 0, offers[offer]) + pack(self.host)
                    yield self.instance(offer), _SRV, data
                if kind in (_TXT, _ANY):
                    text = b"diatom=" + VERSION.encode()  # which `diatom scan` shows
                    yield self.instance(offer), _TXT, bytes([len(text)]) + text

    def denial(self, name):
        """[the NSEC record that denies other types of a name of ours (RFC 6762, 6.1)], or []."""
        name = name.lower()
        if name == self.host.lower():
            return [(self.host, _NSEC, pack(self.host) + _OF_HOST)]
        for offer in self.offers():
            if name == self.instance(offer).lower():
                return [(self.instance(offer), _NSEC, pack(self.instance(offer)) + _OF_OFFER)]
        return []

    def instance(self, offer):
        return self.host[: -len("local")] + offer

    def answer(self, message, peer):
        """Answer a query, by unicast or multicast."""
        address = self.joined if peer[0].startswith("127.") else local(peer[0])
        if address == "0.0.0.0":
            return
        legacy = peer[1] != self.port
        direct = legacy
        found = []
        more = []
        denied = []
        for name, kind, wanted in message.questions:
            direct = direct or wanted & 0x8000
            here = list(self.records(name, kind, address))
            if here:
                found.extend(here)
                if kind == _A:
                    more.extend(self.denial(name))  # AAAA is queried next
            else:
                denied.extend(self.denial(name))
            if kind in (_PTR, _SRV, _ANY) and found:  # what will be queried next
                offer = name.lower()
                if offer in self.offers():
                    more.extend(self.records(self.instance(offer), _ANY, address))
                more.extend(self.records(self.host, _A, address))
        if not legacy:
            known = self.known(message)
            found = [one for one in found if one not in known]
            if len(message.records) > message.answers:  # a probe: answer by multicast
                direct = False
        if legacy:  # an empty response, like that of a DNS server
            more = denied if denied else [one for one in more if one[1] != _NSEC]
        else:
            found.extend(denied)
        if not found and not denied:
            return
        question = b""
        if legacy and message.questions:
            name, kind, _ = message.questions[0]
            question = pack(name) + struct.pack(">HH", kind, 1)
        ttl, category = (_LEGACY_TTL, 1) if legacy else (_TTL, _FLUSH)
        found = [record(name, kind, data, ttl, category) for name, kind, data in found[:_ANSWERS_MAX]]
        more = [record(name, kind, data, ttl, category) for name, kind, data in more[:_ANSWERS_MAX]]
        data = self.message(message.ident if legacy else 0, question, found, more)
        self.sock.sendto(data, sockaddr(*(peer if direct else (MULTICAST, self.port))))

    def known(self, message):
        """The known answers in a query: its PTR records whose TTL is long enough."""
        found = []
        for name, kind, ttl, at, _ in message.records[: message.answers]:
            if kind == _PTR and ttl * 2 >= _TTL:
                found.append((name.lower(), _PTR, pack(unpack(message.data, at)[0])))
        return found

    def message(self, ident, question, answers, more=()):
        head = struct.pack(">HHHHHH", ident, 0x8400, 1 if question else 0, len(answers), 0, len(more))
        return head + question + b"".join(answers) + b"".join(more)
