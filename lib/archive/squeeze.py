# A compressor for firmware whose deflate can only decompress: LZ77 with the fixed Huffman codes of RFC 1951.
#
# Matches are searched in the last 4 to 8 KiB, with a hash table of the last offset of three bytes.

from array import array

from micropython import const

_BLOCK = const(4096)  # bytes compressed at a time; as many are kept before them
_MASK = const(1023)  # of the hash table
_OUTPUT = const(512)  # bytes passed on at a time: a crowded heap has no large pieces
_LONGEST = const(258)

# Codes of lengths (from 257) and distances: (first value, extra bits).
_LENGTHS = (
    b"\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0d\x0f\x11\x13\x17\x1b\x1f\x23\x2b\x33\x3b\x43\x53\x63\x73\x83\xa3\xc3\xe3"
)


class Squeeze:
    """Compresses data and passes it to the function write."""

    def __init__(self, write):
        self.put = write
        self.out = bytearray()
        self.bits = 0
        self.count = 0  # number of bits in self.bits
        self.table = array("H", bytes(2 * (_MASK + 1)))  # for each hash the last offset plus 1
        self.data = bytearray(2 * _BLOCK)  # the previous block, and data not compressed yet
        self.end = 0  # end of the data
        self.done = 0  # data is compressed up to here
        self.bit(3, 3)  # header of a single final block with fixed codes

    def write(self, data):
        data = memoryview(data)
        while data:
            part = data[: 2 * _BLOCK - self.end]
            data = data[len(part) :]
            self.data[self.end : self.end + len(part)] = part
            self.end += len(part)
            if self.end - self.done >= _BLOCK:
                self.block(self.done + _BLOCK)

    def close(self):
        self.block(self.end)
        self.bit(0, 7)  # end of block
        self.bit(0, 7)
        self.flush()

    def flush(self):
        if self.out:
            self.put(bytes(self.out))
            self.out = bytearray()

    def bit(self, value, count):
        """Write bits, least significant first."""
        self.bits |= value << self.count
        self.count += count
        while self.count > 7:
            self.out.append(self.bits & 255)
            self.bits >>= 8
            self.count -= 8

    def code(self, value, count):
        """Write a Huffman code, most significant bit first."""
        turned = 0
        for _ in range(count):
            turned = turned << 1 | value & 1
            value >>= 1
        self.bit(turned, count)

    def literal(self, value):
        if value < 144:
            self.code(48 + value, 8)
        elif value < 256:
            self.code(256 + value, 9)
        elif value < 280:
            self.code(value - 256, 7)
        else:
            self.code(value - 88, 8)

    def match(self, length, distance):
        k = 28
        if length < _LONGEST:
            k = 27
            while _LENGTHS[k] > length:
                k -= 1
        self.literal(257 + k)
        if 7 < k < 28:
            self.bit(length - _LENGTHS[k], k // 4 - 1)
        distance -= 1
        extra = 0
        while distance >> extra + 2:
            extra += 1
        self.code(2 * extra + (distance >> extra) if extra else distance, 5)
        self.bit(distance & (1 << extra) - 1, extra)

    def block(self, end):
        data = self.data
        table = self.table
        for i in range(len(table)):
            table[i] = 0
        for i in range(max(self.done - 2, 0)):
            table[(data[i] * 33 ^ data[i + 1] * 5 ^ data[i + 2] << 3) & _MASK] = i + 1
        i = self.done
        while i < end:
            length = 0
            if i + 2 < end:
                slot = (data[i] * 33 ^ data[i + 1] * 5 ^ data[i + 2] << 3) & _MASK
                at = table[slot] - 1
                table[slot] = i + 1
                if at >= 0:
                    most = min(end - i, _LONGEST)
                    while length < most and data[at + length] == data[i + length]:
                        length += 1
            if length > 2:
                self.match(length, i - at)
                i += length
            else:
                self.literal(data[i])
                i += 1
            if len(self.out) >= _OUTPUT:
                self.flush()
        self.flush()
        keep = max(end - _BLOCK, 0)
        if keep:
            data[: self.end - keep] = memoryview(data)[keep : self.end]
            self.end -= keep
        self.done = end - keep
