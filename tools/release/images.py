"""The images of a release: firmware and system in one file, for each board."""

import os
import tempfile

from images import filesystem, image
from remote import firmware
from remote.errors import RemoteError


def make(wanted, tree, version, out, site=None):
    """{name: bytes} for [BOARD or BOARD=FIRMWARE]; "all" is every board whose firmware has a known hash."""
    known = firmware.official()
    files = {}
    for word in expanded(wanted, known, out):
        board, _, path = word.partition("=")
        if board not in known:
            raise RemoteError("%s: no board of that name (%s)" % (board, ", ".join(known)))
        if not path and not known[board].hash:
            raise RemoteError("%s: a release takes no firmware without a known hash (--image %s=FILE)" % (board, board))
        found = firmware.inspect(path or firmware.obtain(known[board], out, site))
        if found.chip != known[board].chip:
            raise RemoteError("%s: is for %s, and %s has a %s" % (found.path, found.chip, board, known[board].chip))
        data = image.make(found, filesystem.make(image.space(found), tree=tree))
        name = "diatom-%s-%s%s" % (version, board, os.path.splitext(found.path)[1])
        check(data, name)
        files[name] = data
    return files


def expanded(wanted, known, out):
    """The words, with the boards that "all" stands for."""
    words = [word for word in wanted if word != "all"]
    if "all" in wanted:
        own = {word.partition("=")[0] for word in words}
        without = [name for name, entry in known.items() if not entry.hash and name not in own]
        words += [name for name, entry in known.items() if entry.hash and name not in own]
        if without:
            out.warn("no image for %s: the hash of its firmware is not known" % ", ".join(without))
    return words


def check(data, name):
    """What has been made is read again as any other firmware."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, name)
        with open(path, "wb") as file:
            file.write(data)
        firmware.inspect(path)
