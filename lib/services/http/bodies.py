# The body of a request, read when somebody wants it. Loaded with the first request that has one.

from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from services.http.wire import Bad

_QUIET_MS = const(20_000)  # how long nothing may come
_PIECE = const(512)  # bytes read at a time where nobody wants them
_DRAIN_MS = const(2000)  # how long nothing may come of a refused body
_LINGER_MS = const(10_000)  # how long it is read: closing the connection earlier would take the answer from the client


class Body:
    """What follows a head. The client that expects `100 Continue` gets it with the first read()."""

    def __init__(self, wire, fields):
        self.wire = wire
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
        """At most n bytes of what comes, at least one."""
        wire = self.wire
        if not wire.rest:
            await self.more()
        data = wire.rest[:n]
        wire.rest = wire.rest[n:]
        return data

    async def more(self):
        """Wait for more, but not for ever."""
        self.wire.limit(self.quiet_ms)
        await self.wire.more()
        self.wire.limit(0)

    async def whole(self, limit):
        """All of it; Bad where that is more than limit."""
        if self.left > limit:
            raise Bad(413)
        data = b""
        while piece := await self.read(limit + 1):
            data = data + piece if data else piece
            if len(data) > limit:
                raise Bad(413)
        return data

    async def begun(self):
        """Tell the client to go on, where it waits for that; False at the end of the body."""
        if self.expects:
            self.expects = False
            await self.wire.awrite(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.left > 0

    async def drain(self):
        """Read what is left and nobody wants; returns whether the connection can go on behind it."""
        if self.expects:
            return False
        limit = ticks_add(ticks_ms(), _LINGER_MS)
        self.quiet_ms = _DRAIN_MS
        try:
            while self.left:
                if ticks_diff(ticks_ms(), limit) > 0 or not (await self.read(_PIECE) or not self.left):
                    return False
        except Bad:
            return False
        return True


def body_of(wire, fields):
    """The Body of a request."""
    if "transfer-encoding" not in fields:
        return Body(wire, fields)
    from services.http.chunks import Chunks  # late: few clients send them

    return Chunks(wire, fields)
