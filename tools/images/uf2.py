"""UF2 files (github.com/microsoft/uf2) for RP2040 and RP2350: checked block by block, and joined with more content."""

import struct
from typing import NamedTuple

from remote.errors import RemoteError

BLOCK = 512
PAYLOAD = 256  # bytes in a block: the boot ROM of the RP2040 takes no other number
MAGIC = (0x0A324655, 0x9E5D5157, 0x0AB16F30)
FAMILY_FLAG = 0x2000
FAMILIES = {0xE48BFF56: "rp2040", 0xE48BFF59: "rp2350", 0xE48BFF5A: "rp2350"}
ABSOLUTE = 0xE48BFF57  # a block for no chip in particular: the workaround for erratum E10 of the RP2350
HEAD = "<8I"


class Uf2(NamedTuple):
    """A file's content: chip, family of its blocks, {address: bytes}, and raw blocks that come first."""

    chip: str
    family: int
    content: dict
    absolute: bytes

    def flat(self):
        """(address, bytes) of the whole, with FF in the gaps."""
        begin = min(self.content)
        end = max(address + len(data) for address, data in self.content.items())
        image = bytearray(b"\xff" * (end - begin))
        for address, data in self.content.items():
            image[address - begin : address - begin + len(data)] = data
        return begin, bytes(image)


def is_uf2(data):
    """Whether bytes begin as such a file does."""
    return data[:4] == struct.pack("<I", MAGIC[0])


def read(path, data):
    """The Uf2 in bytes; path is for the RemoteError where a block is damaged, missing or for another chip."""
    if len(data) % BLOCK:
        raise RemoteError("%s: the end is missing (%d bytes)" % (path, len(data)))
    families, seen, content, absolute = set(), {}, {}, b""
    for place in range(0, len(data), BLOCK):
        first, second, flags, address, size, number, count, family = struct.unpack_from(HEAD, data, place)
        last = struct.unpack_from("<I", data, place + BLOCK - 4)[0]
        if (first, second, last) != MAGIC or size > BLOCK - 36:
            raise RemoteError("%s: block %d is damaged" % (path, place // BLOCK))
        if flags & FAMILY_FLAG and family == ABSOLUTE:
            absolute += data[place : place + BLOCK]
            continue
        families.add(family if flags & FAMILY_FLAG else None)
        seen.setdefault((family, count), set()).add(number)
        content[address] = data[place + 32 : place + 32 + size]
    if len(families) != 1 or not families <= FAMILIES.keys():
        raise RemoteError("%s: for another chip than RP2040 and RP2350" % path)
    for (_, count), numbers in seen.items():
        if numbers != set(range(count)):
            raise RemoteError("%s: %d of %d blocks are missing" % (path, count - len(numbers), count))
    family = families.pop()
    return Uf2(FAMILIES[family], family, content, absolute)


def join(uf2, pieces):
    """The bytes of a UF2 file with a Uf2 and [(address, bytes)] behind it, all of one family and numbered through.

    The boot ROM counts the blocks of a family and restarts with the last one, so that two families, or two files one
    after the other, would not both be taken.
    """
    content = dict(uf2.content)
    end = max(address + len(data) for address, data in content.items())
    for address, data in pieces:
        if address < end or address % PAYLOAD:
            raise ValueError("0x%x: overlaps what is there, or is not aligned" % address)
        for at in range(0, len(data), PAYLOAD):
            content[address + at] = data[at : at + PAYLOAD].ljust(PAYLOAD, b"\xff")
        end = address + len(data)
    out = [uf2.absolute]
    for number, (address, data) in enumerate(sorted(content.items())):
        head = (*MAGIC[:2], FAMILY_FLAG, address, len(data), number, len(content), uf2.family)
        out.append(struct.pack(HEAD, *head) + data.ljust(BLOCK - 36, b"\0") + struct.pack("<I", MAGIC[2]))
    return b"".join(out)
