# A body in chunks (RFC 9112, 7.1), for clients that send before they know how much it will be.

from micropython import const

from services.http.wire import Bad, Body

_LINE_MAX = const(128)  # bytes that say how long a chunk is, with what else may stand there
_DIGITS_MAX = const(8)
_TRAILER_MAX = const(8)  # lines behind the last chunk


class Chunks(Body):
    """Of what is to come only the rest of a chunk is known: left is 1 until the last one has been read."""

    def __init__(self, wire, fields):
        super().__init__(wire, fields)
        self.left = 1
        self.size = None
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
        data = await self.wire.some(min(n, self.chunk))
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
        wire = self.wire
        if not self.first and await wire.line(0):
            raise Bad(400)
        self.first = False
        digits = (await wire.line(_LINE_MAX)).partition(b";")[0].rstrip(b" \t")
        if not digits or len(digits) > _DIGITS_MAX or digits.strip(b"0123456789abcdefABCDEF"):
            raise Bad(400)
        self.chunk = int(digits, 16)
        if not self.chunk:
            for _ in range(_TRAILER_MAX):
                if not await wire.line(_LINE_MAX):
                    self.left = 0
                    return
            raise Bad(400)
