# tar headers (POSIX pax interchange format, ustar): blocks of 512 bytes before each file.

from micropython import const

from base.errors import Failure

BLOCK = const(512)
RECORD = const(10240)  # archives are padded to a multiple of this many bytes, as is usual
NAME_MAX = const(1024)  # limit for a name in an extended header, in bytes

FILE, DIRECTORY = "0", "5"

DAMAGED = "not a tar archive, or damaged"


class Entry:
    """A member of an archive."""

    owner = group = "root"
    uid = gid = 0

    def __init__(self, name, size, kind, moment=0, mode=0o644):
        self.name = name
        self.size = size
        self.kind = kind
        self.moment = moment  # seconds since 1970
        self.mode = mode
        self.link = ""


def _text(data):
    end = data.find(b"\0")
    data = data[:end] if end >= 0 else data
    try:
        return data.decode()
    except UnicodeError:
        return "".join([chr(byte) for byte in data])


def _number(data):
    """Parse an octal number, or a binary one if the high bit is set."""
    if data[0] & 0x80:
        value = data[0] & 0x7F
        for byte in data[1:]:
            value = value << 8 | byte
        return value
    digits = data.strip(b" \0")
    try:
        return int(digits.decode(), 8) if digits else 0
    except (ValueError, UnicodeError):
        raise Failure("", DAMAGED)


def parse(block):
    """Parse a header into an Entry; None for a block of zeros."""
    if not block.strip(b"\0"):
        return None
    total = sum(block) - sum(block[148:156]) + 256
    if _number(block[148:156]) != total:
        raise Failure("", DAMAGED)
    name = _text(block[:100])
    kind = chr(block[156]) if block[156] else FILE
    if block[257:262] == b"ustar" and block[257:263] != b"ustar " and block[345]:
        name = _text(block[345:500]) + "/" + name
    if kind == "7":  # contiguous
        kind = FILE
    if kind == FILE and name.endswith("/"):
        kind = DIRECTORY
    entry = Entry(name, _number(block[124:136]), kind, _number(block[136:148]), _number(block[100:108]))
    entry.link = _text(block[157:257])
    entry.uid, entry.gid = _number(block[108:116]), _number(block[116:124])
    entry.owner, entry.group = _text(block[265:297]), _text(block[297:329])
    return entry


def header(entry):
    """Return the header blocks of a file; a long name takes additional ones."""
    name = entry.name.encode()
    prefix = b""
    extra = b""
    if len(name) > 100:
        at = name.rfind(b"/", 0, 156)
        if at > 0 and len(name) - at - 1 <= 100 and at + 1 < len(name):
            prefix, name = name[:at], name[at + 1 :]
        else:  # GNU: a member called ././@LongLink has the name
            data = name + b"\0"
            extra = header(Entry("././@LongLink", len(data), "L")) + data + bytes(-len(data) % BLOCK)
            name = name[:100]
    fields = (
        (name, 100),
        (b"%07o\0" % entry.mode, 8),
        (b"%07o\0" % entry.uid, 8),
        (b"%07o\0" % entry.gid, 8),
        (b"%011o\0" % entry.size, 12),
        (b"%011o\0" % max(entry.moment, 0), 12),
        (b"        ", 8),
        (entry.kind.encode(), 1),
        (b"", 100),
        (b"ustar\x0000", 8),
        (entry.owner.encode(), 32),
        (entry.group.encode(), 32),
        (b"0000000\0", 8),
        (b"0000000\0", 8),
        (prefix, 155),
        (b"", 12),
    )
    block = bytearray(b"".join([data + bytes(size - len(data)) for data, size in fields]))
    block[148:156] = b"%06o\0 " % sum(block)
    return extra + bytes(block)


def pax(data):
    """Parse a pax header into {name: value}; Failure if it is malformed."""
    values = {}
    while data:
        digits, _, _ = data.partition(b" ")
        if not digits.isdigit() or not int(digits):
            break
        size = int(digits)
        if size > len(data):
            raise Failure("", DAMAGED)
        name, _, value = data[len(digits) + 1 : size - 1].partition(b"=")
        values[_text(name)] = _text(value)
        data = data[size:]
    if not values.get("size", "0").isdigit():
        raise Failure("", DAMAGED)
    return values


class Reader:
    """Reads the members of an archive from a stream."""

    def __init__(self, stream):
        self.stream = stream
        self.left = 0  # remaining bytes of the current member, including padding
        self.size = 0  # without padding

    async def block(self, size):
        data = b""
        while len(data) < size and (more := await self.stream.read(size - len(data))):
            data = data + more if data else more
        return data

    async def next(self):
        """Return the next Entry, or None at the end."""
        name = size = None
        while True:
            await self.skip()
            data = await self.block(BLOCK)
            if not data:
                return None
            if len(data) < BLOCK:
                raise Failure("", "unexpected end of archive")
            entry = parse(data)
            if not entry:
                return None
            if entry.kind in "LKxg":
                if entry.size > 8 * NAME_MAX:
                    raise Failure("", "header too long")
                body = (await self.block(entry.size + -entry.size % BLOCK))[: entry.size]
                if entry.kind == "L":
                    name = _text(body)
                elif entry.kind == "x":
                    values = pax(body)
                    name = values.get("path", name)
                    size = values.get("size", size)
                continue
            if name:
                entry.name = name
            if size:
                entry.size = int(size)
            self.size = entry.size if entry.kind == FILE else 0
            self.left = self.size + -self.size % BLOCK
            return entry

    async def read(self):
        """Return the next bytes of the current member, b"" at its end."""
        if not self.size:
            return b""
        data = await self.stream.read(min(self.size, 1024))
        if not data:
            raise Failure("", "unexpected end of archive")
        self.size -= len(data)
        self.left -= len(data)
        return data

    async def skip(self):
        """Skip the rest of the current member."""
        while self.left and (data := await self.stream.read(min(self.left, 1024))):
            self.left -= len(data)
        self.size = 0
