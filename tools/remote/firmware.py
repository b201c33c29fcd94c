"""Firmware files: the official ones and their hashes (tools/firmware.lock), and what is inside a .bin or a .uf2."""

import hashlib
import json
import os
import re
import urllib.error
import urllib.request
import zipfile
from typing import NamedTuple

from images import binary_info, uf2
from remote.board import digest
from remote.errors import RemoteError
from simulator.environment import ROOT

LOCK = os.path.join(ROOT, "tools", "firmware.lock")
SITE = "https://micropython.org/resources/firmware/"
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "diatom", "firmware")
KNOWN = "hashes.json"  # in the cache: what was downloaded first, for files whose hash nobody has published
ARCHIVED = "firmware.bin"  # in the archives of micropython-camera-API
TIMEOUT = 30  # seconds
PIECE = 65536

RADIO = b"CYW43"  # the chip of all Picos with Wi-Fi
BANNER = re.compile(rb"v(\d+)\.(\d+)\.(\d+)[\w.-]* on \d{4}-\d\d-\d\d")  # as the firmware's prompt shows it


class Official(NamedTuple):
    """A line of the lock file. url: of the file, None on the site of MicroPython; hash: None where nobody has published one."""

    name: str
    chip: str
    url: str | None
    file: str
    hash: str | None
    about: str


class Firmware(NamedTuple):
    """What a file is: chip as esptool names it, or rp2040, rp2350; offset where it belongs in the flash (None: UF2).

    version is MicroPython's, as (1, 29, 0), or None; files and rom are (address, size) of its file system and its ROMFS
    area, or None. The size of files is None where the file system reaches to the end of whatever flash there is. radio:
    there is Wi-Fi in it.
    """

    path: str
    chip: str
    offset: int | None
    size: int
    hash: str
    parts: list
    version: tuple | None = None
    files: tuple | None = None
    rom: tuple | None = None
    radio: bool = True


def official():
    """{name: Official}"""
    found = {}
    with open(LOCK, encoding="utf-8") as file:
        for line in file:
            words, _, about = line.partition(" # ")
            words = words.split()
            if words and words[0] != "#":
                name, chip, place, value = words
                url = place if "://" in place else None
                found[name] = Official(
                    name, chip, url, place.rpartition("/")[2], None if value == "-" else value, about.strip()
                )
    return found


def obtain(entry, out, site=None):
    """The path of the firmware in an official file, which is downloaded once; its hash is checked every time.

    site: where to get it from, instead of where the lock file says.
    """
    path = os.path.join(CACHE, entry.file)
    wanted = entry.hash or remembered().get(entry.file)
    if not os.path.exists(path):
        os.makedirs(CACHE, exist_ok=True)
        url = entry.url if entry.url and not site else (site or SITE).rstrip("/") + "/" + entry.file
        download(url, path, wanted, out)
    found = hash_of(path)
    if wanted is None:
        out.warn("%s: no hash is published; that of this download (%s) is remembered" % (entry.file, found))
        remember(entry.file, found)
    elif found != wanted:
        raise RemoteError("%s: its hash is %s and should be %s" % (path, found, wanted))
    return unpacked(path) if path.endswith(".zip") else path


def unpacked(path):
    """The path of the firmware in an archive, which is unpacked beside it."""
    inner = path[: -len(".zip")] + ".bin"
    try:
        with zipfile.ZipFile(path) as archive:
            data = archive.read(ARCHIVED)
    except (zipfile.BadZipFile, KeyError) as e:
        raise RemoteError("%s: no archive with a %s: %s" % (path, ARCHIVED, e)) from None
    with open(inner + ".new", "wb") as file:
        file.write(data)
    os.replace(inner + ".new", inner)
    return inner


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
            "%s: %s (--firmware FILE takes one that you have)" % (address, getattr(e, "reason", e))
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
    """The Firmware in a file, after checking its contents; RemoteError says what is wrong with it."""
    with open(path, "rb") as file:
        data = file.read()
    if uf2.is_uf2(data):
        return inspect_uf2(path, data)
    if data[:1] == b"\xe9":
        from remote import espressif

        chip, offset, parts = espressif.inspect_image(path, data)
        files, rom = espressif.areas(parts)
        return Firmware(path, chip, offset, len(data), digest(data), parts, version_in(data), files, rom)
    raise RemoteError("%s: neither a firmware image of Espressif's chips nor a UF2 file" % path)


def inspect_uf2(path, data):
    """The Firmware in the bytes of a UF2 file."""
    found = uf2.read(path, data)
    begin, image = found.flat()
    areas = binary_info.block_devices(begin, image)
    parts = [{"name": "flash", "address": begin, "size": len(image)}]
    parts += [{"name": name, "address": address, "size": size} for name, (address, size) in areas.items()]
    return Firmware(
        path,
        found.chip,
        None,
        len(data),
        digest(data),
        parts,
        version_in(image),
        areas.get("MicroPython"),
        areas.get("ROMFS"),
        RADIO in image,
    )


def version_in(data):
    """The version of MicroPython that a program says it is, as (1, 29, 0), or None."""
    match = BANNER.search(data)
    return tuple(map(int, match.groups())) if match else None
