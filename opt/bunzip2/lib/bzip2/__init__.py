# The format of bzip2: blocks of bytes that are sorted by what follows them (Burrows-Wheeler), moved to front and written in
# Huffman codes.
#
# A block is undone as a whole. That takes three bytes of memory for each of its bytes, four beyond 65,535 of them.

import asyncio
from array import array
from binascii import crc32

from micropython import const

from base.errors import Failure

_PIECE = const(1024)  # bytes that are given out at a time
_PART = const(4096)  # places in one piece of memory
_GROUP = const(50)  # symbols from one table of codes
_LENGTH_MAX = const(20)  # bits in a code
_AHEAD = const(192)  # bytes that the codes of a group take at most, and some more
_BLOCK = (0x3141, 0x5926, 0x5359)  # before a block: the digits of pi
_END = (0x1772, 0x4538, 0x5090)  # at the end of a stream: those of its root
_REVERSED = bytes([sum([(i >> k & 1) << 7 - k for k in range(8)]) for i in range(256)])


def damaged():
    return Failure("", "data is damaged")


class Bits:
    """Bits of a stream, the highest of a byte first."""

    def __init__(self, stream):
        self.stream = stream
        self.data = b""
        self.at = 0
        self.held = 0  # read, and not returned yet
        self.count = 0  # how many of them

    async def ensure(self, size):
        """Read ahead until there are so many bytes, or until the end. True if there are any."""
        while len(self.data) - self.at < size:
            more = await self.stream.read()
            if not more:
                break
            self.data = bytes(self.data[self.at :]) + more
            self.at = 0
        return self.at < len(self.data)

    def get(self, n):
        """The next n bits, at most 16."""
        while self.count < n:
            if self.at >= len(self.data):
                raise Failure("", "unexpected end of file")
            self.held = (self.held << 8 | self.data[self.at]) & 0xFFFFFF
            self.at += 1
            self.count += 8
        self.count -= n
        return self.held >> self.count & (1 << n) - 1

    def marks(self):
        return self.get(16), self.get(16), self.get(16)


class Codes:
    """A canonical Huffman code: how many codes each length has, and the symbols in the order of their codes."""

    def __init__(self, lengths):
        sizes = range(1, _LENGTH_MAX + 1)
        self.counts = [lengths.count(n) for n in sizes]
        self.symbols = array("H", [s for n in sizes for s in range(len(lengths)) if lengths[s] == n])

    def next(self, bits):
        """The next symbol."""
        code = first = index = 0
        for count in self.counts:
            code = code << 1 | bits.get(1)
            if code - first < count:
                return self.symbols[index + code - first]
            index += count
            first = first + count << 1
        raise damaged()


async def read_codes(bits, size):
    """The tables of a block's codes, and which of them each group uses: ([Codes], bytes)."""
    tables = bits.get(3)
    groups = bits.get(15)
    if not 2 <= tables <= 6 or not groups:
        raise damaged()
    order = list(range(tables))
    selectors = bytearray(groups)
    for i in range(groups):
        await bits.ensure(8)
        at = 0
        while bits.get(1):
            at += 1
            if at >= tables:
                raise damaged()
        order.insert(0, order.pop(at))
        selectors[i] = order[0]
    found = []
    for _ in range(tables):
        lengths = [0] * size
        await bits.ensure(8)
        length = bits.get(5)
        for i in range(size):
            await bits.ensure(16)
            while bits.get(1):
                length += -1 if bits.get(1) else 1
                if not 1 <= length <= _LENGTH_MAX:
                    raise damaged()
            lengths[i] = length
        found.append(Codes(lengths))
    return found, selectors


def read_alphabet(bits):
    """The bytes that occur in a block."""
    used = bits.get(16)
    alphabet = bytearray()
    for i in range(16):
        if used >> 15 - i & 1:
            some = bits.get(16)
            alphabet.extend(bytes([16 * i + k for k in range(16) if some >> 15 - k & 1]))
    if not alphabet:
        raise damaged()
    return alphabet


async def read_block(bits, most):
    """The bytes of a block in the order of the sort."""
    await bits.ensure(_AHEAD)
    alphabet = read_alphabet(bits)
    end = len(alphabet) + 1  # the symbol behind all others
    tables, selectors = await read_codes(bits, end + 1)
    out = bytearray()
    run, weight = 0, 1  # a run of the first byte, in digits 1 and 2
    for selector in selectors:
        await bits.ensure(_AHEAD)
        codes = tables[selector]
        for _ in range(_GROUP):
            symbol = codes.next(bits)
            if symbol < 2:
                run += weight << symbol
                weight <<= 1
                if run > most:
                    raise damaged()
                continue
            if run:
                out.extend(bytes(alphabet[:1]) * run)
                run, weight = 0, 1
            if len(out) > most:
                raise damaged()
            if symbol == end:
                return out
            c = alphabet[symbol - 1]
            alphabet[1:symbol] = alphabet[: symbol - 1]
            alphabet[0] = c
            out.append(c)
        await asyncio.sleep_ms(0)
    raise damaged()


def follow(data):
    """For each place in the sorted bytes the place of the byte behind it: its low 16 bits, and above 65,535 the others."""
    starts = [0] * 257
    for c in data:
        starts[c + 1] += 1
    for i in range(256):
        starts[i + 1] += starts[i]
    count = (len(data) + _PART - 1) // _PART
    empty = bytes(2 * _PART)
    low = [array("H", empty) for _ in range(count)]
    high = [bytearray(_PART) for _ in range(count)] if len(data) > 65536 else None
    for i in range(len(data)):
        place = starts[data[i]]
        starts[data[i]] = place + 1
        low[place >> 12][place & 4095] = i & 0xFFFF
        if high:
            high[place >> 12][place & 4095] = i >> 16
    return low, high


async def unsorted(data, place, write):
    """Write a block's bytes, with runs of four and a count as what they stand for. Returns their checksum."""
    low, high = follow(data)
    if place >= len(data):
        raise damaged()
    crc = 0
    piece, mirrored = bytearray(), bytearray()
    last, same = -1, 0
    for _ in range(len(data)):
        following = low[place >> 12][place & 4095]
        place = high[place >> 12][place & 4095] << 16 | following if high else following
        c = data[place]
        if same == 4:
            piece.extend(bytes([last]) * c)
            mirrored.extend(_REVERSED[last : last + 1] * c)
            same = 0
            last = -1
        else:
            same = same + 1 if c == last else 1
            last = c
            piece.append(c)
            mirrored.append(_REVERSED[c])
        if len(piece) >= _PIECE:
            write(piece)
            crc = crc32(mirrored, crc)
            piece, mirrored = bytearray(), bytearray()
            await asyncio.sleep_ms(0)
    write(piece)
    crc = crc32(mirrored, crc)  # its bits are in the other order
    return [_REVERSED[crc >> 8 * i & 255] << 8 | _REVERSED[crc >> 8 * i + 8 & 255] for i in (0, 2)]


async def decompress(stream, write):
    """Decompress a stream, which may be several one behind the other."""
    bits = Bits(stream)
    first = True
    while await bits.ensure(4):
        if (bits.get(16), bits.get(8)) != (0x425A, 0x68):  # BZh
            if not first:
                return  # as bzip2: what follows is no stream
            raise Failure("", "not a bzip2 file")
        level = bits.get(8) - 48
        if not 1 <= level <= 9:
            raise Failure("", "not a bzip2 file")
        first = False
        while True:
            await bits.ensure(16)
            marks = bits.marks()
            promised = [bits.get(16), bits.get(16)]
            if marks == _END:
                break
            if marks != _BLOCK or bits.get(1):
                raise damaged()
            await bits.ensure(8)
            place = bits.get(8) << 16
            place |= bits.get(16)
            size = 0
            try:
                data = await read_block(bits, level * 100_000)
                size = len(data)
                if await unsorted(data, place, write) != promised:
                    raise Failure("", "checksum mismatch")
            except MemoryError:
                data = None
                raise Failure("", f"a block of {size or level * 100_000} bytes does not fit in memory")
            data = None
        bits.count = 0
    if first:
        raise Failure("", "unexpected end of file")
