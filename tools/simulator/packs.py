"""Packs: the compiled files and texts of the system squeezed into a few (lib/packs.py, which reads them, tells the format)."""

import os
import posixpath
import struct
import zlib

from simulator import compiled

PACKS = 16
PLACE = "lib/packed/"
READER = "lib/packs.mpy"  # which cannot lie in a pack itself
PARTS = ("bin/", "lib/", "libx/")
BOARDS = "etc/boards/"  # eleven small files, of which a board needs one
LIBRARIES = "libx/"  # in a pack they are in lib/, as in a ROMFS image
DIRECTORY_SIZE = 0xFFFFFFFF
WINDOW_BITS = 10


def is_packed(name):
    """Whether a file of the system goes into a pack."""
    return name.startswith(BOARDS) or name.startswith(PARTS) and name.endswith((".mpy", ".txt")) and name != READER


def make(files):
    """{name of a pack: bytes} for {name of a file: bytes}."""
    files = {("lib/" + name[len(LIBRARIES) :] if name.startswith(LIBRARIES) else name): files[name] for name in files}
    entries = {name: (len(data), data) for name, data in files.items()}
    entries.update((name, (DIRECTORY_SIZE, listing)) for name, listing in directories(files).items())
    parts = [{} for _ in range(PACKS)]
    for name, entry in entries.items():
        crc = zlib.crc32(name.encode())
        part = parts[crc % PACKS]
        assert crc not in part, "%s: has the CRC of another name" % name
        part[crc] = (name.encode(), *entry)
    return {"%s%02d" % (PLACE, number): pack(part) for number, part in enumerate(parts)}


def directories(names):
    """{directory: the lines about what is in it}."""
    inside = {"": set()}
    for name in names:
        while name:
            parent, leaf = posixpath.split(name)
            inside.setdefault(parent, set()).add(leaf + "/" * (name in inside))
            if parent and parent not in inside:
                inside[parent] = set()
            name = parent
    return {name: "".join(leaf + "\n" for leaf in sorted(found)).encode() for name, found in inside.items()}


def pack(entries):
    """A pack of {CRC: (path, size, content)}."""
    body = bytearray()
    places = []
    begin = 2 + 8 * len(entries)
    for crc in sorted(entries):
        path, size, data = entries[crc]
        places.append(begin + len(body))
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -WINDOW_BITS)
        body += struct.pack("<IB", size, len(path)) + path + squeeze.compress(data) + squeeze.flush()
    count = len(entries)
    return struct.pack("<H%dI%dI" % (count, count), count, *sorted(entries), *places) + bytes(body)


def kept(files):
    """[(path, name)] with packs, kept beside the compiled files, in place of those files that go into them."""
    inside = {}
    rest = []
    for path, name in files:
        if is_packed(name):
            with open(path, "rb") as file:
                inside[name] = file.read()
        else:
            rest.append((path, name))
    for name, data in make(inside).items():
        path = os.path.join(compiled.CACHE, "pack-%08x-%d" % (zlib.crc32(data), len(data)))
        if not os.path.exists(path):
            with open("%s.%d" % (path, os.getpid()), "wb") as file:
                file.write(data)
            os.rename(file.name, path)
        rest.append((path, name))
    return rest
