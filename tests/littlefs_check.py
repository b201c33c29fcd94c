"""A check of littlefs images, independent of littlefs: which blocks does the file system use, and does it use one twice?

The format is that of littlefs's SPEC.md, version 2.1: a list of metadata pairs, each a log of tags in commits with a
CRC; of two blocks the newer one that has a valid commit counts.
"""

import hashlib
import struct
import zlib

BLOCK = 4096  # bytes
NONE = 0xFFFFFFFF
DIR, INLINE, CTZ = 0x200, 0x201, 0x202  # LFS_TYPE_*STRUCT
CREATE, DELETE, TAIL, CRC, FCRC = 0x401, 0x4FF, 0x600, 0x500, 0x5FF
NO_ID = 0x3FF
REGULAR = 0x001


class Image:
    """A littlefs image in a file: `problems` says what is wrong with it, `files` has {path: SHA-256}."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.problems = []
        self.files = {}
        self.used = {}  # {block: by what}
        entries = {}  # {first pair of a directory: its entries}
        pair = (0, 1)
        first = None
        while pair != (NONE, NONE):
            if not self.use(pair, f"the pair {pair}"):
                break
            tags = self.newest(pair)
            if tags is None:
                self.problems.append(f"no valid commit in the pair {pair}")
                break
            found, tail, hard = directory(tags)
            first = first or frozenset(pair)
            entries.setdefault(first, []).extend(found)
            if not hard:
                first = None
            pair = tail
        self.walk(frozenset((0, 1)), "", entries)

    def use(self, blocks, what):
        """Note that blocks are in use; False where one of them is twice, or outside."""
        for block in blocks:
            if block * BLOCK >= len(self.data):
                self.problems.append(f"block {block} of {what} is outside")
                return False
            if block in self.used:
                self.problems.append(f"block {block} belongs to {self.used[block]} and to {what}")
                return False
            self.used[block] = what
        return True

    def newest(self, pair):
        """The tags of the newer block of a pair; None where there is no valid one."""
        best = None
        for block in pair:
            at = block * BLOCK
            revision, tags = commits(self.data[at : at + BLOCK])
            if tags is not None and (best is None or (revision - best[0]) & NONE < 1 << 31):
                best = (revision, tags)
        return best and best[1]

    def walk(self, first, path, entries):
        """Read the files of a directory, and of those in it."""
        for entry in entries.get(first, ()):
            if "name" not in entry or "struct" not in entry:
                continue
            name = f"{path}/{entry['name']}"
            kind, data = entry["struct"]
            if kind == DIR:
                self.walk(frozenset(struct.unpack("<II", data)), name, entries)
            elif entry["type"] == REGULAR:
                if kind == CTZ:
                    data = self.content(*struct.unpack("<II", data), name)
                self.files[name] = hashlib.sha256(data).hexdigest()

    def content(self, head, size, name):
        """The bytes of a file whose blocks are a skip list from the last one to the first."""
        sizes = []  # of the data in each block, behind its pointers
        left = size
        while left > 0:
            index = len(sizes)
            pointers = (index & -index).bit_length() if index else 0
            sizes.append(min(BLOCK - 4 * pointers, left))
            left -= sizes[-1]
        parts = []
        block = head
        for index in range(len(sizes) - 1, -1, -1):
            if not self.use((block,), name):
                return b""
            at = block * BLOCK
            pointers = (index & -index).bit_length() if index else 0
            parts.append(self.data[at + 4 * pointers : at + 4 * pointers + sizes[index]])
            block = struct.unpack_from("<I", self.data, at)[0]
        return b"".join(reversed(parts))


def commits(data):
    """(revision, [(type, id, bytes)]) of the valid commits in a metadata block; (revision, None) where there is none."""
    revision = struct.unpack_from("<I", data)[0]
    tags, pending, valid = [], [], False
    crc = crc32(data[:4], NONE)
    last = NONE
    at = 4
    while at + 8 <= BLOCK:
        tag = struct.unpack_from(">I", data, at)[0] ^ last
        kind, owner, size = tag >> 20 & 0x7FF, tag >> 10 & 0x3FF, tag & 0x3FF
        length = 0 if size == NO_ID else size
        if tag >> 31 or at + 4 + length > BLOCK:
            break
        crc = crc32(data[at : at + 4], crc)
        body = data[at + 4 : at + 4 + length]
        at += 4 + length
        if kind & 0x780 == CRC and kind != FCRC:
            if length < 4 or struct.unpack_from("<I", body)[0] != crc:
                break
            tags += pending
            pending, valid, crc = [], True, NONE
            last = tag ^ (kind & 1) << 31  # of the next one
            continue
        crc = crc32(body, crc)
        pending.append((kind, owner, body))
        last = tag
    return revision, tags if valid else None


def crc32(data, before):
    """As littlefs has it: without the inversions of zlib's."""
    return zlib.crc32(data, before ^ NONE) ^ NONE


def directory(tags):
    """(entries, the next pair, whether it is a part of the same directory) from the tags of a pair."""
    entries, tail, hard = [], (NONE, NONE), False
    for kind, owner, body in tags:
        if kind == CREATE:
            entries.insert(owner, {})
        elif kind == DELETE:
            del entries[owner]
        elif kind & 0x700 == 0 and owner != NO_ID:
            while owner >= len(entries):
                entries.append({})
            entries[owner].update(type=kind, name=body.decode(errors="surrogateescape"))
        elif kind & 0x700 == DIR and owner != NO_ID:
            entries[owner]["struct"] = (kind, body)
        elif kind & 0x700 == TAIL:
            tail, hard = struct.unpack("<II", body), bool(kind & 1)
    return entries, tail, hard
