# The bytes of a connection, and the head of a request, read strictly: two programs that read one stream of requests
# differently is how requests are smuggled, so what RFC 9112 lets a server refuse is refused.

import asyncio
import re
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

_BUFFER = const(512)  # bytes read at a time
_HEAD_MAX = const(4096)  # bytes in the head of a request
_TARGET_MAX = const(1024)  # bytes in a request line
_FIELDS_MAX = const(48)  # lines in a head
_HEAD_MS = const(10_000)  # how long a head may take from its first byte, or the first one of a connection to come
_BODY_MS = const(20_000)  # how long nothing may come of a body
_DRAIN_MS = const(2000)
_DRAIN_MAX = const(262_144)  # bytes of a refused body that are read, so that the client sees the answer

# Searches for one character: what repeats would take a call of the C stack for each.
_CONTROL = re.compile(b"[^\t\r\n -~\x80-\xff]")
_NO_TOKEN = re.compile("[^!#-'*+.0-9A-Z^-z|~-]")
_ONCE = ("content-length", "host", "transfer-encoding", "content-type", "authorization", "x-csrf-token", "origin")

_buffer = bytearray(_BUFFER)  # one for all: what is read is taken out before anybody else runs


class Bad(Exception):
    """A request that is refused. In a head that is not understood it ends the connection."""

    def __init__(self, status, text="", fields=None):
        super().__init__(status)
        self.status = status
        self.text = text
        self.fields = fields


class Wire:
    """What has been read of a connection and not yet taken. Also what microdot's WebSocket reads from and writes to."""

    def __init__(self, connection):
        self.connection = connection
        self.rest = b""
        self.deadline = None  # ticks at which the connection is dropped
        self.begun = False  # a part of a head has come
        connection.on_watch = self.watch
        self.limit(_HEAD_MS)

    def limit(self, ms):
        self.deadline = ticks_add(ticks_ms(), ms) if ms else None

    def watch(self):
        """About once a second: who sends a byte now and then is dropped, too."""
        if self.deadline is not None and ticks_diff(ticks_ms(), self.deadline) > 0:
            self.connection.task.cancel()

    async def more(self):
        """Read what comes; EOFError at the end."""
        count = await self.connection.fill(_buffer)
        if not count:
            raise EOFError
        self.rest += bytes(memoryview(_buffer)[:count]) if self.rest else b""
        if not self.rest:
            self.rest = bytes(memoryview(_buffer)[:count])

    async def readexactly(self, n):
        while len(self.rest) < n:
            await self.more()
        data = self.rest[:n]
        self.rest = self.rest[n:]
        return data

    read = readexactly

    async def awrite(self, data):
        await self.connection.send(data)

    async def head(self):
        """The next request: (method, target, version, fields), names of fields in small letters. Bad, or EOFError."""
        while True:
            while self.rest[:2] == b"\r\n":  # an empty line before a request (RFC 9112, 2.2)
                self.rest = self.rest[2:]
            end = self.rest.find(b"\r\n\r\n")
            if end >= 0:
                break
            if self.rest and not self.begun:
                self.begun = True
                self.limit(_HEAD_MS)
            if len(self.rest) > _TARGET_MAX and self.rest.find(b"\r\n") < 0:
                raise Bad(414)
            if len(self.rest) > _HEAD_MAX:
                raise Bad(431)
            await self.more()
        if end > _HEAD_MAX:
            raise Bad(431)
        self.deadline = None
        self.begun = False
        head = self.rest[:end]
        self.rest = self.rest[end + 4 :]
        return parse(head)

    async def drain(self, body):
        """Read what is left of a body that nobody wants; False where that is too much."""
        if body.left > _DRAIN_MAX:
            return False
        limit = ticks_add(ticks_ms(), _DRAIN_MS)
        self.limit(_DRAIN_MS * 2)
        while body.left:
            if ticks_diff(ticks_ms(), limit) > 0 or not await body.read(_BUFFER):
                return False
        self.deadline = None
        return True


def parse(head):
    """(method, target, version, fields) of the bytes of a head."""
    if _CONTROL.search(head):
        raise Bad(400)
    try:
        lines = head.decode().split("\r\n")
    except UnicodeError:
        raise Bad(400)
    words = lines[0].split(" ")
    if len(words) != 3 or not words[0].isalpha() or len(words[0]) > 10 or words[0] != words[0].upper():
        raise Bad(400)
    method, target, version = words
    if len(target) > _TARGET_MAX:
        raise Bad(414)
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise Bad(505 if version[:5] == "HTTP/" else 400)
    if len(lines) > _FIELDS_MAX:
        raise Bad(431)
    fields = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        name = name.lower()
        if not colon or not name or "\n" in line or "\r" in line or _NO_TOKEN.search(name):
            raise Bad(400)
        value = value.strip(" \t")
        if name in fields:
            if name in _ONCE:
                raise Bad(400)
            value = fields[name] + ("; " if name == "cookie" else ", ") + value
        fields[name] = value
    if "host" not in fields and version == "HTTP/1.1":
        raise Bad(400)
    if "transfer-encoding" in fields:
        raise Bad(400 if "content-length" in fields or version == "HTTP/1.0" else 411)
    length = fields.get("content-length", "0")
    if not length.isdigit() or len(length) > 10:
        raise Bad(400)
    if target[:7].lower() == "http://":  # absolute form: the name counts as Host
        fields["host"], _, target = target[7:].partition("/")
        target = "/" + target
    if target[:1] != "/" and not (target == "*" and method == "OPTIONS"):
        raise Bad(400)
    return method, target, version, fields


class Body:
    """The body of a request, read when somebody wants it: the client that expects `100 Continue` gets it then."""

    def __init__(self, wire, fields):
        self.wire = wire
        self.left = int(fields.get("content-length", "0"))
        self.expects = self.left > 0 and fields.get("expect", "").lower() == "100-continue"

    async def read(self, n=-1):
        """At most n bytes, at least one; b"" at the end. Without n: all of it."""
        if n < 0:
            return await self.wire.readexactly(self.left) if await self.begun() else b""
        if not await self.begun():
            return b""
        wire = self.wire
        if not wire.rest:
            wire.limit(_BODY_MS)
            await wire.more()
            wire.deadline = None
        data = wire.rest[: min(n, self.left)]
        wire.rest = wire.rest[len(data) :]
        self.left -= len(data)
        return data

    async def readexactly(self, n):
        data = b""
        while len(data) < n:
            piece = await self.read(n - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    async def begun(self):
        """Tell the client to go on, where it waits for that; False at the end of the body."""
        if self.expects:
            self.expects = False
            await self.wire.awrite(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.left > 0


async def pause():
    """Let others run."""
    await asyncio.sleep_ms(0)
