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

# Searches for one character: what repeats would take a call of the C stack for each.
_CONTROL = re.compile(b"[^\t\r\n -~\x80-\xff]")
_NO_TOKEN = re.compile(b"[^!#-'*+.0-9A-Z^-z|~-]")

# The fields that anybody here looks at, in small letters; each text would be looked up among all names of the system.
_USED = const(
    b" accept accept-encoding authorization connection content-length content-type cookie expect host if-match "
    b"if-none-match if-range origin range sec-fetch-mode sec-fetch-site sec-websocket-key sec-websocket-version "
    b"transfer-encoding upgrade x-csrf-token x-destination "
)
_ONCE = const(b" content-length host transfer-encoding content-type authorization x-csrf-token origin ")

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
        self.answering = False  # a part of an answer may have gone
        self.lost = False  # where the next request begins is not known
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
        data = bytes(memoryview(_buffer)[:count])
        self.rest = self.rest + data if self.rest else data

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
        """The next request: (method, target, whether it is HTTP/1.1, fields); names are small. Bad, or EOFError."""
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
            self.connection.resting = False
        if end > _HEAD_MAX:
            raise Bad(431)
        self.deadline = None
        self.begun = False
        head = self.rest[:end]
        self.rest = self.rest[end + 4 :]
        return parse(head)


def parse(head):
    """(method, target, whether it is HTTP/1.1, fields) of the bytes of a head."""
    if _CONTROL.search(head):
        raise Bad(400)
    lines = head.split(b"\r\n")
    words = lines[0].split(b" ")
    if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
        raise Bad(400)
    if len(words) != 3 or not words[0].isalpha() or len(words[0]) > 10 or not words[0].isupper():
        raise Bad(400)
    method, target, version = words
    if len(target) > _TARGET_MAX:
        raise Bad(414)
    modern = version == b"HTTP/1.1"
    if not modern and version != b"HTTP/1.0":
        raise Bad(505 if version[:5] == b"HTTP/" else 400)
    if len(lines) > _FIELDS_MAX:
        raise Bad(431)
    fields = {}
    try:
        method, target = method.decode(), target.decode()
        for number in range(1, len(lines)):
            field(fields, lines[number])
    except UnicodeError:
        raise Bad(400)
    if modern and "host" not in fields:
        raise Bad(400)
    coding = fields.get("transfer-encoding")
    if coding is not None:
        if "content-length" in fields or not modern:
            raise Bad(400)
        if coding.lower() != "chunked":
            raise Bad(501)
    length = fields.get("content-length", "0")
    if not length.isdigit() or len(length) > 10:
        raise Bad(400)
    if target[:7].lower() == "http://":  # absolute form: the name counts as Host
        fields["host"], _, target = target[7:].partition("/")
        target = "/" + target
    if (target[:1] != "/" and not (target == "*" and method == "OPTIONS")) or "\t" in target:
        raise Bad(400)
    return method, target, modern, fields


def field(fields, line):
    """Take a line of a head into fields."""
    name, colon, value = line.partition(b":")
    name = name.lower()
    if not colon or not name:
        raise Bad(400)
    word = b" " + name + b" "
    if word not in _USED or b" " in name:
        if _NO_TOKEN.search(name):
            raise Bad(400)
        return
    name = name.decode()
    value = value.strip(b" \t").decode()
    if name in fields:
        if word in _ONCE:
            raise Bad(400)
        value = fields[name] + ("; " if name == "cookie" else ", ") + value
    fields[name] = value


async def pause():
    """Let others run."""
    await asyncio.sleep_ms(0)
