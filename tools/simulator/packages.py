"""Packages of the tree: opt/NAME/ has what `pkg install NAME` brings, with package.json, which says what it is.

bin/ goes to /bin as source, for the head of a program is its manual; lib/ goes to /libx, compiled where the system is.
A package has the version of the system, whose modules it uses.
"""

import hashlib
import json
import os

from simulator import compiled
from simulator.environment import ROOT

PLACE = "opt"
PARTS = {"bin": "bin/", "lib": "libx/", "opt": "opt/"}  # where the parts of a package go


class PackageError(Exception):
    """There is no such package; the text says so."""


def names(tree=ROOT):
    """The packages of a tree, sorted."""
    top = os.path.join(tree, PLACE)
    found = os.listdir(top) if os.path.isdir(top) else []
    return sorted(name for name in found if is_package(os.path.join(top, name)))


def is_package(directory):
    return os.path.isfile(os.path.join(directory, compiled.PACKAGE))


def about(name, tree=ROOT):
    """What package.json says: {"about": text, "needs": [names]}."""
    try:
        with open(os.path.join(tree, PLACE, name, compiled.PACKAGE), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        raise PackageError("%s: no such package" % name) from None


def with_needs(wanted, tree=ROOT):
    """The packages and what they need, the needed ones first; "all" is all of them."""
    found = []

    def add(name):
        for need in about(name, tree)["needs"]:
            add(need)
        if name not in found:
            found.append(name)

    for name in names(tree) if "all" in wanted else wanted:
        add(name)
    return found


def sources(name, tree=ROOT):
    """[(path, name on the board)] of a package."""
    top = os.path.join(tree, PLACE, name)
    return [
        (path, place + inside)
        for part, place in PARTS.items()
        for path, inside in compiled.walk(os.path.join(top, part))
    ]


def files(name, tree=ROOT):
    """The same with the modules compiled, as a release has them."""
    found = sources(name, tree)
    modules = [entry for entry in found if entry[1].startswith("libx/")]
    return [entry for entry in found if entry not in modules] + compiled.compile_files(modules, {})


def commands(tree=ROOT):
    """{command: the package that brings it}, sorted."""
    found = {}
    for name in names(tree):
        for _, place in sources(name, tree):
            if place.startswith("bin/"):
                found[os.path.splitext(place[len("bin/") :])[0]] = name
    return dict(sorted(found.items()))


def record(name, version, entries, tree=ROOT):
    """What `pkg` keeps in /local/packages about a package that is installed, as bytes."""
    hashes = {}
    for path, place in entries:
        with open(path, "rb") as file:
            hashes["/" + place] = hashlib.sha256(file.read()).hexdigest()
    known = {"name": name, "version": version, "needs": about(name, tree)["needs"], "files": hashes}
    return json.dumps({**known, "whole": True, "coming": {}}).encode()


def installed(wanted, version, tree=ROOT, is_compiled=True):
    """[(path, name on the board)] of packages as if pkg had installed them."""
    found = []
    for name in with_needs(wanted, tree):
        entries = files(name, tree) if is_compiled else sources(name, tree)
        found += entries
        found.append((compiled.kept_text(record(name, version, entries, tree)), "local/packages/%s.json" % name))
    return found
