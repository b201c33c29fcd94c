# The manifest of a release: JSON with a head and one file a line, sorted by path. Read as a stream, after its signature
# has been verified, and checked all the same.

import json
import os
import sys

from micropython import const

from base.errors import Failure

FORMAT = const(1)
SIZE_MAX = const(262144)  # bytes
LINE_MAX = const(512)
_PATH_MAX = const(120)
_FILE_MAX = const(16777216)

# Where a release may put files, and which of those belong to the owner.
_PLACES = ("bin/", "etc/", "lib/", "libx/", "opt/", "www/")
ROOT_FILES = ("boot.py", "startup.py", "main.py", "recovery.py", "rescue.py", "spare.py")
_OWN = ("etc/shadow", "etc/release.json", "etc/ssh", "etc/crontab", "etc/hosts.conf", "etc/hostname", "etc/wifi.conf")
_OWN += ("etc/ssl", "etc/fleet.key", "etc/.shadow", "etc/.ssh", "etc/.ssl", "etc/.fleet.key")
_PATH_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+@%,=~-/"


class Head:
    """The head of a manifest: facts about the release as a whole."""

    def __init__(self, found):
        self.version = found["version"]
        self.minimum = found["minimum"]
        self.kind = found["kind"]
        self.bundle = found["bundle"]
        self.mpy = found.get("mpy")
        self.rom = found.get("rom")  # the size and the hashes of the ROMFS image, as a dict
        if found["format"] != FORMAT or found["name"] != "diatom":
            raise ValueError("not for this system")
        numbers(self.version)
        numbers(self.minimum)
        if not valid_name(self.bundle) or "/" in self.bundle:
            raise ValueError("bundle: invalid name")
        if self.kind.startswith("romfs"):
            good = 0 < self.rom["size"] <= _FILE_MAX and len(self.rom["sha256"]) == len(self.rom["chunks"]) == 64
            if not good or not valid_name(self.kind):
                raise ValueError("not a ROMFS image")


def check_kind(kind, mpy, mine):
    """Failure unless a board with files of the kind `mine` can run a release of this kind and .mpy version (or None)."""
    if kind != mine:
        raise Failure("", f"this board runs {mine} files; the release has {kind}")
    version = getattr(sys.implementation, "_mpy", 0) & 0xFF
    if mpy and mpy != version:
        raise Failure("", f"the release is compiled for .mpy version {mpy}; this firmware has {version}")


def numbers(version):
    """A version as a comparable tuple (semver.org 2.0.0, item 11); ValueError if it is not one.

    Unlike there, rc9 precedes rc10, as rc.9 precedes rc.10.
    """
    text, dash, more = version.partition("+")[0].partition("-")
    parts = text.split(".")
    wrong = dash and "" in more.split(".")
    if wrong or len(parts) != 3 or len(version) > 40 or not all(part.isdigit() and len(part) < 5 for part in parts):
        raise ValueError("invalid version")
    return tuple([int(part) for part in parts]) + ([rank(part) for part in more.split(".")] if dash else [(2, "", 0)],)


def rank(part):
    """The rank of a part of a pre-release: numbers precede words, and words that end in a number are counted."""
    stem = part.rstrip("0123456789")
    return (1 if stem else 0, stem, int(part[len(stem) :] or -1))


def valid_name(path):
    """Only characters that every file system allows, and no way out of the directory."""
    if not isinstance(path, str) or not 0 < len(path) <= _PATH_MAX:
        return False
    for c in path:
        if c not in _PATH_CHARS:
            return False
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return False
    return True


def allowed(path):
    """True where a release may write to this absolute path, on FAT as well.

    There ETC/SHADOW and etc/shadow. are etc/shadow, too, and HOSTS~1.CON may be hosts.conf.
    """
    name = path[1:]
    if path[:1] != "/" or not valid_name(name) or "./" in name + "/" or "~" in name:
        return False
    small = name.lower()
    for own in _OWN:
        if small == own or small.startswith(own + "/"):
            return False
    if name in ROOT_FILES:
        return True
    for place in _PLACES:
        if name.startswith(place):
            return not small.endswith(".new")
    return False


def head(path):
    """The Head of the manifest in a file; Failure if it is not a manifest."""
    with open(path, "rb") as file:
        line = file.readline(LINE_MAX).rstrip()
    if not line.endswith(b"["):
        raise Failure("manifest", "not a manifest")
    try:
        return Head(json.loads(line + b"]}"))
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise Failure("manifest", str(e) if isinstance(e, ValueError) and e.args else "not a manifest")


def entries(path, sha_size=64):
    """The entries of a manifest in a file, as dicts, sorted by path; Failure for an invalid one."""
    before = ""
    with open(path, "rb") as file:
        file.readline(LINE_MAX)
        while True:
            line = file.readline(LINE_MAX).rstrip()
            if line == b"]}":
                return
            if not line:
                raise Failure("manifest", "truncated")
            if line.endswith(b","):
                line = line[:-1]
            try:
                entry = json.loads(line)
                name = entry["path"]
                sha = entry["sha256"]
                good = isinstance(name, str) and name > before and isinstance(sha, str) and len(sha) == sha_size
                for key in ("size", "at"):
                    good = good and isinstance(entry[key], int) and 0 <= entry[key] <= _FILE_MAX
            except (ValueError, KeyError, TypeError):
                good = False
            if not good:
                raise Failure("manifest", "not a manifest after " + before if before else "not a manifest")
            before = name
            yield entry


def check(path, sha_size=64):
    """The Head of a manifest in a file whose entries are all valid; Failure otherwise."""
    if os.stat(path)[6] > SIZE_MAX:
        raise Failure("manifest", f"longer than {SIZE_MAX} bytes")
    found = head(path)
    for entry in entries(path, sha_size):
        if not allowed(entry["path"]):
            raise Failure("manifest", entry["path"] + ": path not allowed in a release")
    return found
