# A read-only file system at /rom, of a few compressed files with the compiled system and its texts. For small flashes.
#
# littlefs allocates blocks of 4 kB, so that 450 small files would waste a megabyte. tools/diatom puts them into
# packs, /lib/packed/00 to 03, by crc32(path) % PACKS. boot.py mounts this before anything else is loaded, so it must not
# import anything but the firmware's modules.
#
# Format of a pack (little endian): the number of entries (2 bytes), the CRCs of their paths (4 bytes each), then the entries:
# the size of the file (4 bytes, all ones for a directory), the offset of its stream (4 bytes), the number of bytes to skip in
# that (2 bytes), the sum of the bytes of the path (its last 8 bits); then the streams: raw deflate with a window of 2 kB. Small
# files of a directory share a stream; a text has its own. The stream of a directory has the names in it, one a line, with a
# trailing slash for directories. At the end is the CRC of all of that (4 bytes). No two paths of a system have the same CRC.

import os
import struct
import sys
from binascii import crc32

import vfs
from deflate import RAW, DeflateIO
from micropython import const

PLACE = "/lib/packed/"
PACKS = 4
_DIRECTORY_SIZE = const(0xFFFFFFFF)
_WINDOW_BITS = const(11)
_ENTRY = const(11)  # bytes
_SKIP = const(128)  # bytes skipped at a time
_BLOCK = const(4096)
_FILE = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)  # what stat() returns to an import, which uses the first number only
_DIRECTORY = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_WHOLE = const(0x2144DF1C)  # the CRC of data followed by its own CRC
_ENOENT = const(2)
_ENOTDIR = const(20)
_EISDIR = const(21)
_EROFS = const(30)

_open = open  # the firmware's own: a call of the kernel's takes 350 bytes of C stack


class Packs:
    """A file system for vfs.mount(). It keeps four bytes in memory for each file."""

    def __init__(self, place):
        self.place = place
        self.heads = [None] * PACKS  # CRCs of the packs used so far
        self.cwd = "/"

    def look_up(self, path):
        """Return (size, the pack file positioned at the stream, bytes to skip in the stream), or raise OSError."""
        if path[:1] != "/" or "/." in path:
            from base.paths import normal  # which is in a pack; an import uses absolute paths and does not get here

            path = normal(path, self.cwd)
        path = path.strip("/").encode()
        crc = crc32(path)
        number = crc % PACKS
        key = struct.pack("<I", crc)
        for known in (self.heads[number], None):
            known = known or self.read_head(number)
            at = position(known, key)
            if at < 0:
                break
            pack = _open(f"{self.place}{number:02}", "rb")
            count = pack.read(2)
            pack.seek(2 + at)
            if count == struct.pack("<H", len(known) // 4) and pack.read(4) == key:
                pack.seek(2 + len(known) + at // 4 * _ENTRY)
                size, begin, skip, check = struct.unpack("<IIHB", pack.read(_ENTRY))
                if check == sum(path) & 0xFF:
                    pack.seek(begin)
                    return size, pack, skip
            pack.close()  # the pack has been replaced: its head is outdated
        raise OSError(_ENOENT)

    def read_head(self, number):
        """Read the CRCs of a pack's entries."""
        with _open(f"{self.place}{number:02}", "rb") as pack:
            head = self.heads[number] = pack.read(struct.unpack("<H", pack.read(2))[0] * 4)
        return head

    def open(self, path, mode):
        if "w" in mode or "a" in mode or "+" in mode:
            raise OSError(_EROFS)
        size, pack, skip = self.look_up(path)
        if size == _DIRECTORY_SIZE:
            pack.close()
            raise OSError(_EISDIR)
        if path.endswith(".mpy") and is_importing():
            stream = inflated(pack)  # an import reads only what it needs, not up to the end of the stream
            if skip:
                buffer = bytearray(_SKIP)  # inline, to save C stack
                while skip > _SKIP:
                    skip -= stream.readinto(buffer)
                stream.read(skip)
            return stream
        from base.packfile import PackFile  # which is in a pack; late: only for a text

        return PackFile(pack, size, skip, "b" not in mode)

    def stat(self, path):
        if is_importing():  # use the CRCs only: opening the pack takes a millisecond and half a kilobyte
            name = path.strip("/").encode()
            crc = crc32(name)
            if position(self.heads[crc % PACKS] or self.read_head(crc % PACKS), struct.pack("<I", crc)) < 0:
                raise OSError(_ENOENT)
            return _FILE if "." in path[path.rfind("/") :] else _DIRECTORY
        size, pack, _ = self.look_up(path)
        pack.close()
        if size == _DIRECTORY_SIZE:
            return (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        return (0x8000, 0, 0, 0, 0, 0, size, 0, 0, 0)

    def ilistdir(self, path):
        size, pack, _ = self.look_up(path)
        if size != _DIRECTORY_SIZE:
            pack.close()
            raise OSError(_ENOTDIR)
        with inflated(pack) as names:
            while name := names.readline():
                name = name.decode()[:-1]
                if name[-1:] == "/":
                    yield name[:-1], 0x4000, 0, 0
                else:
                    yield name, 0x8000, 0, 0

    def statvfs(self, path):
        blocks = 0
        for name in os.listdir(self.place[:-1]):
            blocks += -(-os.stat(self.place + name)[6] // _BLOCK)
        return (_BLOCK, _BLOCK, blocks, 0, 0, 0, 0, 0, 1, 255)

    def chdir(self, path):
        from base.paths import normal  # late: it may lie in these packs

        if self.stat(path)[0] != 0x4000:
            raise OSError(_ENOTDIR)
        self.cwd = normal(path, self.cwd)

    def getcwd(self):
        return self.cwd

    def mkdir(self, *_):
        raise OSError(_EROFS)

    remove = rmdir = rename = mkdir

    def mount(self, *_):
        """Do nothing, for vfs.mount()."""

    def umount(self):
        """Do nothing, for vfs.umount()."""


def position(head, key):
    """Return the index of a CRC in the head of a pack, negative if it is missing."""
    at = head.find(key)
    while at & 3 and at > 0:  # a match across two CRCs
        at = head.find(key, at + 1)
    return at


def is_importing():
    """Return whether an import is running. Until the kernel tracks them, assume so."""
    return getattr(sys.modules.get("process.routing"), "importing", True)


def inflated(pack):
    return DeflateIO(pack, RAW, _WINDOW_BITS, True)


def complete():
    """Return whether all packs are there. During a deployment some are missing, and their files are in /lib."""
    return len([name for name in os.listdir(PLACE[:-1]) if name.isdigit()]) == PACKS


def check():
    """Raise ValueError if a pack is damaged. Damaged bytecode can crash the firmware, so check before mounting."""
    buffer = bytearray(_BLOCK)
    for name in os.listdir(PLACE[:-1]):
        if not name.isdigit():
            continue
        crc = 0
        with _open(PLACE + name, "rb") as pack:
            while n := pack.readinto(buffer):
                crc = crc32(memoryview(buffer)[:n], crc)
        if crc != _WHOLE:
            raise ValueError(PLACE + name + " is damaged")


def mount():
    """Mount the packs and put them before /lib in sys.path: /lib has only texts, in directories of the same names."""
    if not complete():
        return
    try:
        vfs.mount(Packs(PLACE), "/rom")
    except OSError:  # the firmware has mounted a ROMFS partition
        return
    if "/rom/lib" not in sys.path:
        sys.path.insert(sys.path.index("/lib") if "/lib" in sys.path else len(sys.path), "/rom/lib")
