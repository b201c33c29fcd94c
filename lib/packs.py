# The compiled system, and its texts, in a few squeezed files: a read-only file system at /rom, for boards whose flash is small.
#
# A file of littlefs takes whole blocks of 4 kB, so that 450 small files waste a megabyte. tools/diatom puts them into
# packs, /lib/packed/00 to 15; crc32(path) % PACKS says which one. boot.py mounts this before anything else is loaded, so
# it needs nothing but the firmware.
#
# A pack (little endian): the number of its entries (2 bytes), the CRCs of their paths, their places (4 bytes each), then the
# entries: the size of the file (4 bytes, all ones for a directory), the path and its length (1 byte), and raw deflate with a
# window of 1 kB: the file, or for a directory the names in it, a line each, with a slash behind those of directories.

import os
import struct
import sys
from binascii import crc32

from micropython import const

PLACE = "/lib/packed/"
PACKS = 16
_DIRECTORY_SIZE = const(0xFFFFFFFF)
_WINDOW_BITS = const(10)
_BLOCK = const(4096)
_ENOENT = const(2)
_ENOTDIR = const(20)
_EISDIR = const(21)
_EROFS = const(30)


class Packs:
    """What vfs.mount() takes. Kept in memory are four bytes for each file."""

    def __init__(self, place):
        self.place = place
        self.heads = [None] * PACKS  # of the packs that have been asked: the CRCs
        self.cwd = "/"

    def look(self, path):
        """(size, the pack as a file that stands at the content) of what is there."""
        if path[:1] != "/" or "/." in path:
            from base.paths import normal  # which lies in here; what imports asks for absolute paths

            path = normal(path, self.cwd)
        path = path.strip("/").encode()
        crc = crc32(path)
        number = crc % PACKS
        key = struct.pack("<I", crc)
        for known in (self.heads[number], None):
            if known is None:
                with open(f"{self.place}{number:02}", "rb") as pack:
                    known = self.heads[number] = pack.read(struct.unpack("<H", pack.read(2))[0] * 4)
            at = known.find(key)
            while at & 3 and at > 0:  # it is made of two others
                at = known.find(key, at + 1)
            if at < 0:
                break
            pack = open(f"{self.place}{number:02}", "rb")
            try:
                pack.seek(2 + len(known) + at)
                pack.seek(struct.unpack("<I", pack.read(4))[0])
                size, length = struct.unpack("<IB", pack.read(5))
                if pack.read(length) == path:
                    return size, pack
            except ValueError:  # too short
                pass
            pack.close()  # another pack lies here now, and what is known of it is old
        raise OSError(_ENOENT)

    def open(self, path, mode):
        if "w" in mode or "a" in mode or "+" in mode:
            raise OSError(_EROFS)
        size, pack = self.look(path)
        if size == _DIRECTORY_SIZE:
            pack.close()
            raise OSError(_EISDIR)
        routing = sys.modules.get("process.routing")
        if path.endswith(".mpy") and getattr(routing, "importing", True):
            return inflated(pack)
        from base.packfile import PackFile  # which lies in here

        return PackFile(pack, size, "b" not in mode)

    def stat(self, path):
        size, pack = self.look(path)
        pack.close()
        if size == _DIRECTORY_SIZE:
            return (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        return (0x8000, 0, 0, 0, 0, 0, size, 0, 0, 0)

    def ilistdir(self, path):
        size, pack = self.look(path)
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
        from base.paths import normal

        if self.stat(path)[0] != 0x4000:
            raise OSError(_ENOTDIR)
        self.cwd = normal(path, self.cwd)

    def getcwd(self):
        return self.cwd

    def mkdir(self, *_):
        raise OSError(_EROFS)

    remove = rmdir = rename = mkdir

    def mount(self, *_):
        """For vfs.mount()."""

    def umount(self):
        """For vfs.umount()."""


def inflated(pack):
    from deflate import RAW, DeflateIO

    return DeflateIO(pack, RAW, _WINDOW_BITS, True)


def complete():
    """Whether all packs are there: some are missing while a deployment brings or removes them, and files stand in /lib."""
    return len([name for name in os.listdir(PLACE[:-1]) if name.isdigit()]) == PACKS


def mount():
    """Mount the packs, and have imports look there first: in /lib are texts, in directories of the same names."""
    import vfs

    if not complete():
        return
    try:
        vfs.mount(Packs(PLACE), "/rom")
    except OSError:  # the firmware has mounted a ROMFS partition
        return
    if "/rom/lib" not in sys.path:
        sys.path.insert(sys.path.index("/lib") if "/lib" in sys.path else len(sys.path), "/rom/lib")
