"""The binary info of a firmware for the RP2040 or RP2350, by the Pico SDK; picotool reads it, too.

MicroPython declares its file system there as a block device called MicroPython, and an area for ROMFS as one called
ROMFS (ports/rp2/rp2_flash.c).
"""

import struct

SEARCHED = 4096  # bytes at the beginning in which the header is
BEGIN, END = 0x7188EBF2, 0xE71AA390
BLOCK_DEVICE = 7  # type of an entry
NAME_MAX = 64


def block_devices(address, image):
    """{name: (address, size)} of the block devices that the image of a firmware at an address declares."""
    found = {}
    for entry in _entries(address, image):
        kind, _, name, begin, size = struct.unpack("<HHIII", image[entry : entry + 16].ljust(16, b"\0"))
        if kind == BLOCK_DEVICE and address <= name < address + len(image):
            text = image[name - address : name - address + NAME_MAX].partition(b"\0")[0]
            found[text.decode("ascii", "replace")] = begin, size
    return found


def _entries(address, image):
    """Yield where in the image the entries are."""
    for at in range(0, min(SEARCHED, len(image)) - 20, 4):
        first, begin, end, _, last = struct.unpack_from("<5I", image, at)
        if first != BEGIN or last != END:
            continue
        for pointer in range(begin - address, end - address, 4):
            if 0 <= pointer <= len(image) - 4:
                entry = struct.unpack_from("<I", image, pointer)[0] - address
                if 0 <= entry < len(image):
                    yield entry
        return
