"""The packages of a tree as files of a release: their index, packages.json, and what it names (docs/packages.md)."""

import hashlib
import json
import posixpath

from release import bundle
from simulator import packages

INDEX = "packages.json"
LINE_MAX = 4096  # bytes of a line that a board reads


def artefacts(tree, version):
    """{name: bytes} of the index and the files of all packages; nothing where there are none."""
    made, lines = {}, []
    for name in packages.names(tree):
        files = []
        for path, place in packages.files(name, tree):
            with open(path, "rb") as file:
                data = file.read()
            origin = "%s-%s-%s" % (name, version, posixpath.relpath(place).replace("/", "-"))
            made[origin] = data
            files.append([place, origin, len(data), hashlib.sha256(data).hexdigest()])
        entry = {"name": name, "version": version, "system": version, "mpy": bundle.MPY, **packages.about(name, tree)}
        lines.append(json.dumps({**entry, "files": files}))
        assert len(lines[-1]) < LINE_MAX, "%s: too long for the index" % name
    if lines:
        made[INDEX] = ('{"format": 1, "packages": [\n%s\n]}\n' % ",\n".join(lines)).encode()
    return made
