"""One image: a firmware and a file system, as one file for the boot loader of the chip."""

import re

from images import filesystem, littlefs, uf2
from remote import espressif
from remote.errors import RemoteError
from simulator import identity

IDENTITY = re.compile(rb"(?<![0-9a-f])[0-9a-f]{%d}(?![0-9a-f])" % identity.HEX)
PROGRAMS = (b"ls", b"cat", b"yes")
OLDEST = (1, 26)  # of MicroPython: what Diatom is made for


def space(firmware, flash_size=None):
    """The filesystem.Space that a remote.firmware.Firmware leaves; flash_size is that of the chip (ESP32), if known."""
    if not firmware.files:
        raise RemoteError("%s: does not say where its file system is: only MicroPython's firmware does" % firmware.path)
    address, size = firmware.files
    if size is None:
        size = (flash_size or espressif.stated_flash_size(firmware.path)) - address
    if size < 16 * littlefs.BLOCK:
        raise RemoteError("%s: leaves no space for files" % firmware.path)
    rom = firmware.rom[1] if firmware.rom else 0
    return filesystem.Space(firmware.chip, size, rom, firmware.version, identities(program(firmware)))


def program(firmware):
    """The bytes of a firmware without the form of its file."""
    with open(firmware.path, "rb") as file:
        data = file.read()
    return uf2.read(firmware.path, data).flat()[1] if firmware.offset is None else data


def identities(data):
    """What looks like the identity of a system with its programs that is frozen into a firmware (manifest.py).

    The path of a frozen program stands there twice, as its name and in the table of frozen modules.
    """
    if any(data.count(b"bin/%s.py\0" % name) < 2 for name in PROGRAMS):
        return ()
    return tuple(sorted({match.decode() for match in IDENTITY.findall(data)}))


def make(firmware, system, flash_size=None):
    """The bytes of the image with a filesystem.FileSystem.

    Without flash_size, an image for an ESP32 gets a partition of its own for the files, so that it starts on every board
    with at least the flash that the firmware is made for; with it, the partition table is the firmware's.
    """
    with open(firmware.path, "rb") as file:
        data = file.read()
    pieces = [(firmware.files[0], system.data[: system.used])]
    if system.rom:
        pieces.insert(0, (firmware.rom[0], system.rom))
    if firmware.offset is None:
        return uf2.join(uf2.read(firmware.path, data), sorted(pieces))
    fixed = None if flash_size or firmware.files[1] else (firmware.files[0], len(system.data))
    return espressif.join(data, firmware.offset, sorted(pieces), fixed)
