# Whole files: replace atomically, copy, walk, remove.
#
# To replace a file, write a new one beside it, sync it and rename it over the old one (DESIGN law 4): a reader, or a boot
# after a power cut, finds the old content or the new one, never a part. If the new file cannot be completed (the flash is
# full), it is removed and the old one stays.

import asyncio
import errno
import os

from micropython import const

from base import generation
from base.paths import DIRECTORY, basename, dirname, exists, isdir, join, normal, space

BUFFER = const(4096)  # bytes copied at a time; a quarter of that if memory is short
TURN = const(16)  # buffers or entries until other tasks run
SUFFIX = ".new~"  # a temporary is called .NAME.new~
BLOCK = const(1024)  # more bytes than littlefs keeps among the entries of a directory
CLEANED_MAX = const(16)  # directories in _cleaned
SAVES = const(64)  # replaced files between two searches for free blocks

ENOSPC = const(28)

_POSIX = hasattr(os, "VfsPosix")
_writing = set()  # temporary files in use
_cleaned = set()  # directories without temporary files of an earlier boot
_saves = 0  # replaced files


def opened(path, mode, name):
    """open(path, mode); an error names `name`."""
    try:
        return open(path, mode)
    except OSError as e:
        raise OSError(e.errno, name)


class Replacement:
    """Replaces the file at path when it is complete: `with Replacement(path) as file: file.write(...)`.

    After an exception in the block the old file is unchanged.
    """

    def __init__(self, path):
        if isdir(path):
            raise OSError(errno.EISDIR, path)
        directory = dirname(path)
        if directory not in _cleaned:
            clean(directory)
        name = basename(path)[:200]
        temporary = join(directory, f".{name}{SUFFIX}")
        number = 0
        while temporary in _writing:  # another task writes the same file
            number += 1
            temporary = join(directory, f".{name}.{number}{SUFFIX}")
        self.path = path
        self.file = opened(temporary, "wb", path)
        self.temporary = temporary
        _writing.add(temporary)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.commit()
        else:
            self.abandon()

    def write(self, data):
        """Write str or bytes; OSError(ENOSPC) if they do not fit."""
        if isinstance(data, str):
            data = data.encode()
        if self.file.write(data) != len(data):
            raise OSError(ENOSPC)  # a short count means that the file system is full

    def commit(self):
        """Sync the new file and rename it over the old one."""
        global _saves
        try:
            self.file.flush()
            self.file.close()
            rename(self.temporary, self.path, _saves % SAVES == 0)
            _saves += 1
        except BaseException:
            self.abandon()
            raise
        _writing.discard(self.temporary)

    def abandon(self):
        """Remove the new file; the old one stays."""
        _writing.discard(self.temporary)
        try:
            self.file.close()
        except OSError:  # still full; it is removed in any case
            pass
        try:
            os.remove(self.temporary)
        except OSError:  # commit() has renamed it, or the medium is gone
            pass


def clean(directory):
    """Remove the temporary files that a power cut has left, before the first replacement in a directory since the boot.

    Except .new~ itself: it belongs to `diatom`, which may be writing it.
    """
    if len(_cleaned) >= CLEANED_MAX:
        _cleaned.clear()
    _cleaned.add(directory)
    if inside(directory, "/mnt"):  # another board may be writing there
        return
    try:
        left = [name for name in os.listdir(directory) if name[:1] == "." and name[2:].endswith(SUFFIX)]
        for name in left:
            if join(directory, name) not in _writing:
                os.remove(join(directory, name))
    except (OSError, MemoryError):  # the write that follows reports it
        pass


def unlink(path):
    """Remove a file and invalidate its caches."""
    generation.note()
    os.remove(path)
    table = attributes()
    if table:
        table.removed(path)


def attributes():
    """The module base.attributes if any file has a mode or time of its own, else None."""
    if generation.attributes is None:
        generation.attributes = exists("/var/attributes")
    if not generation.attributes:
        return None
    from base import attributes  # late: few boards have any

    return attributes


def rename(old, new, look=True):
    """os.rename(), without damage to the files beside old.

    While littlefs 2.11 renames between two directories, or parts of a large one, it does not see the file that follows old
    there. If it has to search for free blocks meanwhile, because a directory needs one, it takes that file's blocks and
    overwrites them. So make it search before. look=False: it has done so recently, for a file that was just written.
    """
    generation.note()
    if look:
        look_for_blocks(dirname(old))
    _rename(old, new)
    table = None if old.endswith(SUFFIX) else attributes()
    if table:
        table.moved(old, new)


def _rename(old, new):
    try:
        os.rename(old, new)
        if not _POSIX or not exists(old):
            return
    except OSError:  # VfsPosix builds both absolute paths in one buffer, so it renames new to new (1.29)
        if not _POSIX or not exists(old):
            raise
    cwd = os.getcwd()
    new = normal(new, cwd)
    old = normal(old, cwd)
    os.chdir(dirname(old))
    try:
        os.rename(basename(old), new)
    finally:
        os.chdir(cwd)


def make_directories(path):
    """Create a directory and its missing parents."""
    at = 0
    while at >= 0:
        at = path.find("/", at + 1)
        part = path if at < 0 else path[:at]
        if not isdir(part):
            os.mkdir(part)


async def pieces(path, size, use):
    """Call use(data) for each piece of the first size bytes of a file, which may be endless; other tasks run in between."""
    with open(path, "rb") as file:
        while size > 0 and (data := file.read(min(size, BLOCK))):
            use(data)
            size -= len(data)
            await asyncio.sleep_ms(0)


def sized(path):
    """(the file at path, opened for reading, and its size). Files of /proc and /dev have a size only when open."""
    size = os.stat(path)[6]
    file = open(path, "rb")
    if not size and path[:5] in ("/proc", "/dev/"):
        size = file.seek(0, 2)
        file.seek(0)
    return file, size


def look_for_blocks(directory):
    """Make the file system of a directory search for free blocks, by writing a file that is not needed."""
    path = join(directory, SUFFIX)
    try:
        with open(path, "wb") as file:
            file.write(bytes(BLOCK))
    except (OSError, MemoryError):  # full or read-only
        pass
    try:
        os.remove(path)
    except OSError:
        pass


def replace(path, data):
    """Replace the content of the file at path by data (str or bytes), atomically."""
    with Replacement(path) as file:
        file.write(data)


async def copy(source, target):
    """Copy the file source over the file target, with a buffer of fixed size."""
    try:
        buffer = bytearray(BUFFER)
    except MemoryError:
        buffer = bytearray(BUFFER // 4)
    turn = 0
    with open(source, "rb") as file, Replacement(target) as new:
        write = new.file.write
        size = len(buffer)
        while n := file.readinto(buffer):
            if n < size:
                new.write(memoryview(buffer)[:n])
            elif write(buffer) != n:
                raise OSError(ENOSPC)
            turn += 1
            if turn >= TURN:
                turn = 0
                await asyncio.sleep_ms(0)


def listed(path, odd=None):
    """Yield (name, mode) of each entry of a directory, unsorted.

    A name that is not UTF-8, which no str can hold, is skipped: odd(path, name) is called with name as bytes.
    """
    done = 0
    mounted = set()  # a directory that is a mount point is listed twice
    try:
        for entry in os.ilistdir(path):
            done += 1
            if path == "/" and entry[1] & DIRECTORY:
                if entry[0] in mounted:
                    continue
                mounted.add(entry[0])
            yield entry[0], entry[1]
        return
    except UnicodeError:
        pass  # continue from there with bytes
    raw = path.encode()
    for entry in os.ilistdir(raw):
        done -= 1
        if done >= 0:
            continue
        try:
            name = entry[0].decode()  # type: ignore[attr-defined]  # asked with bytes, it answers with bytes
        except UnicodeError:
            if odd:
                odd(path, entry[0])
        else:
            yield name, entry[1]


def require_space(path, count):
    """OSError(ENOSPC) if the file system of path, which need not exist, lacks space for count more bytes."""
    total, free = space(path if exists(path) else dirname(path))
    if total and free < count:  # a device has no size
        raise OSError(ENOSPC)


async def zeros(write, count):
    """Call write() with count zeros, in pieces."""
    buffer = bytes(min(count, BUFFER // 4))
    turn = 0
    while count > 0:
        if count < len(buffer):
            buffer = buffer[:count]
        written = write(buffer)
        if written is not None and written != len(buffer):
            raise OSError(ENOSPC)
        count -= len(buffer)
        turn += 1
        if turn >= TURN:
            turn = 0
            await asyncio.sleep_ms(0)


def entries(path, odd=None):
    """The entries of a directory, sorted by name: (name, True for a directory) each; odd: as for listed()."""
    found = []
    # Not a comprehension: that is a function, and takes a level of the C stack.
    for name, bits in listed(path, odd):
        found.append((name, bits & DIRECTORY != 0))
    found.sort(key=lambda entry: entry[0])
    return found


class Walk:
    """Iterates over (path, isdir, depth) of top and everything below it; a directory precedes its entries.

    After its last entry a directory is yielded again, with None for isdir. No recursion (DESIGN law 8).
    odd(directory, name) is called for skipped entries: names (bytes) that are not UTF-8.
    """

    def __init__(self, top, odd=None):
        self.odd = odd
        self.wrong = None  # called with path and OSError if a directory cannot be read, instead of raising
        self.paths = []  # the current directory and its parents
        self.levels = [[(top, os.stat(top)[0] & DIRECTORY != 0)]]  # the entries left of each, the next one last
        self.below = None  # the directory to enter next

    def __iter__(self):
        return self

    def __next__(self):
        if self.below is not None:
            path, self.below = self.below, None
            try:
                level = entries(path, self.odd)
            except OSError as e:
                if not self.wrong:
                    raise OSError(e.errno, path)
                self.wrong(path, e)
                level = []
            level.reverse()
            self.paths.append(path)
            self.levels.append(level)
        depth = len(self.paths)
        level = self.levels[-1]
        if level:
            name, directory = level.pop()
            path = join(self.paths[-1], name) if depth else name
            if directory:
                self.below = path
            return path, directory, depth
        if not depth:
            raise StopIteration
        self.levels.pop()
        return self.paths.pop(), None, depth - 1

    def prune(self):
        """Do not enter the directory that was yielded last."""
        self.below = None


async def remove(top):
    """Remove top and everything below it."""
    turn = 0
    for path, directory, _ in Walk(top):
        if directory is None:
            os.rmdir(path)
        elif not directory:
            unlink(path)
        turn += 1
        if turn >= TURN:
            turn = 0
            await asyncio.sleep_ms(0)


def inside(path, directory):
    """True if the normal path is directory itself or below it."""
    return path == directory or path.startswith(directory if directory == "/" else directory + "/")
