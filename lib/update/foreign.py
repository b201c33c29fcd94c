# Convert upyOS's list of files, /etc/upgrade.inf, to a manifest: to bring programs along from upyOS.
#
# Its lines are path,size,SHA-1, between #upyOS,VERSION,DATE and #files,COUNT; the files lie beside it, one by one. Nobody signs
# that, and its kernel is not ours: only programs and libraries that this system lacks are taken.

import json

from micropython import const

from base.errors import Failure
from base.paths import exists
from repository import manifest

NAME = "etc/upgrade.inf"
SIZE_MAX = const(65536)  # bytes
SHA = const(40)  # characters of a SHA-1
_FILES_MAX = const(512)
_LINE_MAX = const(256)
_PLACES = ("/bin/", "/libx/", "/opt/")


def convert(path, target):
    """Write the manifest for what the list in the file path names; returns its version."""
    version = None
    places = []  # (path on the board, where its line is)
    count = 0
    ended = False
    with open(path, "rb") as file:
        while True:
            at = file.tell()
            line = file.readline(_LINE_MAX)
            if not line:
                break
            words = text(line).split(",")
            if words[0] == "#upyOS" and len(words) > 1 and not version:
                version = words[1][:20]
            elif words[0] == "#files" and len(words) > 1:
                ended = words[1] == str(count)
            elif version and words[0][:1] != "#" and len(words) > 2:
                count += 1
                name = "/" + words[0].lstrip("/")
                if count > _FILES_MAX:
                    raise Failure(NAME, f"more than {_FILES_MAX} files")
                if name.startswith(_PLACES) and manifest.allowed(name) and missing(name):
                    places.append((name, at))
            elif line.strip():
                raise Failure(NAME, "not a list of files")
        if not version or not ended:
            raise Failure(NAME, "truncated" if version else "not a list of files")
        places.sort()
        with open(target, "w") as out:
            write(out, file, places)
    return version


def text(line):
    try:
        return line.decode().strip()
    except UnicodeError:
        raise Failure(NAME, "not a list of files")


def missing(name):
    """True where this system has no such program or library, in any of the ways that it can be there."""
    stem = name.rpartition(".")[0] or name
    return not any([exists(top + stem + end) for top in ("", "/rom") for end in (".py", ".mpy", "")] + [exists(name)])


def write(out, file, places):
    """The manifest; the lines of the list are read again at their places."""
    head = {"format": 1, "name": "diatom", "version": "0.0.0", "minimum": "0.0.0", "kind": "source", "bundle": "none"}
    out.write(json.dumps(head)[:-1] + ', "files": [\n')
    last = ""
    for name, at in places:
        if name == last:
            continue
        file.seek(at)
        words = text(file.readline(_LINE_MAX)).split(",")
        if not words[1].isdigit() or len(words[2]) != SHA:
            raise Failure(NAME, words[0] + ": no size and SHA-1")
        entry = {"path": name, "size": int(words[1]), "sha256": words[2].lower(), "at": 0}
        out.write((",\n" if last else "") + json.dumps(entry))
        last = name
    out.write("\n]}\n" if last else "]}\n")
