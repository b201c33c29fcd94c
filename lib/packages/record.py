# What is installed: a file for each package in /local/packages, with the hashes of what it has brought.
#
# A record is written before the files of its package ("whole" is false then) and again afterwards: after a power cut
# in between, every file that is there has an owner, and install or remove finishes.

import json
import os

from base.errors import Failure
from base.files import make_directories, replace, unlink
from base.paths import isdir, join

PLACE = "/local/packages"


def path_of(name):
    return join(PLACE, name + ".json")


def names():
    """The installed packages, sorted."""
    if not isdir(PLACE):
        return []
    return sorted([name[:-5] for name in os.listdir(PLACE) if name.endswith(".json")])


def read(name):
    """The record of a package, or None."""
    try:
        with open(path_of(name)) as file:
            return json.load(file)
    except OSError:
        return None
    except ValueError:
        raise Failure(path_of(name), "damaged; remove it and install the package again")


def write(entry, files, whole, coming=None):
    """Say that a package has these files: {path: hash}; until it is whole, they may be what is coming already."""
    make_directories(PLACE)
    found = {
        "name": entry["name"],
        "version": entry["version"],
        "needs": entry["needs"],
        "files": files,
        "whole": whole,
        "coming": coming or {},
    }
    replace(path_of(entry["name"]), json.dumps(found))


def forget(name):
    unlink(path_of(name))


def owner(path):
    """The package that a file belongs to, or None."""
    for name in names():
        if path in read(name)["files"]:
            return name
    return None


def needed_by(name):
    """The installed packages that need this one."""
    return [other for other in names() if name in read(other)["needs"]]
