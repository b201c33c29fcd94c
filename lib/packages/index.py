# The index of packages: fetched to a temporary file, believed when its signature is right, and read line by line.
#
# It is a file packages.json beside the files of the packages: a head, one package a line, and an end (docs/packages.md).
# Beside this file: record says what is installed here, and change installs and removes.

import json
import os
import sys

from micropython import const

from base import VERSION, config
from base.errors import Failure
from repository import source
from repository.manifest import numbers, valid_name

NAME = "packages.json"
PATH = "/tmp/packages.json"
_SIZE_MAX = const(262144)  # bytes
_LINE_MAX = const(4096)
_FILES_MAX = const(64)
_FILE_MAX = const(1048576)
_DEPTH_MAX = const(16)
_PLACES = ("bin/", "libx/", "opt/", "etc/services/")  # where a package may put files


def settings():
    return config.section("pkg")


def default():
    """Where packages come from without a setting: where releases do; from GitHub those of this version."""
    place = config.section("upgrade").get("url", source.GITHUB)
    return f"{place}download/v{VERSION}/" if place == source.GITHUB else place


async def refresh(cwd):
    """Fetch the index; returns the Source that it came from."""
    place = settings().get("url") or default()
    found = source.find(place, "", cwd)
    await source.fetch(found, NAME, PATH, _SIZE_MAX)
    if not settings().get("unsigned"):
        from repository import verify  # late: only to refresh

        try:
            await source.fetch(found, NAME + ".sig", PATH + ".sig", verify.BYTES)
            verify.signed(PATH, PATH + ".sig")
        finally:
            discard(PATH + ".sig")
    with open(PATH, "rb") as file:
        if file.readline(_LINE_MAX).strip() != b'{"format": 1, "packages": [':
            raise Failure(NAME, "not a package index")
    return found


def discard(path=PATH):
    try:
        os.remove(path)
    except OSError:  # it did not come that far
        pass


def entries():
    """The packages of the index, as dicts whose values are checked."""
    with open(PATH, "rb") as file:
        file.readline(_LINE_MAX)
        while True:
            line = file.readline(_LINE_MAX).strip()
            if line == b"]}":
                return
            try:
                entry = json.loads(line[:-1] if line.endswith(b",") else line)
                check(entry)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise Failure(NAME, f"invalid line: {line[:40].decode()}")
            yield entry


def check(entry):
    """ValueError, KeyError or TypeError for an entry that is not as it should be."""
    files = entry["files"]
    numbers(entry["version"])
    numbers(entry.get("system", VERSION))
    for name in [entry["name"]] + entry["needs"]:
        if not valid_name(name) or "/" in name:
            raise ValueError
    if not isinstance(entry["about"], str) or not 0 < len(files) <= _FILES_MAX:
        raise ValueError
    for path, origin, size, sha in files:
        good = valid_name(path) and path.startswith(_PLACES) and valid_name(origin) and not path.endswith((".new", "~"))
        if not good or not isinstance(size, int) or not 0 <= size <= _FILE_MAX or len(sha) != 64:
            raise ValueError


def check_system(entry):
    """Failure where a package is for another version of the system, or of MicroPython's compiled files."""
    if entry.get("system", VERSION) != VERSION:
        raise Failure(entry["name"], f"requires Diatom {entry['system']}, this is {VERSION}")
    loads = getattr(sys.implementation, "_mpy", 0) & 0xFF
    if entry.get("mpy", loads) != loads:
        raise Failure(entry["name"], f"requires .mpy files of version {entry['mpy']}, this firmware loads {loads}")


def find(wanted):
    """{name: entry} of those packages of the index that are wanted."""
    found = {}
    for entry in entries():
        if entry["name"] in wanted:
            found[entry["name"]] = entry
    return found


def with_needs(names):
    """The entries of packages and of what they need, the needed ones first; Failure where one is not there."""
    chosen = []
    waiting = list(names)
    for _ in range(_DEPTH_MAX):
        if not waiting:
            return chosen
        found = find(waiting)
        needs = []
        for name in waiting:
            if name not in found:
                raise Failure(name, "no such package")
            check_system(found[name])
            chosen = [entry for entry in chosen if entry["name"] != name]
            chosen.insert(0, found[name])  # before those that need it, even if it was in the list
            needs += [need for need in found[name]["needs"] if need not in needs]
        waiting = needs
    raise Failure(waiting[0], "circular or too many dependencies")
