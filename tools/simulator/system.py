"""What images of the system hold, read from a tree."""

import os
import sys
from typing import NamedTuple

from simulator import compiled, flash, identity, libraries, packages, packs, plain, spares, standalone, symbols
from simulator.environment import ROOT

LIBRARIES = "libx/"  # where the libraries of others are on a flash; a ROMFS image has them in lib/


class File(NamedTuple):
    """A file of the system, as remote.profiles takes it."""

    path: str  # on the board
    source: str  # on this computer

    @property
    def data(self):
        with open(self.source, "rb") as file:
            return file.read()

    def with_data(self, data):
        """The same file with other content."""
        return File(self.path, compiled.kept_text(data))


def romfs(other=None):
    """The path of the ROMFS image of this tree, or of another one."""
    tree = other or ROOT
    others = [] if other else libraries.files()
    more = [(path, "lib/" + name[len(LIBRARIES) :]) for path, name in others if name.startswith(LIBRARIES)]
    files = [*_files(tree, flash.COMPILED), *_made(tree), *more]
    files = [(path, name) for path, name in files if compiled.in_rom(name)]
    return compiled.kept_romfs("system", [], files, symbols.tables(tree))


def _files(tree, parts):
    """[(path, name)] of what the parts of a tree hold."""
    tops = [(os.path.join(tree, part), part + "/") for part in parts]
    return [(path, top + name) for directory, top in tops for path, name in compiled.walk(directory)]


def _made(tree):
    """[(path, name)] of the files of a compiled system in ROM that no tree has."""
    return [(compiled.heads_file(tree), "lib/heads.txt"), (identity.file(tree), identity.NAME)]


def _packages(options, tree):
    """[(path, name)] of the packages that the options ask for."""
    if not options.packages:
        return []
    from release import contents

    try:
        return packages.installed(options.packages, contents.version(tree), tree, options.image != "source")
    except packages.PackageError as e:
        raise flash.FlashError("--packages: %s" % e) from None


def contents(options):
    """What the image holds: directories, parents first, and [(path, name)]."""
    tree = options.tree or ROOT
    files = [(standalone.path(tree, name), name) for name in flash.FILES if os.path.isfile(os.path.join(tree, name))]
    if options.image != "source":
        files = [(plain.kept(path), name) for path, name in files]
    if not files:
        sys.stderr.write("sim: %s: there is no boot.py and no main.py\n" % tree)
    directories = list(flash.MADE if options.image == "packed" else flash.EMPTY)
    for part in flash.PARTS:
        top = os.path.join(tree, part)
        if not os.path.isdir(top):
            continue
        found = _files(tree, [part])
        if options.image == "romfs":
            found = [(path, name) for path, name in found if not compiled.in_rom(name)]
        if options.image != "source" and part in flash.COMPILED:
            found = compiled.compile_files(found, symbols.tables(tree), compiled.ROM * (options.image == "packed"))
        files += found
    others = [] if options.tree else libraries.files()  # another tree brings what it needs
    if options.image == "romfs":
        others = [(path, name) for path, name in others if not name.startswith(LIBRARIES)]
    files += others
    files = spares.add(libraries.packed(files))
    if options.image in ("mpy", "packed"):
        files.append((compiled.heads_file(tree), "lib/heads.txt"))
    if options.profile not in (None, "full"):
        from remote import profiles

        found = profiles.chosen([File(name, path) for path, name in files], tree, options.profile)
        files = [(file.source, file.path) for file in found]
    if options.image == "packed":
        files = packs.kept([*files, _made(tree)[1]])
    files += _packages(options, tree)
    for _, name in files:
        parent = name.rpartition("/")[0]
        missing = []
        while parent and parent not in directories:
            missing.append(parent)
            parent = parent.rpartition("/")[0]
        directories += reversed(missing)
    return directories, [list(entry) for entry in files]
