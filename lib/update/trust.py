# Trusted keys: /etc/release.pub has the keys whose releases this board accepts, and its owner may add others.

import os
from hashlib import sha256

from base.errors import Failure, reason
from base.files import Replacement, make_directories
from base.paths import basename, dirname, exists, isdir, normal
from program import confirm
from repository import source, verify
from update import ROOM

_FILE = ROOM + "release.pub"  # what has been fetched
_SIZE_MAX = 4096
_DIGITS = 512  # of a modulus of 2048 bits


def keys(path=verify.KEYS):
    """The keys in a file, as hexadecimal digits; Failure for a line that is none."""
    found = []
    try:
        file = open(path)
    except OSError:
        return found
    with file:
        for line in file:
            line = line.strip()
            if not line or line[0] == "#":
                continue
            if len(line) != _DIGITS or not all(c in "0123456789abcdef" for c in line):
                raise Failure("", "not a list of keys: `diatom keygen` and `diatom release` make release.pub")
            found.append(line)
    return found


def shown(key):
    """A key as people compare it: the beginning of its SHA-256."""
    text = sha256(key.encode()).digest()[:16].hex()
    return " ".join([text[i : i + 4] for i in range(0, 32, 4)])


async def run(process, place, sure):
    """What `upgrade --trust` does: tell whom this board trusts, or add the keys at a place when the owner agrees."""
    if not place:
        for key in keys():
            print(shown(key))
        return 0
    more = await fetch(where(place, process.cwd))
    for key in more:
        print(shown(key))
    if not more:
        print("trusted already")
    elif sure or await confirm("Does the maker of these releases name the same key? Trust it? [y/N] "):
        add(more)
    else:
        return 1
    return 0


def where(place, cwd):
    """The Source of a list of keys; place is the list, or a directory or URL that has it as release.pub."""
    if "://" in place:
        base, name = place.rstrip("/"), "release.pub"
        if base.endswith(".pub"):
            base, _, name = base.rpartition("/")
        return source.Source(base + "/", name)
    path = normal(place, cwd)
    return source.Source(path, "release.pub") if isdir(path) else source.Source(dirname(path), basename(path))


async def fetch(origin):
    """The keys there that this board does not trust yet."""
    make_directories(ROOM[:-1])
    name = origin.manifest
    try:
        await source.fetch(origin, name, _FILE, _SIZE_MAX)
        found = keys(_FILE)
        mine = keys()
    except OSError as e:
        raise Failure(name, reason(e))
    finally:
        if exists(_FILE):
            os.remove(_FILE)
    if not found:
        raise Failure(name, "contains no key")
    return [key for key in found if key not in mine]


def add(more):
    """Trust these keys, too."""
    kept = ""
    if exists(verify.KEYS):
        with open(verify.KEYS) as file:
            kept = file.read()
    with Replacement(verify.KEYS) as file:
        file.write(kept + "\n" * (kept[-1:] not in ("", "\n")) + "".join([key + "\n" for key in more]))
