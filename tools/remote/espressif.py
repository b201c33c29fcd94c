"""Espressif's chips: what is in a firmware image, checked with esptool's own classes, and esptool to write it."""

import hashlib
import struct
import subprocess
import sys

from remote.errors import RemoteError
from simulator import environment

PARTITIONS = 0x8000  # where the partition table is in the flash
PARTITIONS_SIZE = 0xC00
PARTITION, MD5 = b"\xaa\x50", b"\xeb\xeb"
APP = 0
CHIP_ID = 12  # place in the header of an image
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
    """What chip is at a port, in esptool's words."""
    need()
    result = subprocess.run(command("--port", port, "chip-id"), capture_output=True, text=True)
    for line in result.stdout.splitlines():
        if line.startswith("Detecting chip type... "):
            name = line.rpartition(" ")[2].lower().replace("-", "")
            if name:
                return name
    reason = (result.stdout + result.stderr).strip().splitlines()
    raise RemoteError("%s: %s" % (port, reason[-1] if reason else "no chip answers"))
