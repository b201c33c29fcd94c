"""What a release holds, read from a tree: the same tree gives the same list, whatever the time and the computer."""

import ast
import os
import re
from dataclasses import dataclass

from remote.errors import RemoteError
from simulator import compiled, flash, libraries, packs
from simulator.environment import ROOT

KINDS = ("source", "mpy", "packed", "packed-small", "packed-minimal")  # packs are of a profile
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


def read(tree, kind):
    """The files of a release as [Item], sorted by their paths."""
    if kind.startswith("packed"):
        from remote import profiles

        return packed(profiles.chosen(read(tree, "mpy"), tree, kind.partition("-")[2] or "full"))
    names = [(os.path.join(tree, name), name) for name in flash.FILES]
    for part in flash.PARTS:
        top = os.path.join(tree, part)
        if os.path.isdir(top):
            found = [(path, part + "/" + name) for path, name in compiled.walk(top)]
            names += compiled.compile_files(found) if kind == "mpy" and part in flash.COMPILED else found
    if os.path.realpath(tree) == ROOT:  # another tree brings the libraries that it needs
        try:
            names += libraries.files(strict=True)
        except libraries.LibraryError as e:
            raise RemoteError(str(e)) from None
    names = libraries.packed(names)
    if kind == "mpy":
        names.append((compiled.heads_file(tree), "lib/heads.txt"))
    items = []
    for path, name in sorted(names, key=lambda entry: entry[1].encode()):
        if not PATH.match(name) or len(name) > PATH_MAX:
            raise RemoteError("%s: a name that boards may not have" % name)
        with open(path, "rb") as file:
            items.append(Item(name, file.read(), name.startswith(OWNED) and name != "etc/release.pub"))
    return items


def packed_kind(profile):
    """What the releases with packs of a profile are called."""
    return "packed" + ("" if profile == "full" else "-" + profile)


def packed(items):
    """[Item] with packs in place of the compiled files."""
    inside = {item.path: item.data for item in items if packs.is_packed(item.path)}
    found = [item for item in items if item.path not in inside]
    found += [Item(path, data, False) for path, data in packs.make(inside).items()]
    return sorted(found, key=lambda item: item.path.encode())


def version(tree):
    """The version that the tree says it has (lib/kernel/boot.py)."""
    path = os.path.join(tree, "lib", "kernel", "boot.py")
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
