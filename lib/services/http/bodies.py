# The body of a request, read on demand. Loaded with the first request that has one.

from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from services.http.protocol import HTTPError

_QUIET_MS = const(20_000)  # time limit for the next bytes
_PIECE = const(512)  # bytes discarded at a time
_DRAIN_MS = const(2000)  # time limit for the next bytes of a refused body
_LINGER_MS = const(
    10_000
)  # how long it is discarded: if the connection closed earlier, the client would lose the answer


class Body:
    """The body behind a head. A client that expects `100 Continue` gets it with the first read()."""

    def __init__(self, stream, fields):
        self.stream = stream
        self.left = int(fields.get("content-length", "0"))  # bytes to come
        self.quiet_ms = _QUIET_MS
        self.expects = self.left > 0 and fields.get("expect", "").lower() == "100-continue"

    async def read(self, n):
        """At most n bytes, at least one; b"" at the end."""
        if not await self.begun():
            return b""
        data = await self.some(min(n, self.left))
        self.left -= len(data)
        return data

    async def some(self, n):
        """Receive at most n bytes, at least one."""
        stream = self.stream
        if not stream.rest:
            await self.more()
        data = stream.rest[:n]
        stream.rest = stream.rest[n:]
        return data

    async def more(self):
        """Wait for more, with a time limit."""
        self.stream.limit(self.quiet_ms)
        await self.stream.more()
        self.stream.limit(0)

    async def whole(self, limit):
        """The whole body; HTTPError if it is longer than limit."""
        if self.left > limit:
            raise HTTPError(413)
        data = b""
        while piece := await self.read(limit + 1):
            data = data + piece if data else piece
            if len(data) > limit:
                raise HTTPError(413)
        return data

    async def begun(self):
        """Send `100 Continue` if the client waits for it; False at the end of the body."""
        if self.expects:
            self.expects = False
            await self.stream.awrite(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.left > 0

    async def drain(self):
        """Discard the rest; returns whether the connection can be used for another request."""
        if self.expects:
            return False
        limit = ticks_add(ticks_ms(), _LINGER_MS)
        self.quiet_ms = _DRAIN_MS
        try:
            while self.left:
                if ticks_diff(ticks_ms(), limit) > 0 or not (await self.read(_PIECE) or not self.left):
                    return False
        except HTTPError:
            return False
        return True


def body_of(stream, fields):
    """The Body of a request."""
    if "transfer-encoding" not in fields:
        return Body(stream, fields)
    from services.http.chunks import Chunks  # late: few clients send them

    return Chunks(stream, fields)
