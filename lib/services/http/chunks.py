# A body in chunks (RFC 9112, 7.1), for clients that send before they know how much it will be.

from micropython import const

from services.http.bodies import Body
from services.http.wire import Bad

_LINE_MAX = const(128)  # bytes that say how long a chunk is, with what else may stand there
_DIGITS_MAX = const(8)
_TRAILER_MAX = const(8)  # lines behind the last chunk


class Chunks(Body):
    """Of what is to come only the rest of a chunk is known: left is 1 until the last one has been read."""

    def __init__(self, wire, fields):
        super().__init__(wire, fields)
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
        except Bad:  # nobody knows where the next request begins
            self.left = 0
            self.wire.lost = True
            raise

    async def head(self):
        if not self.first and await self.line(0):
            raise Bad(400)
        self.first = False
        digits = (await self.line(_LINE_MAX)).partition(b";")[0].rstrip(b" \t")
        if not digits or len(digits) > _DIGITS_MAX or digits.strip(b"0123456789abcdefABCDEF"):
            raise Bad(400)
        self.chunk = int(digits, 16)
        if not self.chunk:
            for _ in range(_TRAILER_MAX):
                if not await self.line(_LINE_MAX):
                    self.left = 0
                    return
            raise Bad(400)

    async def line(self, most):
        """The bytes before the next end of a line; Bad where there are more than most."""
        wire = self.wire
        while True:
            end = wire.rest.find(b"\r\n")
            if end > most or (end < 0 and len(wire.rest) > most + 1):
                raise Bad(400)
            if end >= 0:
                data = wire.rest[:end]
                wire.rest = wire.rest[end + 2 :]
                if b"\n" in data or b"\r" in data:
                    raise Bad(400)
                return data
            await self.more()
