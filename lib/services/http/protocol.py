# HTTP/1.1: requests and their answers.
#
# The bytes of a connection and the head of a request, parsed strictly: whatever RFC 9112 allows a server to refuse is
# refused, since requests are smuggled where two programs parse one stream differently.
#
# The body of an answer is bytes; or something with readinto() (its length stands in the Content-Length that comes with it);
# or something with `async next()`, which gives bytes until it gives b"" and goes out in chunks. close() is called at the end.

import asyncio
import json
import re
import sys
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from services.stream import buffer

_BUFFER = const(512)  # bytes read at a time
_HEAD_MAX = const(4096)  # bytes in the head of a request
_TARGET_MAX = const(1024)  # bytes in a request line
_FIELDS_MAX = const(48)  # lines in a head
_HEAD_MS = const(10_000)  # how long a head may take from its first byte, or the first one of a connection to come

# Patterns for one character: repetition takes a C stack frame for each character.
_CONTROL = re.compile(b"[^\t\r\n -~\x80-\xff]")
_NO_TOKEN = re.compile(b"[^!#-'*+.0-9A-Z^-z|~-]")

# The fields in use, in lower case, as one text: each str would be looked up in the intern pool.
_USED = const(
    b" accept accept-encoding authorization connection content-length content-type cookie expect host if-match "
    b"if-none-match if-range origin range referer sec-fetch-mode sec-fetch-site sec-websocket-key sec-websocket-version "
    b"transfer-encoding upgrade user-agent x-csrf-token x-destination x-micros-auth x-requested-with "
)
_ONCE = const(b" content-length host transfer-encoding content-type authorization x-csrf-token origin ")

_buffer = bytearray(_BUFFER)  # shared: its content is copied before another task runs

_PIECE = const(8192)  # bytes of a file sent at a time
_TURN_MS = const(10)  # after which others run
_ONE = const(1024)  # a body up to this goes out with its head
_TRIES = const(20)  # how often memory is waited for when an answer has begun,
_WAIT_MS = const(150)  # and how long each time

_GUARD = const(
    b"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; frame-src 'self'; manifest-src 'self'; "
    b"form-action 'none'; base-uri 'none'; frame-ancestors 'none'\r\n"
)
_ALWAYS = const(b"X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\nX-Frame-Options: DENY\r\n")

_REASONS = const(
    b"101 Switching Protocols\r\n200 OK\r\n201 Created\r\n"
    b"202 Accepted\r\n204 No Content\r\n206 Partial Content\r\n"
    b"302 Found\r\n304 Not Modified\r\n308 Permanent Redirect\r\n400 Bad Request\r\n"
    b"401 Unauthorized\r\n403 Forbidden\r\n404 Not Found\r\n"
    b"405 Method Not Allowed\r\n408 Request Timeout\r\n409 Conflict\r\n"
    b"411 Length Required\r\n412 Precondition Failed\r\n413 Content Too Large\r\n"
    b"414 URI Too Long\r\n415 Unsupported Media Type\r\n416 Range Not Satisfiable\r\n417 Expectation Failed\r\n"
    b"421 Misdirected Request\r\n429 Too Many Requests\r\n431 Request Header Fields Too Large\r\n"
    b"500 Internal Server Error\r\n501 Not Implemented\r\n503 Service Unavailable\r\n"
    b"505 HTTP Version Not Supported\r\n507 Insufficient Storage\r\n"
)


class HTTPError(Exception):
    """A refused request. In the head of a request it ends the connection."""

    def __init__(self, status, text="", fields=None):
        super().__init__(status)
        self.status = status
        self.text = text
        self.fields = fields


class HTTPStream:
    """A connection with its unread bytes."""

    def __init__(self, connection):
        self.connection = connection
        self.rest = b""
        self.deadline = None  # ticks at which the connection is dropped
        self.begun = False  # part of a head has arrived
        self.answering = False  # part of an answer may have been sent
        self.lost = False  # the beginning of the next request is unknown
        connection.on_watch = self.watch
        self.limit(_HEAD_MS)

    def limit(self, ms):
        self.deadline = ticks_add(ticks_ms(), ms) if ms else None

    def watch(self):
        """Called about once a second: clients that send a byte now and then time out, too."""
        if self.deadline is not None and ticks_diff(ticks_ms(), self.deadline) > 0:
            self.connection.task.cancel()

    async def more(self):
        """Receive some bytes; EOFError at the end."""
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

    async def awrite(self, data):
        await self.connection.send(data)

    async def head(self):
        """The next request: (method, target, whether it is HTTP/1.1, fields); names in lower case. HTTPError, or EOFError."""
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
                raise HTTPError(414)
            if len(self.rest) > _HEAD_MAX:
                raise HTTPError(431)
            await self.more()
            self.connection.resting = False
        if end > _HEAD_MAX:
            raise HTTPError(431)
        self.deadline = None
        self.begun = False
        head = self.rest[:end]
        self.rest = self.rest[end + 4 :]
        return parse(head)


def parse(head):
    """(method, target, whether it is HTTP/1.1, fields) of the bytes of a head."""
    if _CONTROL.search(head):
        raise HTTPError(400)
    lines = head.split(b"\r\n")
    words = lines[0].split(b" ")
    if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
        raise HTTPError(400)
    if len(words) != 3 or not words[0].isalpha() or len(words[0]) > 10 or not words[0].isupper():
        raise HTTPError(400)
    method, target, version = words
    if len(target) > _TARGET_MAX:
        raise HTTPError(414)
    modern = version == b"HTTP/1.1"
    if not modern and version != b"HTTP/1.0":
        raise HTTPError(505 if version[:5] == b"HTTP/" else 400)
    if len(lines) > _FIELDS_MAX:
        raise HTTPError(431)
    fields = {}
    try:
        method, target = method.decode(), target.decode()
        for number in range(1, len(lines)):
            field(fields, lines[number])
    except UnicodeError:
        raise HTTPError(400)
    if modern and "host" not in fields:
        raise HTTPError(400)
    coding = fields.get("transfer-encoding")
    if coding is not None:
        if "content-length" in fields or not modern:
            raise HTTPError(400)
        if coding.lower() != "chunked":
            raise HTTPError(501)
    length = fields.get("content-length", "0")
    if not length.isdigit() or len(length) > 10:
        raise HTTPError(400)
    if target[:7].lower() == "http://":  # absolute form: the name counts as Host
        fields["host"], _, target = target[7:].partition("/")
        target = "/" + target
    if (target[:1] != "/" and not (target == "*" and method == "OPTIONS")) or "\t" in target:
        raise HTTPError(400)
    return method, target, modern, fields


def field(fields, line):
    """Add a line of a head to fields."""
    name, colon, value = line.partition(b":")
    name = name.lower()
    if not colon or not name:
        raise HTTPError(400)
    word = b" " + name + b" "
    if word not in _USED or b" " in name:
        if _NO_TOKEN.search(name):
            raise HTTPError(400)
        return
    name = name.decode()
    value = value.strip(b" \t").decode()
    if name in fields:
        if word in _ONCE:
            raise HTTPError(400)
        value = fields[name] + ("; " if name == "cookie" else ", ") + value
    fields[name] = value


async def pause():
    """Let other tasks run."""
    await asyncio.sleep_ms(0)


class Answer:
    """A response. body: bytes, str, what becomes JSON, or one of the things above; fields: a dict of the head's."""

    def __init__(self, body, status, fields):
        self.status = status
        self.fields = fields
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            fields["Content-Type"] = "application/json; charset=UTF-8"
        self.body = body.encode() if isinstance(body, str) else body


def reason(status):
    """The status line without its version: number and reason phrase."""
    number = b"%d " % status
    at = _REASONS.find(number)
    return _REASONS[at : _REASONS.find(b"\r", at)] if at >= 0 else number + b"Status"


def head(status, fields, keep):
    """The head of a response as bytes; fields: pairs of name and value."""
    lines = [b"HTTP/1.1 " + reason(status)]
    policy = status != 304
    for name, value in fields:
        if name == "Content-Security-Policy":
            policy = False
        lines.append(b"%s: %s" % (name, value))
    lines.append((_GUARD if policy else b"") + _ALWAYS + (b"" if keep else b"Connection: close\r\n"))
    lines.append(b"")
    return b"\r\n".join(lines)


async def refuse(stream, status):
    """Answer an invalid request."""
    text = reason(status) + b"\n"
    fields = (("Content-Type", "text/plain"), ("Content-Length", len(text)))
    await stream.awrite(head(status, fields, False) + text)


async def write(stream, *parts):
    """Send parts in one packet if memory suffices."""
    try:
        parts = (b"".join(parts),)
    except MemoryError:
        pass
    for part in parts:
        await stream.awrite(part)


async def next_piece(body):
    """The next bytes of a body that makes them. An answer that has begun waits for memory: others will end."""
    for _ in range(_TRIES):
        try:
            return await body.next()
        except MemoryError:
            sys.modules["process.memory"].evict(True)
        await asyncio.sleep_ms(_WAIT_MS)
    return await body.next()


async def send_answer(stream, response, method, keep, chunks):
    """Send an Answer; returns whether the connection may be kept. chunks: the client accepts them.

    MemoryError before stream.answering is set: nothing has been sent.
    """
    body = response.body
    fields = response.fields
    status = response.status
    streams = hasattr(body, "next")
    if streams:
        if chunks:
            fields["Transfer-Encoding"] = "chunked"
        else:
            keep = False
    elif isinstance(body, (bytes, bytearray)):
        if status not in (204, 304):
            fields["Content-Length"] = len(body)
            if body and "Content-Type" not in fields:
                fields["Content-Type"] = "text/plain; charset=UTF-8"
        else:
            body = b""
    try:
        try:
            first = head(status, fields.items(), keep)
        except MemoryError:
            sys.modules["process.memory"].evict(True)
            first = head(status, fields.items(), keep)
        if streams:
            stream.answering = True
            await stream.awrite(first)
            while method != "HEAD" and (data := await next_piece(body)):
                if chunks:
                    await write(stream, b"%x\r\n" % len(data), data, b"\r\n")
                else:
                    await stream.awrite(data)
            if chunks and method != "HEAD":
                await stream.awrite(b"0\r\n\r\n")
        elif hasattr(body, "readinto") and method != "HEAD":
            await send_file(stream, body, int(fields["Content-Length"]), first)
        else:
            stream.answering = True
            if method == "HEAD":
                await stream.awrite(first)
            elif len(body) <= _ONE:
                await write(stream, first, body)
            else:
                await stream.awrite(first)
                await stream.awrite(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    return keep


async def send_file(stream, file, left, first):
    """Send the head `first`, and the next `left` bytes of a file. The connection ends if the file has become shorter."""
    data = buffer(min(_PIECE, left))
    size = len(data)
    stream.answering = True
    if size == left <= _ONE:
        if file.readinto(data) != size:
            raise EOFError
        await write(stream, first, data)
        return
    await stream.awrite(first)
    if await stream.connection.send_file(file, left, data, _TURN_MS):
        raise EOFError
