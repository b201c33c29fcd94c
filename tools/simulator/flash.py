"""Flash images: made from the tree, kept in files, locked while a board runs on them."""

import fcntl
import os
from errno import ENOSPC

from simulator import compiled, inputs
from simulator.engine import Engine
from simulator.environment import ROOT, STATE

FILES = ("boot.py", "startup.py", "main.py", "recovery.py", "rescue.py", "spare.py")
PARTS = ("bin", "etc", "lib", "libx", "opt", "www")
COMPILED = ("bin", "lib")  # the parts that all but --image source compile
MADE = ("home", "local", "tmp", "var")  # which the kernel would make at the first boot
EMPTY = (*MADE, "libx", "mnt", "www")
BLOCK = 4096  # bytes that are erased at a time
BESIDE = ("nvs", "otadata", "firmware", "rom")  # files IMAGE.KIND with what else the chip remembers
BUILDER_HEAP = 64 * 1024 * 1024


class FlashError(Exception):
    """The image cannot be used; the text says why."""


class NoSpace(FlashError):
    """The system does not fit."""


def prepare(options):
    """Make or update the image that the options ask for; returns its path and the locked file."""
    path = options.flash or _default_path(options)
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    fresh = options.fresh or not os.path.exists(path)
    if fresh:
        _create(path, options)
    lock = _lock(path)
    if not fresh:
        _same_image(path, options)
    size = os.fstat(lock.fileno()).st_size
    if options.flash_size_given and size != options.flash_size:
        raise FlashError("%s: has %d KiB; --fresh makes a new one of %d" % (path, size >> 10, options.flash_size >> 10))
    if options.sync and not fresh:
        _build(path, options, new=False)
        if options.image == "romfs" and os.path.exists(path + ".rom"):
            os.remove(path + ".rom")  # the board runs from the tree's image again
    return path, lock


def _same_image(path, options):
    """A kept flash stays what it was made as: with or without the system on it, and with all of it or a part."""
    try:
        with open(path + ".image") as file:
            kind, _, profile = file.read().strip().partition(" ")
    except OSError:
        return
    for option, asked, kept in (
        ("image", options.image if options.image_given else None, kind),
        ("profile", options.profile, profile or "full"),
    ):
        if asked not in (None, kept):
            raise FlashError("%s: was made with --%s %s (--fresh makes a new one)" % (path, option, kept))
        setattr(options, option, kept)


def rom(options):
    """The path of the ROMFS image with the system, or None where it is on the flash."""
    if options.image != "romfs":
        return None
    tree = options.tree or ROOT
    path, place = inputs.recall("rom", tree)
    if path:
        return path
    from simulator import libraries, system  # late: most starts build nothing

    path = system.romfs(options.tree)
    if options.tree or not libraries.missing():  # else the next start tries again to fetch them
        inputs.remember(place, path)
    return path


def _default_path(options):
    kind = "-" + options.image if options.image_given else ""
    return os.path.join(STATE, "flash-%s%s.img" % (options.board, kind))


def _lock(path):
    """Open and lock the image, because a second board on the same flash would destroy it."""
    while True:
        try:
            file = open(path, "r+b")
        except OSError as e:
            raise FlashError("%s: %s" % (path, e.strerror)) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FlashError("%s: another simulator runs on it (--flash FILE takes another image)" % path) from None
        status = os.fstat(file.fileno())
        if status.st_ino != os.stat(path).st_ino:
            file.close()  # somebody has just put a new image in its place
            continue
        if status.st_size < 16 * 4096 or status.st_size % 4096:
            raise FlashError("%s: this is no flash image (its size is %d)" % (path, status.st_size))
        return file


def _create(path, options):
    """Build a new image beside its place, and move it there when it is complete."""
    if options.flash_size < 16 * 4096 or options.flash_size % 4096:
        raise FlashError("--flash-size: a multiple of 4096, and at least 64k, is expected")
    temporary = "%s.%d" % (path, os.getpid())
    try:
        with open(temporary, "wb") as file:
            file.truncate(options.flash_size)
        profile = _build_largest(temporary, options)
        for kind in BESIDE:
            if os.path.exists("%s.%s" % (path, kind)):
                os.remove("%s.%s" % (path, kind))
        with open(path + ".image", "w") as file:
            file.write("%s %s\n" % (options.image, profile))
        os.rename(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def _build_largest(path, options):
    """The system on a new image with the profile that `diatom flash` would choose; returns which."""
    from remote import profiles

    names = [options.profile] if options.profile else profiles.NAMES if options.image != "romfs" else ["full"]
    for name in names:
        options.profile = name
        try:
            free = _build(path, options, new=True)
        except NoSpace:
            if name == names[-1]:
                raise
            continue
        if free >= profiles.RESERVE:
            break
    return options.profile


def _build(path, options, new):
    """The tree on a new image, or on one that is there; returns how many bytes are free then."""
    from simulator import system  # late: most starts build nothing

    return write(path, *system.contents(options), new)


def write(path, directories, files, new):
    """Let MicroPython itself format an image, where it is new, and copy [(path, name)] to it; returns the free bytes."""
    config = {
        "program": "sim_image",
        "hardware": compiled.hardware_image(),
        "flash": path,
        "format": new,
        "directories": directories,
        "files": files,
    }
    engine = Engine(config, BUILDER_HEAP)
    message = b""
    while b"exit" not in message and (data := os.read(engine.power, 100)):
        message += data
    engine.kill()
    free, _, status = message.rpartition(b"exit ")
    if status == b"%d\n" % ENOSPC:
        raise NoSpace("the tree does not fit on the flash; --flash-size makes it larger")
    if status != b"0\n":
        raise FlashError("the image could not be made")
    return int(free.split()[-1])
