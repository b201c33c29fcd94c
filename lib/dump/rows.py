# Split concatenated inputs into rows of bytes, for od, hexdump and xxd.

from program import inputs


class Rows:
    """Yields rows; skip and limit are in bytes; can squeeze repeated rows."""

    def __init__(self, files, width, skip=0, limit=-1):
        self.streams = inputs(files)
        self.stream = None
        self.width = width
        self.skip = skip
        self.left = limit
        self.place = 0  # offset of the next row
        self.rest = b""
        self.done = False
        self.shown = None  # the last row that unlike() returned

    async def fill(self):
        """Return more bytes, b"" at the end of the last input."""
        while not self.done:
            if self.stream is None:
                found = next(self.streams, None)
                if not found:
                    self.done = True
                    break
                self.stream = found[1]
            if self.skip and not self.rest:
                await self.jump()
            data = await self.stream.read()
            if data:
                return data
            self.stream = None
        return b""

    async def jump(self):
        """Skip bytes in the current input."""
        stream = self.stream
        if hasattr(stream, "seek"):
            here = stream.seek(0, 1) - len(stream.rest)
            size = stream.seek(0, 2) - here
            step = min(size, self.skip)
            stream.seek(here + step)
            self.skip -= step
            self.place += step
            return
        while self.skip and (data := await stream.read(min(self.skip, 1024))):
            self.skip -= len(data)
            self.place += len(data)

    async def next(self):
        """Return (offset, bytes) of the next row; no bytes at the end."""
        want = self.width if self.left < 0 else min(self.width, self.left)
        while len(self.rest) < want and (data := await self.fill()):
            self.rest += data
        row = self.rest[:want]
        self.rest = self.rest[len(row) :]
        place = self.place
        self.place += len(row)
        if self.left > 0:
            self.left -= len(row)
        return place, row

    async def unlike(self, write, every):
        """As next(), but print one * for rows that repeat the previous one; every: return those, too."""
        starred = False
        while True:
            place, row = await self.next()
            if every or not row or row != self.shown:
                self.shown = row
                return place, row
            if not starred:
                write("*\n")
            starred = True


_ESCAPES = ((0, "\\0"), (7, "\\a"), (8, "\\b"), (9, "\\t"), (10, "\\n"), (11, "\\v"), (12, "\\f"), (13, "\\r"))


def character(byte):
    """Format a byte as od -c and hexdump -c do."""
    for code, text in _ESCAPES:
        if code == byte:
            return text
    return chr(byte) if 32 <= byte < 127 else f"{byte:03o}"


def printable(row):
    """Return the row as text, unprintable bytes as dots."""
    return "".join([chr(byte) if 32 <= byte < 127 else "." for byte in row])
