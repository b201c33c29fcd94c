# Rows of bytes from several inputs as if they were one: what od, hexdump and xxd show.

from program import inputs


class Rows:
    """Gives one row after the other; skip and limit are bytes, repeated rows can be told."""

    def __init__(self, files, width, skip=0, limit=-1):
        self.streams = inputs(files)
        self.stream = None
        self.width = width
        self.skip = skip
        self.left = limit
        self.place = 0  # of the next row
        self.rest = b""
        self.done = False
        self.shown = None  # the row that unlike() gave last

    async def fill(self):
        """More bytes, b"" at the end of the last input."""
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
        """Leave out what is skipped of this input."""
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
        """(place, bytes) of the next row; no bytes at the end."""
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
        """As next(), without rows that are equal to the one before: one * stands for them, unless every one is wanted."""
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
    """A byte as -c of od and hexdump shows it."""
    for code, text in _ESCAPES:
        if code == byte:
            return text
    return chr(byte) if 32 <= byte < 127 else f"{byte:03o}"


def printable(row):
    """The bytes of a row as text, with points for what cannot be shown."""
    return "".join([chr(byte) if 32 <= byte < 127 else "." for byte in row])
