# Random access to a text of any length: its lines by number, and their screen rows. For less.

import os
from array import array

from micropython import const

from process.stream import CHUNK
from text.width import width

_EVERY = const(16)  # lines between two stored offsets
ROW_MAX = const(65536)  # bytes of a line that are shown

_TAB = const(8)


class Source:
    """The lines of a stream. One that is not a file is spooled to a temporary file."""

    def __init__(self, name, stream):
        self.name = name
        self.stream = None
        self.path = None
        self.spool = None  # a temporary file
        if hasattr(stream, "file"):
            self.file = stream.file
            self.path = name if name != "-" else None
        else:
            self.spool = f"/tmp/.less{id(self) & 0xFFFF}"
            self.file = open(self.spool, "w+b")
            self.stream = stream
        self.places = array("I", [0])  # offset of every 16th line
        self.count = 0  # lines found so far
        self.size = 0  # bytes read so far
        self.open = False  # the last line has no newline yet
        self.whole = False  # the end has been reached

    async def more(self):
        """Read more. Return False at the end."""
        if self.stream:
            data = await self.stream.read()
            if data:
                self.file.seek(self.size)
                if self.file.write(data) != len(data):
                    raise OSError(28)  # ENOSPC
        else:
            self.file.seek(self.size)
            data = self.file.read(CHUNK)
        if not data:
            self.whole = True
            return False
        if not self.open:
            self.count += 1
        at = 0
        while (at := data.find(b"\n", at) + 1) > 0:
            if not self.count % _EVERY:
                self.places.append(self.size + at)
            if at < len(data):
                self.count += 1
        self.open = data[-1] != 10
        self.size += len(data)
        return True

    async def has(self, number):
        """Return whether line `number`, counted from 0, exists."""
        while self.count <= number:
            if self.whole or not await self.more():
                return False
        return True

    async def end(self):
        """Read to the last line."""
        while not self.whole and await self.more():
            pass

    def refresh(self):
        """Return whether the file has grown."""
        if self.stream:
            self.whole = False
            return True
        if self.path and os.stat(self.path)[6] > self.size:
            self.file.close()
            self.file = open(self.path, "rb")
            self.whole = False
            return True
        return False

    async def line(self, number):
        """Return the bytes of an existing line."""
        self.file.seek(self.places[number // _EVERY])
        skip = number % _EVERY
        data = b""
        while True:
            while skip and (at := data.find(b"\n") + 1):
                data = data[at:]
                skip -= 1
            if not skip:
                at = data.find(b"\n")
                if at >= 0 or len(data) > ROW_MAX:
                    return data[: at if at >= 0 else ROW_MAX]
            elif len(data) > CHUNK:
                data = b""
            more = self.file.read(CHUNK)
            if not more:
                return data
            data += more

    def close(self):
        self.file.close()
        if self.spool:
            os.remove(self.spool)


def rows(data, columns, colours=False):
    """Split a line into screen rows of at most `columns` cells; control characters become ^X."""
    try:
        text = data.decode()
    except UnicodeError:
        text = "".join([chr(byte) if byte < 128 else f"<{byte:02X}>" for byte in data])
    out = []
    row = []
    used = 0
    escape = False
    for c in text:
        code = ord(c)
        if escape:
            row.append(c)
            escape = not c.isalpha()
            continue
        if code == 27 and colours:
            row.append(c)
            escape = True
            continue
        if code == 9:
            c = " " * (_TAB - used % _TAB)
            cells = len(c)
        elif code < 32 or code == 127:
            c = "^" + chr(code ^ 64)
            cells = 2
        else:
            cells = 1 if code < 127 else width(c)
        if used + cells > columns:
            out.append("".join(row))
            row, used = [], 0
            if code == 9:
                c, cells = " " * min(_TAB, columns), min(_TAB, columns)
        row.append(c)
        used += cells
    out.append("".join(row))
    return out
