"""A littlefs2 image that MicroPython mounts: built by littlefs's own code (PyPI: littlefs-python) with the parameters of
extmod/vfs_lfsx.c."""

from simulator import environment

BLOCK = 4096  # bytes; a sector of the flash on every port
READ_SIZE = 32  # MicroPython's default, as LOOKAHEAD and CYCLES
LOOKAHEAD = 32
CYCLES = 100
SPARE_BLOCKS = 2  # while an image is built: what a rewritten directory takes beside itself
DISK_VERSIONS = (
    ((1, 22), 0x00020001),
    ((0, 0), 0x00020000),
)  # since which MicroPython a littlefs of that version is mounted


class NoSpace(Exception):
    """The files do not fit."""


def make(files, directories, size, prog_size, version=None):
    """(image of size bytes, number of bytes at its beginning that are in use) for {path: bytes}.

    prog_size is the one that the port mounts with; version is MicroPython's, as (1, 29). The used blocks lie together at
    the beginning, so that what is behind them need not be written: littlefs takes any content for a free block.
    """
    environment.need("flash")
    count = size // BLOCK
    if sum(len(data) // BLOCK for data in files.values()) > count:  # at the least
        raise NoSpace
    arguments = (files, directories, prog_size, disk_version(version))
    used = _build(count, *arguments).used_block_count
    system = _build(min(count, used + SPARE_BLOCKS), *arguments)
    system.fs_grow(count)
    data = bytes(system.context.buffer)
    system.unmount()
    return data + b"\xff" * (size - len(data)), len(data)


def read(data, prog_size=READ_SIZE):
    """({path: bytes}, free blocks) of an image."""
    system = _mounted(data, len(data) // BLOCK, prog_size)
    files = {}
    for top, _, names in system.walk("/"):
        for name in names:
            path = top.rstrip("/") + "/" + name
            with system.open(path, "rb") as file:
                files[path] = file.read()
    return files, system.block_count - system.used_block_count


def stated_size(data):
    """The file system at the start of data, possibly truncated after its used blocks; None if there is none."""
    environment.need("flash")
    from littlefs import LittleFSError

    if len(data) < 2 * BLOCK:
        return None
    try:
        return _mounted(data, 0, READ_SIZE).block_count * BLOCK
    except LittleFSError:
        return None


def _mounted(data, count, prog_size):
    environment.need("flash")
    from littlefs import LittleFS, UserContext

    context = UserContext(len(data))
    context.buffer[:] = data
    system = LittleFS(context, mount=False, **_config(count, prog_size))
    system.mount()
    return system


def disk_version(version):
    """The newest format that this MicroPython mounts; it refuses a newer one."""
    return next(disk for since, disk in DISK_VERSIONS if version is None or tuple(version[:2]) >= since)


def _config(count, prog_size):
    return {
        "block_size": BLOCK,
        "block_count": count,
        "read_size": READ_SIZE,
        "prog_size": prog_size,
        "cache_size": min(BLOCK, 4 * max(READ_SIZE, prog_size)),
        "lookahead_size": LOOKAHEAD,
        "block_cycles": CYCLES,
    }


def _build(count, files, directories, prog_size, disk):
    from littlefs import LittleFS, LittleFSError

    try:
        system = LittleFS(mount=False, disk_version=disk, **_config(count, prog_size))
        system.format()
        system.mount()
        made = set()
        for path in sorted({*directories, *(path.rpartition("/")[0] for path in files)} - {""}):
            if path not in made:
                system.makedirs(path, exist_ok=True)
                made.add(path)
        for path in sorted(files):
            with system.open(path, "wb") as file:
                file.write(files[path])
    except LittleFSError as e:
        if e.code == LittleFSError.Error.LFS_ERR_NOSPC:
            raise NoSpace from None
        raise
    return system
