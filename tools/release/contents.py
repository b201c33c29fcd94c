"""The contents of a release, read from a tree: the same tree gives the same list, at any time and on any computer."""

import ast
import os
import re
from dataclasses import dataclass, replace

from remote.errors import RemoteError
from simulator import compiled, flash, identity, libraries, packs, plain, spares, standalone, symbols
from simulator.environment import ROOT

KINDS = ("source", "mpy", "packed", "packed-small", "packed-minimal", "romfs", "romfs-small", "romfs-minimal")
OWNED = ("etc/",)  # here the owner's changes are kept: a new default goes beside the changed file
PATH = re.compile(r"[A-Za-z0-9_.+@%,=~-]+(/[A-Za-z0-9_.+@%,=~-]+)*\Z")
PATH_MAX = 120  # bytes
VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}(-[0-9A-Za-z.]{1,20})?\Z")


@dataclass(frozen=True)
class Item:
    """A file of the release."""

    path: str  # on the board, without the first slash
    data: bytes
    keep: bool  # the owner's changes are kept

    def with_data(self, data):
        """The same file with other content."""
        return replace(self, data=data)


def read(tree, kind, top="", debug=False):
    """The files of a release as [Item], sorted by their paths.

    top: where the board finds compiled programs, "" or compiled.ROM. debug: names and lines as in the sources.
    """
    from remote import profiles

    if kind.startswith("packed"):
        found = profiles.chosen(read(tree, "mpy", compiled.ROM), tree, profile_of(kind))
        return packed(found, tree)
    if kind.startswith("romfs"):
        found = profiles.chosen(read(tree, "mpy", compiled.ROM), tree, profile_of(kind))
        return [item for item in found if not compiled.in_rom(item.path)]
    short = None if debug or kind != "mpy" else symbols.tables(tree)
    names = [(standalone.path(tree, name), name) for name in flash.FILES]
    if short is not None:
        names = [(plain.kept(path), name) for path, name in names]
    for part in flash.PARTS:
        directory = os.path.join(tree, part)
        if os.path.isdir(directory):
            found = [(path, part + "/" + name) for path, name in compiled.walk(directory)]
            names += compiled.compile_files(found, short, top) if kind == "mpy" and part in flash.COMPILED else found
    if os.path.realpath(tree) == ROOT:  # another tree brings the libraries that it needs
        try:
            names += libraries.files(strict=True)
        except libraries.LibraryError as e:
            raise RemoteError(str(e)) from None
    names = spares.add(libraries.packed(names))
    if kind == "mpy":
        names.append((compiled.heads_file(tree), "lib/heads.txt"))
    items = []
    for path, name in sorted(names, key=lambda entry: entry[1].encode()):
        if not PATH.match(name) or len(name) > PATH_MAX:
            raise RemoteError("%s: a name that boards may not have" % name)
        items.append(Item(name, read_file(path), name.startswith(OWNED) and name != "etc/release.pub"))
    return items


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def kind_of(form, profile):
    """What the releases with packs, or for ROMFS, of a profile are called."""
    return form + ("" if profile == "full" else "-" + profile)


def profile_of(kind):
    """The profile of such a release."""
    return kind.partition("-")[2] or "full"


def packed(items, tree):
    """[Item] with packs in place of the compiled files."""
    inside = {item.path: item.data for item in items if packs.is_packed(item.path)}
    inside[identity.NAME] = read_file(identity.file(tree))
    found = [item for item in items if item.path not in inside]
    found += [Item(path, data, False) for path, data in packs.make(inside).items()]
    return sorted(found, key=lambda item: item.path.encode())


def version(tree):
    """The version that the tree says it has (lib/base/__init__.py)."""
    path = os.path.join(tree, "lib", "base", "__init__.py")
    with open(path, encoding="utf-8") as file:
        for node in ast.parse(file.read()).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "VERSION":
                return checked(ast.literal_eval(node.value))
    raise RemoteError("%s: says no VERSION" % path)


def checked(text):
    """A version that boards understand: 1.2.3 or 1.2.3-rc1."""
    if not VERSION.match(text):
        raise RemoteError("%s: no version such as 1.2.3 or 1.2.3-rc1" % text)
    return text
