"""Espressif's chips: what is in a firmware image, checked with esptool's own classes, and esptool to write it."""

import hashlib
import re
import struct
import subprocess
import sys

from remote.errors import RemoteError
from simulator import environment

PARTITIONS = 0x8000  # where the partition table is in the flash
PARTITIONS_SIZE = 0xC00
PARTITION, MD5 = b"\xaa\x50", b"\xeb\xeb"
APP, DATA, FAT = 0, 1, 0x81  # types of partitions, and a subtype
ENTRY, ENTRY_FORM = 32, "<2sBBII16sI"
CHIP_ID, FLASH_SIZE = 12, 3  # places in the header of an image
BAUD = 460800


def need():
    """Have esptool."""
    environment.need("flash")


def chips():
    """{number in an image's header: (esptool's name of the chip, where its flash begins to be read)}"""
    need()
    from esptool.targets import CHIP_DEFS

    found = {}
    for name, chip in CHIP_DEFS.items():
        number = getattr(chip, "IMAGE_CHIP_ID", None)
        if number is not None:
            found[number] = name, chip.BOOTLOADER_FLASH_OFFSET
    return found


def inspect_image(path, data):
    """(chip, offset, parts) of an image that begins with the boot loader: its checksums and hashes hold."""
    number = struct.unpack_from("<H", data, CHIP_ID)[0]
    known = chips()
    if number not in known:
        raise RemoteError("%s: an image for a chip that esptool does not know (%d)" % (path, number))
    chip, offset = known[number]
    check(path, chip, data, "boot loader")
    parts = [{"name": "boot loader", "address": offset, "size": None}]
    table = data[PARTITIONS - offset :][:PARTITIONS_SIZE]
    if table[:2] != PARTITION:
        raise RemoteError("%s: without a partition table: this is not a whole firmware, but a part of one" % path)
    for name, kind, address, size in partitions(path, table):
        parts.append({"name": name, "address": address, "size": size})
        begin = address - offset
        if kind == APP and data[begin : begin + 1] == b"\xe9":
            check(path, chip, data[begin : begin + size], name)
    return chip, offset, parts


def areas(parts):
    """(files, rom) of a firmware with those parts: where its file system and its ROMFS partition are (Firmware says how).

    MicroPython mounts the partition vfs; where the table has none, it takes what is behind the last one (ports/esp32/main.c).
    """
    found = {part["name"]: (part["address"], part["size"]) for part in parts}
    rom = found.get("romfs")
    if "vfs" in found:
        return found["vfs"], rom
    if "ffat" in found:
        return None, rom
    return (max(part["address"] + (part["size"] or 0) for part in parts), None), rom


def partitions(path, table):
    """Yield (name, type, address, size); the table's MD5 must be right."""
    for place in range(0, len(table), 32):
        entry = table[place : place + 32]
        if entry == b"\xff" * 32 or (entry[:2] == MD5 and hashlib.md5(table[:place]).digest() == entry[16:]):
            return
        if entry[:2] != PARTITION:
            raise RemoteError("%s: the partition table is damaged" % path)
        kind, _, address, size, name = struct.unpack("<2x2BII16s4x", entry)
        yield name.rstrip(b"\0").decode(errors="replace"), kind, address, size


def stated_flash_size(path):
    """The bytes of flash that the head of an image states: what the firmware is made for at the least."""
    with open(path, "rb") as file:
        return 1 << 20 + (file.read(FLASH_SIZE + 1)[FLASH_SIZE] >> 4)


def join(data, offset, pieces, files=None):
    """An image that begins at an offset in the flash, with [(address, bytes)] behind it.

    files is (address, size) of a partition vfs that the table gets besides its own.
    """
    image = bytearray(data)
    for address, piece in pieces:
        begin = address - offset
        if begin < len(image):
            raise ValueError("0x%x: overlaps the firmware" % address)
        image += b"\xff" * (begin - len(image)) + piece
    if files:
        begin = PARTITIONS - offset
        image[begin : begin + PARTITIONS_SIZE] = with_files(bytes(image[begin : begin + PARTITIONS_SIZE]), *files)
    return bytes(image)


def with_files(table, address, size):
    """A partition table with a partition vfs for the file system at its end, and a new MD5."""
    end = next(at for at in range(0, len(table), ENTRY) if table[at : at + 2] != PARTITION)
    entries = table[:end] + struct.pack(ENTRY_FORM, PARTITION, DATA, FAT, address, size, b"vfs", 0)
    return (entries + MD5 + b"\xff" * 14 + hashlib.md5(entries).digest()).ljust(len(table), b"\xff")


def check(path, chip, data, what):
    """Raise where the checksum or the hash of an image is wrong."""
    from esptool.bin_image import LoadFirmwareImage
    from esptool.util import FatalError

    try:
        image = LoadFirmwareImage(chip, bytes(data))
        good = image.checksum == image.calculate_checksum()
        if image.append_digest:
            good = good and image.stored_digest == image.calc_digest
    except (FatalError, struct.error, IndexError) as e:
        raise RemoteError("%s: %s: %s" % (path, what, e)) from None
    if not good:
        raise RemoteError("%s: %s is damaged: its checksum or hash is wrong" % (path, what))


def command(*words):
    """The command line of esptool."""
    return [sys.executable, "-I", "-m", "esptool", *words]


def commands(firmware, port, erase, baud=BAUD):
    """The commands that put a Firmware onto the chip at a port; esptool checks what it has written by hash."""
    base = ["--chip", firmware.chip, "--port", port, "--baud", str(baud)]
    found = [command(*base, "erase-flash")] if erase else []
    return [*found, command(*base, "write-flash", hex(firmware.offset), firmware.path)]


def detect(port):
    """(chip, bytes of flash or None) of what is at a port; the chip in esptool's words."""
    need()
    result = subprocess.run(command("--port", port, "flash-id"), capture_output=True, text=True)
    chip = re.search(r"Detecting chip type\.\.\.\s*(\S+)", result.stdout)
    flash = re.search(r"Detected flash size: (\d+)(K|M)B", result.stdout)
    if chip and not result.returncode:
        return chip[1].lower().replace("-", ""), int(flash[1]) << {"K": 10, "M": 20}[flash[2]] if flash else None
    reason = (result.stdout + result.stderr).strip().splitlines()
    raise RemoteError("%s: %s" % (port, reason[-1] if reason else "no chip answers"))
