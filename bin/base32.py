# base32 - encode and decode base32
# usage: base32 [-di] [-w COLUMNS] [FILE...]
#
# Encode each FILE, or standard input.
#   -d  decode      -i  ignore other characters when decoding      -w COLUMNS  length of a line (76); 0: one line

from text import radix

proc = None

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567="


async def __main__(args):
    return await radix.main(args, 5, LETTERS, encoded, decoded)


def encoded(data):
    """Encode five bytes as eight characters (RFC 4648, section 6)."""
    out = bytearray()
    for i in range(0, len(data), 5):
        part = data[i : i + 5]
        value = int.from_bytes(part + bytes(5 - len(part)), "big")
        count = (len(part) * 8 + 4) // 5
        for k in range(8):
            out.append(LETTERS[value >> (35 - 5 * k) & 31] if k < count else 61)
    return bytes(out)


def decoded(data):
    out = bytearray()
    for i in range(0, len(data), 8):
        part = data[i : i + 8].rstrip(b"=")
        if len(part) in (1, 3, 6):
            raise ValueError
        value = 0
        for c in part:
            value = value << 5 | LETTERS.find(bytes((c,)))
        out.extend((value << 40 - 5 * len(part)).to_bytes(5, "big")[: len(part) * 5 // 8])
    return bytes(out)
