"""Packs: the compiled files and texts of the system squeezed into a few (lib/packs.py, which reads them, tells the format)."""

import os
import posixpath
import struct
import zlib
from hashlib import sha256

from simulator import compiled

PACKS = 4
PLACE = "lib/packed/"
READER = "lib/packs.mpy"  # which cannot lie in a pack itself
PARTS = ("bin/", "lib/", "libx/")
BOARDS = "etc/boards/"  # many small files, of which a board needs one
LIBRARIES = "libx/"  # in a pack they are in lib/, as in a ROMFS image
DIRECTORY_SIZE = 0xFFFFFFFF
WINDOW_BITS = 11
ENTRY = struct.Struct("<IIHB")
SHARING = (".mpy", ".board")  # a text is read in lines, which takes longer where it begins late
STREAM = 8192  # bytes at most of files that share a stream: a board reads over those before the one it wants


def is_packed(name):
    """Whether a file of the system goes into a pack."""
    return name.startswith(BOARDS) or name.startswith(PARTS) and name.endswith((".mpy", ".txt")) and name != READER


def make(files):
    """{name of a pack: bytes} for {name of a file: bytes}."""
    files = {
        ("lib/" + name[len(LIBRARIES) :] if name.startswith(LIBRARIES) else name): files[name] for name in sorted(files)
    }
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
    crcs = sorted(entries)
    heads = {}
    begin = 2 + (4 + ENTRY.size) * len(crcs)
    body = bytearray()
    for stream in streams(entries):
        skip = 0
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -WINDOW_BITS)
        place = begin + len(body)
        for crc in stream:
            path, size, data = entries[crc]
            heads[crc] = ENTRY.pack(size, place, skip, sum(path) & 0xFF)
            body += squeeze.compress(data)
            skip += len(data)
        body += squeeze.flush()
    data = struct.pack("<H%dI" % len(crcs), len(crcs), *crcs) + b"".join(heads[crc] for crc in crcs) + body
    return data + struct.pack("<I", zlib.crc32(data))


def streams(entries):
    """Lists of the CRCs whose contents share a stream: small files of a directory, for they have much in common.

    A module that every session loads is the first of its stream, where nothing has to be read over.
    """
    alone, directories = [], {}
    for crc, (path, _, data) in sorted(entries.items()):  # whatever the order in which an image or a release names them
        name = path.decode()
        if name.endswith(SHARING) and len(data) <= STREAM:
            first, others = directories.setdefault(posixpath.dirname(name), ([], []))
            (first if compiled.is_resident(name[:-4] + ".py") else others).append((name, crc))
        else:
            alone.append([crc])
    together = []
    for _, (first, others) in sorted(directories.items()):
        first, others = ([crc for _, crc in sorted(each)] for each in (first, others))
        while first or others:
            stream = [(first or others).pop(0)]
            size = len(entries[stream[0]][2])
            while others and size + len(entries[others[0]][2]) <= STREAM:
                size += len(entries[others[0]][2])
                stream.append(others.pop(0))
            together.append(stream)
    return alone + together


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
        path = os.path.join(compiled.CACHE, "pack-" + sha256(data).hexdigest()[:32])
        if not os.path.exists(path):
            with open("%s.%d" % (path, os.getpid()), "wb") as file:
                file.write(data)
            os.rename(file.name, path)
        rest.append((path, name))
    return rest
