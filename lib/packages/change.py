# Install and remove packages. Every file is downloaded beside its place, checked against the index as it is read back
# from the flash, and renamed into place; a file that its owner has changed is left as it is. What an upgrade brings is
# not touched, and a file of no package or of another one is never overwritten.

import asyncio
import os

from micropython import const

from base.errors import Failure
from base.files import ENOSPC, Replacement, make_directories, unlink
from base.paths import dirname, exists, isdir, space
from packages import record
from repository.verify import hex_digest

_BUFFER = const(512)
_BLOCK = const(4096)
_SPARE = const(16384)


def hash_of(path):
    """The SHA-256 of a file in hexadecimal; None if it does not exist."""
    return hex_digest(path) if exists(path) and not isdir(path) else None


def forms(path):
    """The path of a file and, of a module, that of its other form, source or compiled: one would hide the other."""
    for kind, other in ((".py", ".mpy"), (".mpy", ".py")):
        if path.endswith(kind):
            return path, path[: -len(kind)] + other
    return (path,)


def check_free(path, own):
    """Failure where a package's file would replace or hide one that is not its own."""
    for form in forms(path):
        if exists(form) and form not in own:
            whose = record.owner(form)
            raise Failure(form, f"belongs to {whose}" if whose else "already exists")


def check(entries):
    """Failure if a package would overwrite a file that is not its own, or if the packages do not all fit."""
    need = _SPARE
    for entry in entries:
        own = record.read(entry["name"])
        for path, _, size, sha in entry["files"]:
            path = "/" + path
            need += (size // _BLOCK + 1) * _BLOCK
            if hash_of(path) != sha:
                check_free(path, own["files"] if own else {})
    if need > space("/")[1]:
        raise OSError(ENOSPC)


async def install(entry, source, say):
    """Bring a package, or its newer version."""
    old = record.read(entry["name"])
    before = old["files"] if old else {}
    coming = old.get("coming", {}) if old else {}  # where the power has cut this short
    files = {}
    for path, _, _, sha in entry["files"]:
        files["/" + path] = sha
    kept = []
    for path in before:
        found = hash_of(path)
        if found and found not in (before[path], coming.get(path), files.get(path)):
            kept.append(path)
    both = dict(files)
    both.update(before)
    coming.update(files)
    record.write(entry, both, False, coming)
    for path, origin, size, sha in entry["files"]:
        path = "/" + path
        if path in kept:
            say(f"{path}: modified locally, not replaced")
            continue
        if hash_of(path) != sha:
            await fetch(source, origin, path, size, sha)
    for path in before:
        if path not in files and path not in kept and exists(path):
            unlink(path)
            tidy(dirname(path))
    for path in kept:
        if path in files:
            files[path] = before[path]  # what it would have to be for remove to take it away
    record.write(entry, files, True)


async def fetch(source, origin, path, size, sha):
    """Download a file into its place."""
    make_directories(dirname(path))
    stream = await source.get(origin)
    try:
        buffer = bytearray(_BUFFER)
        have = 0
        with Replacement(path) as new:
            while n := await stream.readinto(buffer):
                have += n
                if have > size:
                    break
                new.write(memoryview(buffer)[:n])
                await asyncio.sleep_ms(0)
            new.file.flush()
            if have != size or hash_of(new.temporary) != sha:
                raise Failure(origin, "size or checksum mismatch")
    finally:
        await stream.close()


def remove(name, say):
    """Take away what a package has brought, but for what has been changed here."""
    found = record.read(name)
    if found is None:
        raise Failure(name, "not installed")
    others = record.needed_by(name)
    if others:
        raise Failure(name, "required by " + " ".join(others))
    for path, sha in found["files"].items():
        now = hash_of(path)
        if now and now in (sha, found.get("coming", {}).get(path)):
            unlink(path)
            tidy(dirname(path))
        elif now and found["whole"]:
            say(f"{path}: modified locally, not replaced")
    record.forget(name)


def tidy(directory):
    """Remove directories that are empty now, but none of the system's."""
    while directory.count("/") > 1 and directory != "/etc/services":
        try:
            os.rmdir(directory)
        except OSError:  # not empty
            return
        directory = dirname(directory)
