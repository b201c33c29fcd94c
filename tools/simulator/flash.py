"""Flash images: made from the tree, kept in files, locked while a board runs on them."""

import fcntl
import os
import sys

from simulator import compiled, libraries, packs
from simulator.engine import Engine
from simulator.environment import ROOT, STATE

FILES = ("boot.py", "main.py", "recovery.py", "rescue.py")
PARTS = ("bin", "etc", "lib", "libx", "opt", "www")
COMPILED = ("bin", "lib")  # the parts that all but --image source compile
LIBRARIES = "libx/"  # where the libraries of others are on a flash; a ROMFS image has them in lib/
EMPTY = ("home", "libx", "local", "mnt", "opt", "tmp", "var", "www")
BESIDE = ("nvs", "otadata", "firmware")  # files IMAGE.KIND with what else the chip remembers
BUILDER_HEAP = 64 * 1024 * 1024


class FlashError(Exception):
    """The image cannot be used; the text says why."""


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
    return path, lock


def _same_image(path, options):
    """A kept flash stays what it was made as: with or without the system on it."""
    try:
        with open(path + ".image") as file:
            kind = file.read().strip()
    except OSError:
        return
    if not options.image_given:
        options.image = kind
    elif options.image != kind:
        raise FlashError("%s: was made with --image %s (--fresh makes a new one)" % (path, kind))


def rom(options):
    """The path of the ROMFS image with the system, or None where it is on the flash."""
    if options.image != "romfs":
        return None
    tree = options.tree or ROOT
    tops = [(os.path.join(tree, part), part + "/") for part in COMPILED if os.path.isdir(os.path.join(tree, part))]
    others = [] if options.tree else libraries.files()
    more = [(path, "lib/" + name[len(LIBRARIES) :]) for path, name in others if name.startswith(LIBRARIES)]
    return compiled.kept_romfs("system", tops, [(compiled.heads_file(tree), "lib/heads.txt"), *more])


def _default_path(options):
    kind = "" if options.image == "source" else "-" + options.image
    return os.path.join(STATE, "flash-%s%s.img" % (options.board or "sim", kind))


def _lock(path):
    """Open and lock the image; a second board on the same flash would destroy it."""
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
        _build(temporary, options, new=True)
        for kind in BESIDE:
            if os.path.exists("%s.%s" % (path, kind)):
                os.remove("%s.%s" % (path, kind))
        with open(path + ".image", "w") as file:
            file.write(options.image + "\n")
        os.rename(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def _build(path, options, new):
    """Let MicroPython itself format the image and copy the tree to it."""
    directories, files = _contents(options)
    config = {
        "program": "sim_image",
        "hardware": compiled.hardware_image(),
        "flash": path,
        "format": new,
        "directories": directories,
        "files": files,
    }
    engine = Engine(config, BUILDER_HEAP)
    message = os.read(engine.power, 100)
    engine.kill()
    if message != b"exit 0\n":
        raise FlashError("the image could not be made")


def _contents(options):
    """What the image holds: directories, parents first, and [(path, name)]."""
    tree = options.tree or ROOT
    files = [(os.path.join(tree, name), name) for name in FILES if os.path.isfile(os.path.join(tree, name))]
    if not files:
        sys.stderr.write("sim: %s: there is no boot.py and no main.py\n" % tree)
    directories = list(EMPTY)
    for part in PARTS:
        top = os.path.join(tree, part)
        if not os.path.isdir(top) or (options.image == "romfs" and part in COMPILED):
            continue
        directories.append(part)
        found = [(path, part + "/" + name) for path, name in compiled.walk(top)]
        if options.image in ("mpy", "packed") and part in COMPILED:
            found = compiled.compile_files(found)
        files += found
    others = [] if options.tree else libraries.files()  # another tree brings what it needs
    if options.image == "romfs":
        others = [(path, name) for path, name in others if not name.startswith(LIBRARIES)]
    files += others
    files = libraries.packed(files)
    if options.image in ("mpy", "packed"):
        files.append((compiled.heads_file(tree), "lib/heads.txt"))
    if options.image == "packed":
        files = packs.kept(files)
    for _, name in files:
        parent = name.rpartition("/")[0]
        missing = []
        while parent and parent not in directories:
            missing.append(parent)
            parent = parent.rpartition("/")[0]
        directories += reversed(missing)
    return directories, [list(entry) for entry in files]
