# The compiled system, and its texts, in a few squeezed files: a read-only file system at /rom, for boards whose flash is small.
#
# A file of littlefs takes whole blocks of 4 kB, so that 450 small files waste a megabyte. tools/diatom puts them into
# packs, /lib/packed/00 to 07; crc32(path) % PACKS says which one. boot.py mounts this before anything else is loaded, so
# it needs nothing but the firmware.
#
# A pack (little endian): the number of its entries (2 bytes), the CRCs of their paths, their places (4 bytes each), then the
# entries: the size of the file (4 bytes, all ones for a directory), the place of the stream that it is in (4 bytes), how many
# bytes of that come before it (2 bytes), the length of the path (1 byte) and the path; then the streams: raw deflate with a
# window of 2 kB. Small files of a directory share a stream; a text has one of its own. That of a directory has the names in it,
# a line each, with a slash behind those of directories. Last comes the CRC of all of that (4 bytes).

import os
import struct
import sys
from binascii import crc32

from micropython import const

PLACE = "/lib/packed/"
PACKS = 8
_DIRECTORY_SIZE = const(0xFFFFFFFF)
_WINDOW_BITS = const(11)
_SKIP = const(128)  # bytes that are read over at a time
_BLOCK = const(4096)
_FILE = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)  # what stat() answers an import, which reads the first number alone
_DIRECTORY = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_WHOLE = const(0x2144DF1C)  # the CRC of what has its own CRC behind it
_ENOENT = const(2)
_ENOTDIR = const(20)
_EISDIR = const(21)
_EROFS = const(30)

_open = open  # the firmware's own: a call of the kernel's takes 350 bytes of the C stack


class Packs:
    """What vfs.mount() takes. Kept in memory are four bytes for each file."""

    def __init__(self, place):
        self.place = place
        self.heads = [None] * PACKS  # of the packs that have been asked: the CRCs
        self.file = None  # the class of an open file, once one has been opened
        self.cwd = "/"

    def look(self, path):
        """(size, the pack as a file that stands at the stream, bytes in that before the content) of what is there."""
        if path[:1] != "/" or "/." in path:
            from base.paths import normal  # which lies in here; what imports asks for absolute paths

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
            try:
                pack.seek(2 + len(known) + at)
                pack.seek(struct.unpack("<I", pack.read(4))[0])
                size, begin, skip, length = struct.unpack("<IIHB", pack.read(11))
                if pack.read(length) == path:
                    pack.seek(begin)
                    return size, pack, skip
            except ValueError:  # too short
                pass
            pack.close()  # another pack lies here now, and what is known of it is old
        raise OSError(_ENOENT)

    def read_head(self, number):
        """The CRCs of a pack's entries."""
        with _open(f"{self.place}{number:02}", "rb") as pack:
            head = self.heads[number] = pack.read(struct.unpack("<H", pack.read(2))[0] * 4)
        return head

    def open(self, path, mode):
        if "w" in mode or "a" in mode or "+" in mode:
            raise OSError(_EROFS)
        size, pack, skip = self.look(path)
        if size == _DIRECTORY_SIZE:
            pack.close()
            raise OSError(_EISDIR)
        if path.endswith(".mpy") and is_importing():
            stream = inflated(pack)  # an import reads what it needs, and not what comes behind
            if skip:
                buffer = bytearray(_SKIP)  # here and not in a function, for the C stack
                while skip > _SKIP:
                    skip -= stream.readinto(buffer)
                stream.read(skip)
            return stream
        if not self.file:
            from base.packfile import PackFile  # which lies in here

            self.file = PackFile  # for good: the first time is at boot, later ones can be where the C stack is deep
        return self.file(pack, size, skip, "b" not in mode)

    def stat(self, path):
        if is_importing():  # asked by the CRCs alone: to open the pack takes a millisecond and half a kilobyte
            name = path.strip("/").encode()
            crc = crc32(name)
            if position(self.heads[crc % PACKS] or self.read_head(crc % PACKS), struct.pack("<I", crc)) < 0:
                raise OSError(_ENOENT)
            return _FILE if "." in path[path.rfind("/") :] else _DIRECTORY
        size, pack, _ = self.look(path)
        pack.close()
        if size == _DIRECTORY_SIZE:
            return (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        return (0x8000, 0, 0, 0, 0, 0, size, 0, 0, 0)

    def ilistdir(self, path):
        size, pack, _ = self.look(path)
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


def position(head, key):
    """Where a CRC is among those of a pack; negative where it is not."""
    at = head.find(key)
    while at & 3 and at > 0:  # it is made of two others
        at = head.find(key, at + 1)
    return at


def is_importing():
    """Whether an import asks: before the kernel counts them, everything is one."""
    return getattr(sys.modules.get("process.routing"), "importing", True)


def inflated(pack):
    from deflate import RAW, DeflateIO

    return DeflateIO(pack, RAW, _WINDOW_BITS, True)


def complete():
    """Whether all packs are there: some are missing while a deployment brings or removes them, and files stand in /lib."""
    return len([name for name in os.listdir(PLACE[:-1]) if name.isdigit()]) == PACKS


def check():
    """ValueError where a pack is not whole. Bytecode that is damaged may crash the firmware, so this is asked before."""
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
