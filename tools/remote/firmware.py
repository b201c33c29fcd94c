"""Firmware files: the official ones and their hashes (tools/firmware.lock), and what is inside a .bin or a .uf2."""

import hashlib
import json
import os
import struct
import urllib.error
import urllib.request
from typing import NamedTuple

from remote.board import digest
from remote.errors import RemoteError
from simulator.environment import ROOT

LOCK = os.path.join(ROOT, "tools", "firmware.lock")
SITE = "https://micropython.org/resources/firmware/"
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "diatom", "firmware")
KNOWN = "hashes.json"  # in the cache: what was downloaded first, for files whose hash nobody has published
TIMEOUT = 30  # seconds
PIECE = 65536

UF2_BLOCK = 512
UF2_MAGIC = (0x0A324655, 0x9E5D5157, 0x0AB16F30)
UF2_FAMILY_FLAG = 0x2000
FAMILIES = {0xE48BFF56: "rp2040", 0xE48BFF59: "rp2350", 0xE48BFF5A: "rp2350"}
UF2_ABSOLUTE = 0xE48BFF57  # a block for no chip in particular: the remedy for an error of the RP2350


class Official(NamedTuple):
    """A line of the lock file; hash is None where nobody has published one."""

    name: str
    chip: str
    file: str
    hash: str | None
    about: str


class Firmware(NamedTuple):
    """What a file is: chip as esptool names it, or rp2040, rp2350; offset where it belongs in the flash (None: UF2)."""

    path: str
    chip: str
    offset: int | None
    size: int
    hash: str
    parts: list


def official():
    """{name: Official}"""
    found = {}
    with open(LOCK, encoding="utf-8") as file:
        for line in file:
            words, _, about = line.partition(" # ")
            words = words.split()
            if words and words[0] != "#":
                name, chip, path, value = words
                found[name] = Official(name, chip, path, None if value == "-" else value, about.strip())
    return found


def obtain(entry, out, site=None):
    """The path of an official file, which is downloaded once; its hash is checked every time."""
    path = os.path.join(CACHE, entry.file)
    wanted = entry.hash or remembered().get(entry.file)
    if not os.path.exists(path):
        os.makedirs(CACHE, exist_ok=True)
        download((site or SITE).rstrip("/") + "/" + entry.file, path, wanted, out)
    found = hash_of(path)
    if wanted is None:
        out.warn("%s: no hash is published; that of this download (%s) is remembered" % (entry.file, found))
        remember(entry.file, found)
    elif found != wanted:
        raise RemoteError("%s: its hash is %s and should be %s" % (path, found, wanted))
    return path


def download(address, path, wanted, out):
    beside = path + ".part"
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as answer, open(beside, "wb") as file:
            length = int(answer.headers.get("Content-Length") or 0)
            with out.bar("download", length) as bar:
                while piece := answer.read(PIECE):
                    file.write(piece)
                    bar.advance(len(piece))
            if length and file.tell() != length:
                raise RemoteError("%s: %d of %d bytes have come" % (address, file.tell(), length))
    except (urllib.error.URLError, OSError, ValueError) as e:
        raise RemoteError(
            "%s: %s (a file that you have is taken, too: diatom flash FILE)" % (address, getattr(e, "reason", e))
        ) from None
    if wanted and hash_of(beside) != wanted:
        found = hash_of(beside)
        os.remove(beside)
        raise RemoteError("%s: the hash of what came is %s and should be %s" % (address, found, wanted))
    os.replace(beside, path)


def remembered():
    try:
        with open(os.path.join(CACHE, KNOWN), encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return {}


def remember(name, value):
    path = os.path.join(CACHE, KNOWN)
    known = remembered()
    known[name] = value
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(known, file, indent=1)
    os.replace(path + ".new", path)


def hash_of(path):
    with open(path, "rb") as file:
        return (
            hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else digest(file.read())
        )


def inspect(path):
    """The Firmware in a file, whose inner checks hold; RemoteError says what is wrong with it."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] == struct.pack("<I", UF2_MAGIC[0]):
        chip, parts = inspect_uf2(path, data)
        return Firmware(path, chip, None, len(data), digest(data), parts)
    if data[:1] == b"\xe9":
        from remote.espressif import inspect_image

        chip, offset, parts = inspect_image(path, data)
        return Firmware(path, chip, offset, len(data), digest(data), parts)
    raise RemoteError("%s: neither a firmware image of Espressif's chips nor a UF2 file" % path)


def inspect_uf2(path, data):
    """(chip, parts) of a UF2 file (github.com/microsoft/uf2): every block is whole, and for one chip."""
    if len(data) % UF2_BLOCK:
        raise RemoteError("%s: the end is missing (%d bytes)" % (path, len(data)))
    chips, seen = set(), {}
    lowest, highest = 1 << 32, 0
    for place in range(0, len(data), UF2_BLOCK):
        first, second, flags, address, size, number, count, family = struct.unpack_from("<8I", data, place)
        last = struct.unpack_from("<I", data, place + UF2_BLOCK - 4)[0]
        if (first, second, last) != UF2_MAGIC or size > UF2_BLOCK - 36:
            raise RemoteError("%s: block %d is damaged" % (path, place // UF2_BLOCK))
        if flags & UF2_FAMILY_FLAG and family == UF2_ABSOLUTE:
            continue
        chips.add(FAMILIES.get(family) if flags & UF2_FAMILY_FLAG else None)
        seen.setdefault((family, count), set()).add(number)
        lowest, highest = min(lowest, address), max(highest, address + size)
    if len(chips) != 1 or None in chips:
        raise RemoteError("%s: for another chip than RP2040 and RP2350" % path)
    for (_, count), numbers in seen.items():
        if numbers != set(range(count)):
            raise RemoteError("%s: %d of %d blocks are missing" % (path, count - len(numbers), count))
    return chips.pop(), [{"name": "flash", "address": lowest, "size": highest - lowest}]
