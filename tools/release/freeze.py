"""tools/diatom freeze: the directory that manifest.py freezes into a firmware.

names/  diatom_names.mpy, an empty module whose table of names has all that the system brings
lib/    the modules of lib/ and libx/, with the short names that images have
boot/   boot.py and what it falls back to, with the archive of spare.py
core/   diatom_frozen.py, which says what was frozen
all/    the same with the names of the programs, and bin/
"""

import ast
import os
import posixpath
import re
import shutil

from release import contents
from remote.errors import RemoteError
from simulator import compiled, identity, plain, renaming, spares, standalone, symbols
from simulator.environment import ROOT

PLACE = "build/frozen"  # in manifest.py, too
LOOSE = ("boot.py", "startup.py", "main.py", "recovery.py", "rescue.py", "spare.py")
BUILT_IN = "binascii errno hashlib io json machine os random re select socket struct time".split()
NAME_MAX = 255  # bytes in a name

VERSIONS = os.path.join(ROOT, "lib", "repository", "manifest.py")
BOOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "frozen_boot.py")
TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "diatom_frozen.py")


def arguments(parser, verb):
    """The words of the verb."""
    parser.add_argument(
        "directory", nargs="?", default=os.path.join(ROOT, PLACE), metavar="DIR", help="default: " + PLACE
    )
    parser.add_argument("--tree", default=ROOT, metavar="DIR", help="the tree to freeze (default: this one)")


def run(options, out):
    """Prepare the directory anew."""
    tree, directory = options.tree, options.directory
    sources = read_sources(tree)
    if os.path.isdir(directory) and not os.path.isdir(os.path.join(directory, "names")) and os.listdir(directory):
        raise RemoteError("%s: holds something else" % directory)
    shutil.rmtree(directory, ignore_errors=True)
    names = all_names(tree, sources)
    programs = sorted(name[4:-3] for name in sources if name.startswith("bin/"))
    for name, data in sources.items():
        part, _, rest = name.partition("/")
        put(directory, "all/" + name.replace("-", "_") if part == "bin" else "lib/" + rest, data)  # names of C, too
    for name, data in boot_files(tree).items():
        put(directory, "boot/" + name, data)
    mark = identity.of(tree)
    for level, found in (("core", []), ("all", programs)):
        put(directory, level + "/diatom_frozen.py", facts(contents.version(tree), mark, len(names), found))
    put(directory, "names/diatom_names.mpy", names_module(directory, names))
    out.result(
        {"identity": mark, "names": len(names), "modules": len(sources) - len(programs), "programs": len(programs)}
    )
    out.say(
        "%s: %d modules, %d programs, %d names; identity %s"
        % (directory, len(sources) - len(programs), len(programs), len(names), mark)
    )
    return 0


def boot_files(tree):
    """{name: source} of what a firmware starts before anything else: boot.py of its own, and what that falls back to."""
    with open(BOOT, "rb") as file:
        found = {"boot.py": file.read()}
    paths = {name: standalone.path(tree, name) for name in spares.KEPT}
    for name in ("startup.py", "recovery.py", "rescue.py", spares.READER):
        with open(standalone.path(tree, name), "rb") as file:
            found[name] = file.read()
    found["spare_copy.py"] = b"DATA = %r\n" % spares.make({name: plain.kept(path) for name, path in paths.items()})
    return found


def read_sources(tree):
    """{name: source} of what is frozen, with the names of compiled images, which take less flash."""
    tables = symbols.tables(tree)
    sources = {}
    for name, path in identity.code(tree).items():
        with open(path, encoding="utf-8") as file:
            sources[name] = renaming.rewrite(file.read(), tables.get(name)).encode()
    return sources


def put(directory, name, data):
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def facts(version, mark, names, programs):
    """diatom_frozen.py with its facts in place, and with the way versions are compared."""
    with open(TEMPLATE, encoding="utf-8") as file:
        text = file.read()
    found = {"VERSION": version, "IDENTITY": mark, "NAMES": names, "PROGRAMS": tuple(programs)}
    lines = {name: "%s = %r" % (name, value) for name, value in found.items()}
    lines["numbers"] = comparison()
    for name, line in lines.items():
        text, count = re.subn(r"(?m)^%s = .*$" % name, lambda _: line, text)  # noqa: B023
        assert count == 1, name
    return text.encode()


def comparison():
    """The source of what compares versions, from where `upgrade` has it."""
    with open(VERSIONS, encoding="utf-8") as file:
        text = file.read()
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    return "\n\n\n".join(ast.get_source_segment(text, found[name]) for name in ("numbers", "rank"))


def all_names(tree, sources):
    """What the compiled system has MicroPython intern: as text, sorted."""
    found = set()
    items = [item for item in contents.read(tree, "mpy") if item.path.endswith(".mpy")]
    loose = [(standalone.path(tree, name), name) for name in LOOSE if os.path.exists(os.path.join(tree, name))]
    tables = [item.data for item in items]
    for path, _ in compiled.compile_files(loose):
        with open(path, "rb") as file:
            tables.append(file.read())
    for data in tables:
        found.update(table(data)[0])
    found.update("u" + name for name in BUILT_IN)  # kernel.search_path
    for item in items:  # what an import from ROMFS adds
        stem = posixpath.splitext(item.path)[0].replace("libx/", "lib/", 1)
        found.add("/rom/" + item.path.replace("libx/", "lib/", 1))
        if stem.startswith("bin/"):
            found.add("/rom/" + stem)
            found.add(stem)
        else:
            parts = stem[4:].replace("/__init__", "").split("/")
            found.update(parts)
            found.add(".".join(parts))
    return sorted(name for name in found if 0 < len(name.encode()) <= NAME_MAX)


def number(data, at):
    """(value, where it ends) of a number in an .mpy file."""
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def packed(value):
    """The same the other way round."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))


def table(data):
    """([name], where the names end) of an .mpy file (docs.micropython.org: "MicroPython .mpy files")."""
    if data[:2] != b"M\x06":
        raise RemoteError("the compiler writes another version of .mpy files than 6")
    count, at = number(data, 4)
    _, at = number(data, at)
    names = []
    for _ in range(count):
        head, at = number(data, at)
        if not head & 1:  # else it is one that every firmware has
            names.append(data[at : at + (head >> 1)].decode())
            at += (head >> 1) + 1
    return names, at


def names_module(directory, names):
    """An .mpy file of a module that does nothing, with these names behind its own."""
    path = os.path.join(directory, "diatom_names.py")
    with open(path, "wb"):
        pass
    target = compiled.compile_files([(path, "diatom_names.py")])[0][0]
    os.remove(path)
    with open(target, "rb") as file:
        data = file.read()
    count, at = number(data, 4)
    objects, begin = number(data, at)
    own, end = table(data)
    more = [name.encode() for name in names if name not in own]
    extra = b"".join(packed(len(name) << 1) + name + b"\0" for name in more)
    return data[:4] + packed(count + len(more)) + packed(objects) + data[begin:end] + extra + data[end:]
