# The Load Module `pacman`: packages in MicroPython's format, and the files of a node.
#
# Paths are those of micrOS: /config /data /lib /logs /modules /web, wherever they are here; there is nothing else to see.
# Whoever installs a package runs its code on this board, so that needs the password, which micrOS does not ask for.

import os
import sys
from binascii import hexlify
from hashlib import sha1

from micropython import const

from base.errors import Failure
from base.modules import unload as unload_module
from base.paths import basename, isdir, join, normal
from process import cpu
from services.micros import modules, settings
from services.micros.faces import files
from services.micros.faces.files import OSPath
from services.micros.faces.system import sudo

_TREE = {
    "config": OSPath.CONFIG,
    "data": OSPath.DATA,
    "lib": OSPath.LIB,
    "logs": OSPath.LOGS,
    "modules": OSPath.MODULES,
    "web": OSPath.WEB,
}
_KEPT = ("config", "lib")  # removed by force alone
_TEXT_MAX = const(16_384)  # bytes of a file that is shown
_RAW = "https://raw.githubusercontent.com/"
_REQUIREMENTS = "requirements.txt"
_DIGEST = const(512)  # bytes read at a time


# --- files


def real(path):
    """The path here for one of micrOS; OSError where it is none, and for the root of all."""
    first, _, rest = normal("/" + path)[1:].partition("/")
    if first not in _TREE:
        raise OSError(2, path)
    return join(_TREE[first], rest) if rest else _TREE[first]


def kept(path):
    """Whether a path of micrOS is removed by force alone."""
    first, _, rest = normal("/" + path)[1:].partition("/")
    return not rest or first in _KEPT


def entries(path, kinds="*", select="*"):
    """[(f or d, name)] of a directory of micrOS."""
    if normal("/" + path) == "/":
        found = [("d", name) for name in sorted(_TREE)]
    else:
        place = real(path)
        found = sorted(files.list_fs(place, core=True)) if isdir(place) else []
    return [
        (kind, name)
        for kind, name in found
        if kinds in ("*", kind) and (select == "*" or (kind == "f" and name.startswith(select + "_")))
    ]


def ls(path="/", content="*", raw=False, select="*", core=False):
    """List a directory; content: f or d, select: LM or IO."""
    found = entries(path, content, select)
    if content != "*":
        found = [name for _, name in found]
    if raw:
        return found
    lines = [f"{entry[0]}   {entry[1]}" if content == "*" else entry for entry in found]
    return "".join([f"{i + 1:<4} {line}\n" for i, line in enumerate(lines)])


def dirtree(path="/", raw=False, core=False):
    """The directories in a directory, with what they hold."""
    found = {join("/" + path.strip("/"), name): entries(path + "/" + name) for _, name in entries(path, "d")}
    if raw:
        return found
    return "".join([f"{name}\n" + "".join([f"\t{k}   {n}\n" for k, n in found[name]]) for name in sorted(found)])


def cat(path):
    """The text of a file; those in /config are not shown."""
    place = real(path)
    if place.startswith(OSPath.CONFIG):
        return "Read not allowed"
    with open(place) as file:
        return file.read(_TEXT_MAX)


def makedir(path):
    """Make a directory."""
    try:
        place = real(path)
        files.make_directories(place[: place.rfind("/")])
        os.mkdir(place)
        return f"{path} dir created."
    except OSError as e:
        return f"{path} failed to create: {e}"


@sudo(_when_true=("force", 1))
def rm(path, force=False):
    """Remove a file; force: one of /config or /lib, too."""
    return removed(path, force, files.remove_file)


@sudo(_when_true=("force", 1))
def rmdir(path, force=False):
    """Remove a directory with all that is in it."""
    return removed(path, force, files.remove_dir)


def removed(path, force, remove):
    if normal("/" + path).count("/") < 2 or (kept(path) and not force):
        return "Protected resource, skip deletion: " + path
    remove(real(path), True)
    return path + " deleted"


def del_duplicates(migrate=True):
    """Remove the source of each Load Module that is there compiled, too."""
    names = [name for _, name in entries("/modules", "f", "LM")]
    doubled = [name for name in names if name.endswith(".py") and name[:-3] + ".mpy" in names]
    for name in doubled:
        os.remove(join(OSPath.MODULES, name))
    return "\n".join([f"   Delete {name} True" for name in doubled]) or "Nothing to delete."


def listmods():
    """The files of Load Modules."""
    return "\n".join(["   " + name[3:] for _, name in entries("/modules", "f", "LM")])


@sudo
def delmod(mod):
    """Remove a Load Module: NAME.py or NAME.mpy."""
    if not mod.endswith(("py", "mpy")) or "/" in mod:
        return f"Invalid {mod}, must ends with .py or .mpy"
    return removed("/modules/LM_" + mod, False, files.remove_file)


def micros_checksum():
    """The SHA-1 of each Load Module, and the version."""
    found = []
    buffer = bytearray(_DIGEST)
    for _, name in entries("/modules", "f", "LM"):
        digest = sha1()
        with open(join(OSPath.MODULES, name), "rb") as file:
            while count := file.readinto(buffer):
                digest.update(memoryview(buffer)[:count])
        found.append(f"{hexlify(digest.digest()).decode()} {name}")
    return "\n".join(found + ["micrOS version: " + settings.VERSION])


def cachedump(delete=None, ext="cache"):
    """Show the .cache files of /data, or remove one."""
    if delete is None:
        return "\n".join([f"/data/{name}: {cat('/data/' + name)}" for name in ending(".cache")])
    name = f"{delete}.{ext}"
    if "/" in name or name not in ending("." + ext):
        return name + " not exists"
    return f"/data/{name} delete done.: " + removed("/data/" + name, False, files.remove_file)


def datdump():
    """The texts of all .dat files of /data, which data_logger() writes."""
    return {name: cat("/data/" + name) for name in ending(".dat")}


def ending(text):
    return [name for _, name in entries("/data", "f") if name.endswith(text)]


def unload(module):
    """Unload a Load Module, LM_NAME: its next call imports the file anew."""
    if not module.startswith("LM_"):
        return "Skip, module must start with LM_ or IO_"
    if module not in sys.modules:
        return "No such module as " + module
    unload_module(module)
    return f"Module unload {module} done"


# --- packages


def source(ref):
    """(the package or file that a reference of micrOS stands for, its version)."""
    ref = ref.strip().rstrip("/")
    if ref.startswith(_RAW) or not ref.startswith(("https://github.com/", "github.com/")):
        return ref, ""
    parts = ref.partition("github.com/")[2].split("/")
    kind = parts[2] if len(parts) > 4 else ""
    if kind == "blob":
        return _RAW + "/".join(parts[:2] + parts[3:]), ""
    if kind == "tree":
        return "github:" + "/".join(parts[:2] + parts[4:]), parts[3]
    return "github:" + "/".join(parts), ""


def bring(ref):
    """Install a package: the lines about it."""
    from packages import mip  # late: only to install

    class Installer(mip.Installer):
        def place(self, path):
            return place_of(path)

    found = []
    installer = Installer(mip.INDEX, OSPath.LIB, True, found.append)
    cpu.block(installer.install(*source(ref)))
    for name in modules.loaded():  # the next call runs what has come
        if any(path.startswith(f"{OSPath.MODULES}/LM_{name}.") for path in coming(installer.installed)):
            unload_module("LM_" + name)
    return found


def place_of(path):
    """Where a file of a package goes: Load Modules to theirs, pages and data of PACKAGE/... to theirs."""
    name = basename(path)
    rest = path.partition("/")[2]
    if name.startswith(("LM_", "IO_")):
        return join(OSPath.MODULES, name)
    if rest and name.endswith((".html", ".css", ".js")):
        return join(OSPath.WEB, rest)
    if rest.startswith("data/"):
        return join(OSPath.DATA, rest[5:])
    return join(OSPath.LIB, path)


def coming(packages):
    """The paths of the files of packages that have been installed."""
    from packages import record  # late: only to install

    found = []
    for package in packages:
        known = record.read(basename(package).partition(".py")[0].partition(".mpy")[0]) or record.read(package)
        found += list(known["files"]) if known else []
    return found


@sudo
def install(ref=None):
    """Install a name in MicroPython's index, github:USER/REPOSITORY/PATH, an address, or what requirements.txt names."""
    refs = [ref]
    if ref == _REQUIREMENTS:
        with open(join(OSPath.CONFIG, _REQUIREMENTS)) as file:
            refs = [
                line.strip() for line in file.read(_TEXT_MAX).split("\n") if line.strip() and line.strip()[0] != "#"
            ]
    found = []
    for one in refs:
        try:
            found += bring(one)
        except (Failure, OSError) as e:
            found.append(f"Cannot install {one}: {e}")
    return "\n".join(found)


@sudo
def uninstall(name=None):
    """Remove a package; without a name, list them."""
    if name is None:
        return inspect()
    from packages import change  # late: only to remove

    found = []
    try:
        change.remove(name, found.append)
        found.append(name + " removed")
    except Failure as e:
        found.append(str(e))
    return "\n".join(found)


@sudo
def upgrade(name=None, force=False):
    """Install the newest version of a package that is there; without a name, list them."""
    if name is None:
        return inspect()
    import json  # late: only here

    ref = name
    try:
        with open(join(OSPath.LIB, name + "/pacman.json")) as file:
            ref = json.loads(file.read(_TEXT_MAX))["url"]
    except (OSError, ValueError, KeyError):  # of MicroPython's index
        pass
    return "\n".join(bring(ref))


def inspect(package=None):
    """The names of the packages that are installed, or what one of them is."""
    from packages import record  # late: few ask

    if package is None:
        return record.names()
    found = record.read(package)
    if not found:
        return package + ": not installed"
    return "\n".join([f"{package} {found['version']}"] + sorted(found["files"]))


def help(widgets=False):
    """The functions of this module."""
    if widgets:
        return ()
    return (
        "listmods",
        "delmod mod=<module>.py/.mpy pwd=<password>",
        "del_duplicates",
        'unload module="LM_rgb"',
        "cachedump delete=None",
        "datdump",
        'install "<package>" pwd=<password>',
        "uninstall <package> pwd=<password>",
        "upgrade <package> pwd=<password>",
        "inspect package=None",
        "micros_checksum",
        'ls path="/" content="*/f/d" select="*/LM/IO"',
        "cat <path>",
        "rm <path>",
        "rmdir <path>",
        'dirtree path="/"',
        "makedir <path>",
    )
