# Sending a response as HTTP/1.1 on a persistent connection.
#
# A body is bytes; or something with readinto() (its length stands in the Content-Length that comes with it); or something
# with `async next()`, which gives bytes until it gives b"" and goes out in chunks. close() is called at the end.

import json
from time import ticks_diff, ticks_ms

from micropython import const

from services.http.protocol import pause

_PIECE = const(8192)  # bytes of a file sent at a time
_TURN_MS = const(10)  # after which others run
_ONE = const(1024)  # a body up to this goes out with its head

_GUARD = const(
    b"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'none'; "
    b"base-uri 'none'; frame-ancestors 'none'\r\n"
)
_ALWAYS = const(b"X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n")

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


async def send(stream, response, method, keep, chunks):
    """Send an Answer; returns whether the connection may be kept. chunks: the client accepts them."""
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
    first = head(status, fields.items(), keep)
    try:
        if method == "HEAD":
            await stream.awrite(first)
        elif streams:
            await stream.awrite(first)
            while data := await body.next():
                await stream.awrite(b"%x\r\n%s\r\n" % (len(data), data) if chunks else data)
            if chunks:
                await stream.awrite(b"0\r\n\r\n")
        elif hasattr(body, "readinto"):
            size = int(fields["Content-Length"])
            if size > _ONE:
                await stream.awrite(first)
                await send_file(stream, body, size)
            else:
                data = bytearray(size)
                if body.readinto(data) != size:
                    raise EOFError
                await stream.awrite(first + data)
        elif len(body) <= _ONE:
            await stream.awrite(first + body)
        else:
            await stream.awrite(first)
            await stream.awrite(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    return keep


async def send_file(stream, file, left):
    """Send the next `left` bytes of a file. The connection ends if the file has become shorter."""
    try:
        buffer = bytearray(min(_PIECE, left))
    except MemoryError:
        buffer = bytearray(_ONE)
    size = len(buffer)
    view = memoryview(buffer)
    connection = stream.connection
    push = connection.push
    turn = ticks_ms()
    while left > 0:
        count = file.readinto(buffer if left >= size else view[:left])
        if not count:
            raise EOFError
        left -= count
        piece = buffer if count == size else view[:count]
        done = push(piece)
        if done != count:
            await connection.send(piece, done)
        if ticks_diff(ticks_ms(), turn) > _TURN_MS:
            await pause()
            turn = ticks_ms()
