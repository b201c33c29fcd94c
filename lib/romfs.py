# Write the ROMFS area. recovery.py uses it to update a system that runs from there, while nothing of that system is loaded.
#
# Like recovery.py it depends on nothing but the firmware, and is stored on the flash if the system is in ROM. An image is
# written in chunks. The journal lists those that change, `b NUMBER INDEX SIZE SHA256`, the first of the image (index 0) last:
#  staged   new/NUMBER has the chunk. The old one is saved as old/NUMBER before it is overwritten, and new/NUMBER is removed
#           afterwards; so the flash needs the space of one image, and the rollback is the same with the two exchanged.
#  fetched  there was no space: the journal's head names an image on a server. A chunk that already has its hash is not
#           fetched again. There is no rollback.
# Each step can be repeated after a power cut. The first block of the area is blank from the first write to the last: until
# then the firmware finds no file system there.

import os
import sys
from binascii import hexlify
from hashlib import sha256

import vfs

import recovery

CHUNK = 16384  # bytes; a multiple of the flash's block size
SHA = 32  # bytes of a hash in the list of a release
TRIES = 4
PAUSE_S = 10  # between two attempts to reach a server
BLANK = b"\0\0\0\0"  # overwrites the magic number of an image


def device():
    """Return the block device of the area, or None if the firmware has none."""
    try:
        found = vfs.rom_ioctl(2, 0)
        return found if CHUNK % found.ioctl(5, 0) == 0 else None
    except (AttributeError, TypeError, OSError):  # no ROMFS; an error number; read-only memory
        return None


def chunks():
    """Yield (index, size, SHA-256, path of the new chunk, path of the old one) of the chunks in the journal."""
    with open(recovery.JOURNAL) as file:
        for line in file:
            if line[:2] == "b ":
                _, number, index, size, sha = line.split()
                yield int(index), int(size), sha, recovery.ROOM + "new/" + number, recovery.ROOM + "old/" + number


class Area:
    """The ROMFS area, accessed by blocks."""

    def __init__(self, device):
        self.device = device
        self.unit = device.ioctl(5, 0)  # bytes per block
        self.size = self.unit * device.ioctl(4, 0)
        self.block = bytearray(self.unit)
        self.back = bytearray(self.unit)

    def blocks(self, at, size):
        """Yield the contents of the area from offset at, the start of a block, block by block."""
        view = memoryview(self.block)
        while size > 0:
            self.device.readblocks(at // self.unit, self.block)
            yield view[:size]
            at += self.unit
            size -= self.unit

    def digest(self, at, size):
        """Return the SHA-256 of a part of the area in hex."""
        state = sha256()
        for data in self.blocks(at, size):
            state.update(data)
        return hexlify(state.digest()).decode()

    def save(self, index, path):
        """Save a chunk to a file and verify the file."""
        at = index * CHUNK
        size = min(CHUNK, self.size - at)
        try:
            with open(path + "~", "wb") as out:
                for data in self.blocks(at, size):
                    if out.write(data) != len(data):
                        raise OSError(28)  # ENOSPC
            state = sha256()
            with open(path + "~", "rb") as file:
                while n := file.readinto(self.block):
                    state.update(memoryview(self.block)[:n])
            if hexlify(state.digest()).decode() != self.digest(at, size):
                raise OSError(5)
        except OSError:
            recovery.forget(path + "~")
            raise
        os.rename(path + "~", path)

    def write(self, index, size, read):
        """Write a chunk, its first block last. read(offset, buffer) fills buffer with data of the chunk."""
        view = memoryview(self.block)
        for at in range((size - 1) // self.unit * self.unit, -1, -self.unit):
            n = min(self.unit, size - at)
            for i in range(n, self.unit):
                self.block[i] = 255
            read(at, view[:n])
            self.put((index * CHUNK + at) // self.unit)

    def write_file(self, index, path):
        """Write a chunk from a file."""
        with open(path, "rb") as file:

            def read(offset, buffer):
                file.seek(offset)
                if file.readinto(buffer) != len(buffer):
                    raise OSError(5)

            self.write(index, os.stat(path)[6], read)

    def put(self, number):
        """Write the buffer to a block and verify it."""
        self.device.writeblocks(number, self.block)
        self.device.readblocks(number, self.back)
        if self.back != self.block:
            raise OSError(5)

    def blank(self):
        """Erase the start of the area, so that the firmware finds no file system."""
        self.device.readblocks(0, self.block)
        if self.block[: len(BLANK)] != BLANK:
            for i in range(self.unit):
                self.block[i] = 0
            self.put(0)


def order(source, head):
    """Return (lines for the head, chunks) of a journal that fetches a whole image, for the rescue console.

    Both are empty if the area has the image of the release. source is a rescue.Source, head that of a verified manifest.
    """
    import rescue  # late: it has called this

    rom = head["rom"]
    size = rom["size"]
    area = Area(device())
    if size > area.size:
        raise ValueError(
            "the ROMFS image (%d kB) is larger than the ROMFS area (%d kB)" % (size // 1024, area.size // 1024)
        )
    if area.digest(0, size) == rom["sha256"]:
        return "", ()
    name = "diatom-%s%s.romfs" % (head["version"], head["kind"][5:])
    path = recovery.ROOM + "chunks"
    source.save(name + ".chunks", path, -(-size // CHUNK) * SHA)
    if rescue.hex_digest(path) != rom["chunks"]:
        raise ValueError("%s.chunks: checksum mismatch" % name)
    return "rom %d %s\nimage %s%s\n" % (size, rom["sha256"], source.base, name), listed(path, size)


def listed(path, size):
    """Yield the chunks in a file of hashes as lines of a journal, the first chunk last. Remove the file."""
    count = -(-size // CHUNK)
    with open(path, "rb") as file:
        for number in range(1, count + 1):
            index = number % count
            file.seek(index * SHA)
            sha = hexlify(file.read(SHA)).decode()
            yield "%d %d %s" % (index, min(CHUNK, size - index * CHUNK), sha)
    os.remove(path)


def forward():
    """Write the image in the journal. OSError if writing the flash fails."""
    area = Area(device())
    image = recovery.head("image")
    if image:
        fetch_all(area, image)
    elif [index for index, _, _, new, _ in chunks() if recovery.exists(new)]:
        exchange(area)
    size, sha = recovery.head("rom").split()
    if area.digest(0, int(size)) != sha:
        raise OSError(5)


def exchange(area):
    """Write the staged chunks and save the old ones to files. A chunk is done when its staged file is gone."""
    for index, _, _, _, old in chunks():
        if index == 0 and not recovery.exists(old):
            area.save(0, old)
    area.blank()
    for index, _, _, new, old in chunks():
        if recovery.exists(new):
            if not recovery.exists(old):
                area.save(index, old)
            area.write_file(index, new)
            recovery.forget(new)
            show(index)


def backward():
    """Write the old chunks back, even if forward() was interrupted."""
    area = Area(device())
    if not [index for index, _, _, _, old in chunks() if index == 0 and recovery.exists(old)]:
        return  # nothing has been written yet, or everything has been restored
    area.blank()
    for index, _, _, _, old in chunks():
        if recovery.exists(old):
            area.write_file(index, old)
            recovery.forget(old)
            show(index)


def show(index):
    sys.stdout.write("\rROMFS: chunk %d written %s" % (index, "" if index else "\n"))


def fetch_all(area, image):
    """Fetch the differing chunks, however long it takes: there is no system to boot."""
    import rescue  # late: only for an image on a server

    base, _, name = image.rpartition("/")
    while True:
        try:
            rescue.online()
            fetch_chunks(area, rescue.Source(base), name)
            return
        except (OSError, ValueError) as e:
            print("\nROMFS: %s: %s" % (image, e.args[0] if isinstance(e, ValueError) else repr(e)))
            if isinstance(e, rescue.NotFound):
                newer(rescue, base)
        print("retrying in %d s; press Enter for the rescue console" % PAUSE_S)
        if pressed(PAUSE_S * 1000):
            rescue.run()


def newer(rescue, base):
    """Upgrade to the release that has replaced this one on the server, with a restart."""
    try:
        rescue.upgrade(base)
    except (OSError, ValueError) as e:
        print(e.args[0])


def fetch_chunks(area, source, name):
    """Fetch and write each chunk that differs, once."""
    data = bytearray(CHUNK)
    view = memoryview(data)

    def read(offset, buffer):
        buffer[:] = view[offset : offset + len(buffer)]

    try:
        for index, size, sha, _, _ in chunks():
            if area.digest(index * CHUNK, size) == sha:
                continue
            fetch(source, name, index, view[:size], sha)
            area.blank()
            area.write(index, size, read)
            show(index)
    finally:
        source.close()


def fetch(source, name, index, view, sha):
    """Fetch one chunk into memory. ValueError if its checksum is not that of the release."""
    for _ in range(TRIES):
        done = 0
        while done < len(view):
            source.seek(name, index * CHUNK + done)
            n = source.read(len(view) - done)
            if not n:
                source.close()
                raise OSError(104)  # ECONNRESET
            view[done : done + n] = memoryview(source.buffer)[:n]
            done += n
        if hexlify(sha256(view).digest()).decode() == sha:
            return
        source.close()
    raise ValueError("chunk %d: checksum mismatch" % index)


def pressed(ms):
    """Return whether Enter is pressed within a time."""
    import select  # late: only while a server does not answer
    import time

    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    if poll.poll(ms):
        if sys.stdin.readline():
            return True
        time.sleep(ms // 1000)  # end of input: nobody can press it
    return False
