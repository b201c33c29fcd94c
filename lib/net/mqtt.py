# An MQTT 3.1.1 client (docs.oasis-open.org/mqtt/mqtt/v3.1.1): QoS 0 and 1, a last will, TLS, keep-alive, and automatic
# reconnection with all subscriptions. (The known clients for MicroPython block the event loop while they wait, or manage
# the radio themselves, which is the task of the service wifi here.)

import asyncio
import os
import struct
from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure, reason
from net.body import Data, Several
from net.link import connect
from net.sockets import within

PORTS = {False: 1883, True: 8883}  # without and with TLS
KEEP_S = const(60)
ANSWER_MS = const(10_000)
PACKET_MAX = const(32768)  # bytes in one message
TOPIC_MAX = const(1024)
_PAUSE_MS = const(500)
_PAUSE_MAX_MS = const(30_000)

_REST_MAX = const(0xFFFFFFF)  # bytes in a packet behind its length (2.2.3)
_DISCARDED = const(256)  # bytes discarded at a time
_ECONNRESET = const(104)

_LOST = const(0)  # in the place of a first byte
_CONNACK = const(2)
_PUBLISH = const(3)
_PUBACK = const(4)
_SUBACK = const(9)
_UNSUBACK = const(11)
_PINGRESP = const(13)
_REFUSED = (
    "",
    "it does not speak this version",
    "the client's name is refused",
    "it is out of service",
    "wrong user or password",
    "not authorized",
)


def text(data):
    """Encode a string."""
    if isinstance(data, str):
        data = data.encode()
    if len(data) > 65535:
        raise Failure("", "more than 65535 bytes")
    return struct.pack(">H", len(data)) + data


def check(topic, wildcards):
    """Failure if a topic, or a topic filter, is invalid."""
    good = 0 < len(topic.encode()) <= TOPIC_MAX and "\0" not in topic
    parts = topic.split("/")
    for i in range(len(parts)):
        part = parts[i]
        if wildcards and (part == "+" or (part == "#" and i == len(parts) - 1)):
            continue
        if "+" in part or "#" in part:
            good = False
    if not good:
        raise Failure(topic[:40], "not a topic")


class Client:
    """A connection to a broker. run() keeps it up; publish() and the other verbs wait until it is up."""

    user = None
    password = ""
    context = None  # of TLS
    will = None  # (topic, message, qos, retain)
    on_message = None  # called with topic, payload (bytearray), retained
    on_state = None  # called with a text when the connection is made or lost
    link = None
    keep_s = KEEP_S
    dead = ""  # why the client has given up

    def __init__(self, host, port, name=None):
        self.host = host
        self.port = port
        self.name = name or "diatom-" + os.urandom(4).hex()
        self.topics = {}  # filter: qos
        self.waiting = {}  # (kind, number): [Event, answer]
        self.up = asyncio.Event()
        self.number = 0
        self.heard = self.told = 0

    # --- the connection

    async def open(self):
        """Connect once; Failure or OSError if that fails."""
        link = await connect(self.host, self.port, context=self.context)
        try:
            flags = 2  # a clean session: run() subscribes again
            more = text(self.name)
            if self.will:
                topic, message, qos, retain = self.will
                flags |= 4 | qos << 3 | (32 if retain else 0)
                more += text(topic) + text(message)
            if self.user is not None:
                flags |= 0x80
                more += text(self.user)
                if self.password:
                    flags |= 0x40
                    more += text(self.password)
            await link.send(packet(0x10, text("MQTT") + bytes((4, flags)) + struct.pack(">H", self.keep_s) + more))
            link.idle_ms = ANSWER_MS
            kind, data = await receive(link)
            if kind >> 4 != _CONNACK or len(data) < 2:
                raise Failure(self.host, "not an MQTT broker")
            if data[1]:
                why = _REFUSED[data[1]] if data[1] < len(_REFUSED) else f"refusal {data[1]}"
                raise Failure(self.host, why, 2)
            link.idle_ms = None
            self.link, link = link, None
            self.heard = self.told = ticks_ms()
        finally:
            if link:
                link.close()

    async def run(self):
        """Keep the connection up until cancelled; Failure if the broker refuses this client."""
        pause = _PAUSE_MS
        try:
            while True:
                watcher = None
                try:
                    if not self.link:
                        await self.open()
                    watcher = asyncio.create_task(self.watch())
                    if self.topics:
                        self.number += 1
                        await self.send(
                            packet(0x82, struct.pack(">H", self.number & 0xFFFF or 1) + self.filters(self.topics))
                        )
                    pause = _PAUSE_MS
                    self.up.set()
                    self.say(f"connected to {self.host}:{self.port}")
                    while True:
                        await self.take(*await receive(self.link))
                except Failure as e:
                    if e.status == 2:  # permanent
                        self.dead = str(e)
                        raise
                    self.say(str(e))
                except (OSError, ValueError, IndexError, MemoryError) as e:
                    self.say(f"{self.host}: {reason(e)}")
                finally:
                    if watcher:
                        watcher.cancel()
                    self.down()
                await asyncio.sleep_ms(pause)
                pause = min(pause * 2, _PAUSE_MAX_MS)
        finally:
            self.down()

    def down(self):
        self.up.clear()
        if self.link:
            self.link.close()
            self.link = None

    def say(self, sentence):
        if self.on_state:
            self.on_state(sentence)

    async def close(self):
        """Disconnect: the broker does not send the last will."""
        if self.link:
            try:
                await self.link.send(b"\xe0\0")
            except OSError:  # already disconnected
                pass
            self.down()

    async def watch(self):
        """Send keep-alives; a broker that does not reply is disconnected."""
        while self.link:
            await asyncio.sleep_ms(500)
            now = ticks_ms()
            if ticks_diff(now, self.heard) > self.keep_s * 1500:
                self.link.sock.close()
                return
            if ticks_diff(now, self.told) > self.keep_s * 700 and self.link:
                await self.send(b"\xc0\0")

    async def send(self, data):
        if not self.link:
            raise OSError(107)  # ENOTCONN
        self.told = ticks_ms()
        if isinstance(data, (bytes, bytearray, memoryview)):
            await self.link.send(data)
        else:
            await data.send(self)  # a body, see publish_body()

    async def take(self, kind, data):
        """Handle a received packet."""
        self.heard = ticks_ms()
        word = kind >> 4
        if word == _PUBLISH:
            size = data[0] << 8 | data[1]
            at = 2 + size
            if at > len(data):
                raise ValueError("malformed packet")
            topic = data[2:at].decode()
            if kind & 6:
                number = data[at : at + 2]
                at += 2
                await self.send(b"\x40\2" + number)
            if self.on_message:
                data[:at] = b""  # in place: there may be no memory for a copy
                self.on_message(topic, data, bool(kind & 1))
        elif kind == _LOST:
            self.say("not enough memory for a message")
        elif word in (_PUBACK, _SUBACK, _UNSUBACK, _PINGRESP):
            key = (word, (data[0] << 8 | data[1]) if len(data) > 1 else 0)
            if key in self.waiting:
                self.waiting[key][1] = data[2:]
                self.waiting[key][0].set()

    # --- verbs

    async def answer(self, word, number, data, again=None):
        """Send a packet and wait for its acknowledgement; send it again after a reconnection."""
        entry = self.waiting[word, number] = [asyncio.Event(), b""]
        try:
            for left in range(2, -1, -1):
                try:
                    await within(self.up.wait(), ANSWER_MS)
                    await self.send(data)
                    await within(entry[0].wait(), ANSWER_MS)
                    return entry[1]
                except OSError:
                    if self.dead:
                        raise Failure("", self.dead)
                    if not left:
                        raise Failure(self.host, "does not answer")
                    data = again or data
        finally:
            del self.waiting[word, number]

    def next(self):
        self.number = self.number % 65535 + 1
        return self.number

    async def publish(self, topic, payload, qos=0, retain=False):
        """Publish; with qos 1, wait for the acknowledgement."""
        check(topic, False)
        if isinstance(payload, str):
            payload = payload.encode()
        if len(payload) + len(topic) > PACKET_MAX:
            raise Failure(topic, f"a message has at most {PACKET_MAX} bytes")
        first = 0x30 | (2 if qos else 0) | (1 if retain else 0)
        if not qos:
            await within(self.up.wait(), ANSWER_MS)
            await self.send(packet(first, text(topic) + payload))
            return
        number = self.next()
        rest = text(topic) + struct.pack(">H", number) + payload
        await self.answer(_PUBACK, number, packet(first, rest), packet(first | 8, rest))

    async def publish_body(self, topic, body):
        """Publish a body (net.body) with QoS 1, read while it is sent. Nobody else may use this connection meanwhile."""
        check(topic, False)
        number = self.next()
        head = text(topic) + struct.pack(">H", number)
        if body.length + len(head) > _REST_MAX:
            raise Failure(topic, f"a message has at most {_REST_MAX} bytes")
        parts = [Several([Data(beginning(first, len(head) + body.length) + head), body]) for first in (0x32, 0x3A)]
        await self.answer(_PUBACK, number, *parts)

    def filters(self, topics):
        return b"".join([text(topic) + bytes((topics[topic],)) for topic in topics])

    async def subscribe(self, topic, qos=0):
        check(topic, True)
        number = self.next()
        data = packet(0x82, struct.pack(">H", number) + text(topic) + bytes((qos,)))
        found = await self.answer(_SUBACK, number, data)
        if not found or found[0] > 2:
            raise Failure(topic, "subscription refused")
        self.topics[topic] = qos

    async def unsubscribe(self, topic):
        if topic not in self.topics:
            raise Failure(topic, "not subscribed")
        del self.topics[topic]
        number = self.next()
        await self.answer(_UNSUBACK, number, packet(0xA2, struct.pack(">H", number) + text(topic)))

    async def ping(self):
        """The round-trip time to the broker in milliseconds."""
        begun = ticks_ms()
        await self.answer(_PINGRESP, 0, b"\xc0\0")
        return ticks_diff(ticks_ms(), begun)


def packet(first, data):
    """A packet: its first byte, its length, the rest."""
    return beginning(first, len(data)) + data


def beginning(first, size):
    """The first byte of a packet and the length of what follows."""
    head = bytearray((first,))
    while True:
        byte = size & 127
        size >>= 7
        head.append(byte | 128 if size else byte)
        if not size:
            return bytes(head)


async def receive(link):
    """(first byte, rest) of the next packet; _LOST for one that there is no memory for."""
    first = (await link.exactly(1))[0]
    size = shift = 0
    while True:
        byte = (await link.exactly(1))[0]
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
        if shift > 21:
            raise Failure(link.peer[0], "not an MQTT broker")
    if size > PACKET_MAX + TOPIC_MAX:
        raise Failure(link.peer[0], f"sends a message of more than {PACKET_MAX} bytes")
    try:
        data = bytearray(size)
    except MemoryError:
        await discard(link, size)
        return _LOST, b""
    view = memoryview(data)
    while size:
        count = await link.readinto(view[-size:])
        if not count:
            raise OSError(_ECONNRESET)
        size -= count
    return first, data


async def discard(link, size):
    """Receive so many bytes that there is no memory for."""
    while size:
        data = await link.read(min(size, _DISCARDED))
        if not data:
            raise OSError(_ECONNRESET)
        size -= len(data)
