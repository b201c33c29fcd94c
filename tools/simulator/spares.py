"""spare.z: the copy of the boot files. spare.py on the board unpacks it, and describes its format."""

import json
import zlib

from simulator import compiled, plain

PLACE = "lib/spare."  # how the names of what is added begin
NAME = PLACE + "z"
READER = "spare.py"  # which is also beside the archive, in another directory than what it restores
KEPT = ("boot.py", "startup.py", "main.py", "recovery.py", "rescue.py")
PIECE = 1024  # bytes
WINDOW_BITS = 10


def add(files):
    """[(path, name)] with the archive of those that it keeps, where a board boots with them."""
    kept = {name: path for path, name in files if name in KEPT}
    if len(kept) < len(KEPT):  # a part of a tree, for a test
        return files
    readers = [(plain.kept(path), place + name) for path, name in files if name == READER for place in ("", "lib/")]
    return [entry for entry in files if entry[1] != READER] + readers + [(compiled.kept_text(make(kept)), NAME)]


def make(paths):
    """The archive of {name: path}."""
    found = {}
    for name in KEPT:
        with open(paths[name], "rb") as file:
            data = file.read()
        pieces = [data[i : i + PIECE] for i in range(0, len(data), PIECE)]
        found[name] = (len(data), zlib.crc32(data), [(deflated(piece), zlib.crc32(piece)) for piece in pieces])
    body = b"".join(stream for _, _, pieces in found.values() for stream, _ in pieces)
    size = -1
    head = b""
    while size != len(head):  # the places depend on how long the list of them is
        at = size = len(head)
        table = {}
        for name, (length, crc, pieces) in found.items():
            places = []
            for stream, expected in pieces:
                places.append((at, expected))
                at += len(stream)
            table[name] = (length, crc, places)
        text = json.dumps(table, separators=(",", ":")).encode()
        head = b"%08x\n%s\n" % (zlib.crc32(text), text)
    return head + body + b"\n" + head


def deflated(piece):
    packer = zlib.compressobj(9, zlib.DEFLATED, -WINDOW_BITS, 9)
    return packer.compress(piece) + packer.flush()
