# A body in chunks (RFC 9112, 7.1), from clients that do not know its length in advance.

from micropython import const

from services.http.bodies import Body
from services.http.protocol import HTTPError

_LINE_MAX = const(128)  # bytes that say how long a chunk is, with what else may stand there
_DIGITS_MAX = const(8)
_TRAILER_MAX = const(8)  # lines behind the last chunk


class Chunks(Body):
    """A body whose length is unknown: left is 1 until the last chunk has been read."""

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
