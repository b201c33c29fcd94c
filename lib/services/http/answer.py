# Answers on the wire: microdot makes a Response, and here it becomes HTTP/1.1 with a connection that is kept.
#
# A body is bytes; or something with readinto() (its length stands in the Content-Length that comes with it); or something
# with `async next()`, which gives bytes until it gives b"" and goes out in chunks. close() is called at the end.

from micropython import const

_PIECE = const(2048)  # bytes of a file sent at a time
_ONE = const(1024)  # a body up to this goes out with its head

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_GUARD = f"Content-Security-Policy: {POLICY}\r\n"
_ALWAYS = "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n"

_REASONS = {
    101: "Switching Protocols",
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    206: "Partial Content",
    304: "Not Modified",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    417: "Expectation Failed",
    421: "Misdirected Request",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
    507: "Insufficient Storage",
}


def head(status, fields, keep):
    """The bytes of a head; fields: (name, value) each."""
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Status')}\r\n"]
    policy = True
    for name, value in fields:
        if name == "Content-Security-Policy":
            policy = False
        for one in value if isinstance(value, list) else (value,):
            lines.append(f"{name}: {one}\r\n")
    if policy and status != 304:
        lines.append(_GUARD)
    lines.append(_ALWAYS)
    lines.append("\r\n" if keep else "Connection: close\r\n\r\n")
    return "".join(lines).encode()


async def refuse(wire, status):
    """Answer what is no request."""
    text = f"{status} {_REASONS.get(status, '')}\n".encode()
    fields = (("Content-Type", "text/plain"), ("Content-Length", len(text)))
    await wire.awrite(head(status, fields, False) + text)


async def send(wire, response, method, keep, chunks):
    """Send a Response; returns whether the connection may be kept. chunks: the client knows them."""
    body = response.body
    fields = response.headers
    status = response.status_code
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
            await wire.awrite(first)
        elif streams:
            await wire.awrite(first)
            while data := await body.next():
                await wire.awrite(b"%x\r\n%s\r\n" % (len(data), data) if chunks else data)
            if chunks:
                await wire.awrite(b"0\r\n\r\n")
        elif hasattr(body, "readinto"):
            await wire.awrite(first)
            await send_file(wire, body, int(fields["Content-Length"]))
        elif len(body) <= _ONE:
            await wire.awrite(first + body)
        else:
            await wire.awrite(first)
            await wire.awrite(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    return keep


async def send_file(wire, file, left):
    """Send the next `left` bytes of a file. One that has become shorter ends the connection: nothing else tells."""
    buffer = bytearray(min(_PIECE, left))
    view = memoryview(buffer)
    send = wire.connection.send
    while left > 0:
        count = file.readinto(view[: min(len(buffer), left)])
        if not count:
            raise EOFError
        left -= count
        await send(buffer if count == len(buffer) else bytes(view[:count]))
