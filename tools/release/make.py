"""tools/diatom release: all artefacts of a release in one directory."""

import hashlib
import os

from release import bundle, contents, images, keys, packages
from remote.bundle import rom_image
from remote.errors import RemoteError
from simulator import identity
from simulator.environment import ROOT

SUMS = "SHA256SUMS"
PUBLIC = "release.pub"  # for boards that trust others so far: `upgrade --trust`


def arguments(parser, verb):
    """The words of the verb."""
    parser.add_argument("directory", metavar="DIR", help="where the artefacts go")
    parser.add_argument("--tree", default=ROOT, metavar="DIR", help="the tree to release (default: this one)")
    parser.add_argument(
        "--minimum", default="0.0.0", metavar="VERSION", help="the oldest version that can go to this one"
    )
    kinds = ", ".join(contents.KINDS)
    parser.add_argument(
        "--kind",
        action="append",
        metavar="KIND",
        choices=contents.KINDS,
        help="only these bundles (may be repeated): " + kinds,
    )
    parser.add_argument("--no-romfs", action="store_true", help="nothing for boards that run from ROMFS")
    parser.add_argument(
        "--image",
        metavar="BOARD[=FIRMWARE]",
        action="append",
        default=[],
        help="an image of firmware and system for this board, or for all (may be repeated)",
    )
    parser.add_argument("--site", metavar="URL", help="where official firmware comes from")
    parser.add_argument("--key", metavar="FILE", help="sign with this private key (default: $%s)" % keys.VARIABLE)
    parser.add_argument("--unsigned", action="store_true", help="do not sign; no board takes it over the network")


def run(options, out):
    """Make them."""
    key = None if options.unsigned else keys.load(options.key)
    version = contents.version(options.tree)
    if key:
        check_keys(os.path.join(options.tree, "etc", "release.pub"), keys.public_line(key), out)
    kinds = [kind for kind in options.kind or contents.KINDS if not (options.no_romfs and kind.startswith("romfs"))]
    files = artefacts(options.tree, version, contents.checked(options.minimum), kinds)
    made = images.make(options.image, options.tree, version, out, options.site)
    files.update(made)
    files.update(packages.artefacts(options.tree, version))
    for name in [name for name in files if (name.startswith("manifest-") or name in (*made, packages.INDEX)) and key]:
        files[name + ".sig"] = keys.sign(key, files[name])
    if key:
        files[PUBLIC] = (keys.public_line(key) + "\n").encode()
    sums = "".join("%s  %s\n" % (hashlib.sha256(files[name]).hexdigest(), name) for name in sorted(files))
    files[SUMS] = sums.encode()
    os.makedirs(options.directory, exist_ok=True)
    for name, data in sorted(files.items()):
        with open(os.path.join(options.directory, name), "wb") as file:
            file.write(data)
        out.say("%9d  %s" % (len(data), name))
    found = {"key": keys.shown(keys.public_line(key))} if key else {}
    if key:
        out.say("signed with the key %s" % found["key"])
    out.result({**found, "version": version, "files": {name: len(data) for name, data in files.items()}})
    return 0


def check_keys(path, own, out):
    """A release must bring a key that the next one can be signed with."""
    known = keys.known(path)
    if not known:
        raise RemoteError("%s: no key: boards could not check another release (diatom keygen makes one)" % path)
    if own not in known:
        out.remark("etc/release.pub has other keys than the one that signs: boards trust those from this release on.")


def artefacts(tree, version, minimum, kinds):
    """Bundles and manifests by their names."""
    files = {}
    for kind in kinds:
        items = contents.read(tree, kind)
        data, offsets = bundle.pack(items)
        names = bundle.names(version, kind)
        rom = None
        if kind.startswith("romfs"):
            image = rom_image(tree, contents.profile_of(kind))
            rom = bundle.rom(image)
            files.update(zip(bundle.image_names(version, kind), (image, bundle.chunks(image)), strict=True))
        files[names[0]] = bundle.manifest(items, offsets, version, minimum, kind, identity.of(tree), image=rom)
        files[names[1]] = data
    return files
