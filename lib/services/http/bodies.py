# The body of a request, read on demand. Loaded with the first request that has one.

from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from services.http.protocol import HTTPError

_QUIET_MS = const(20_000)  # time limit for the next bytes
_PIECE = const(512)  # bytes discarded at a time
_DRAIN_MS = const(2000)  # time limit for the next bytes of a refused body
_LINGER_MS = const(10_000)  # how long it is discarded: a connection that closed earlier would lose the answer
_LINE_MAX = const(128)  # bytes that say how long a chunk is, with what else may stand there
_DIGITS_MAX = const(8)
_TRAILER_MAX = const(8)  # lines behind the last chunk


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


class Chunks(Body):
    """A body in chunks (RFC 9112, 7.1), whose length is unknown in advance: left is 1 until the last chunk has been read."""

    def __init__(self, stream, fields):
        super().__init__(stream, fields)
        self.left = 1
        self.chunk = 0  # bytes to come of this chunk
        self.first = True
        self.expects = fields.get("expect", "").lower() == "100-continue"

    async def read(self, n):
        if not await self.begun():
            return b""
        if not self.chunk:
            await self.next()
            if not self.chunk:
                return b""
        data = await self.some(min(n, self.chunk))
        self.chunk -= len(data)
        return data

    async def next(self):
        """Read the head of the next chunk."""
        try:
            await self.head()
        except HTTPError:  # the beginning of the next request is unknown
            self.left = 0
            self.stream.lost = True
            raise

    async def head(self):
        if not self.first and await self.line(0):
            raise HTTPError(400)
        self.first = False
        digits = (await self.line(_LINE_MAX)).partition(b";")[0].rstrip(b" \t")
        if not digits or len(digits) > _DIGITS_MAX or digits.strip(b"0123456789abcdefABCDEF"):
            raise HTTPError(400)
        self.chunk = int(digits, 16)
        if not self.chunk:
            for _ in range(_TRAILER_MAX):
                if not await self.line(_LINE_MAX):
                    self.left = 0
                    return
            raise HTTPError(400)

    async def line(self, most):
        """The bytes before the next end of line; HTTPError if there are more than most."""
        stream = self.stream
        while True:
            end = stream.rest.find(b"\r\n")
            if end > most or (end < 0 and len(stream.rest) > most + 1):
                raise HTTPError(400)
            if end >= 0:
                data = stream.rest[:end]
                stream.rest = stream.rest[end + 2 :]
                if b"\n" in data or b"\r" in data:
                    raise HTTPError(400)
                return data
            await self.more()


def body_of(stream, fields):
    """The Body of a request."""
    return Chunks(stream, fields) if "transfer-encoding" in fields else Body(stream, fields)
