"""tools/diatom release: all artefacts of a release in one directory."""

import hashlib
import os

from release import bundle, contents, keys
from remote.errors import RemoteError
from simulator import compiled, flash
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
    parser.add_argument("--kind", action="append", choices=contents.KINDS, help="only these bundles (may be repeated)")
    parser.add_argument("--no-romfs", action="store_true", help="no ROMFS image")
    parser.add_argument("--key", metavar="FILE", help="sign with this private key (default: $%s)" % keys.VARIABLE)
    parser.add_argument("--unsigned", action="store_true", help="do not sign; no board takes it over the network")


def run(options, out):
    """Make them."""
    key = None if options.unsigned else keys.load(options.key)
    version = contents.version(options.tree)
    if key:
        check_keys(os.path.join(options.tree, "etc", "release.pub"), keys.public_line(key), out)
    files = artefacts(options.tree, version, contents.checked(options.minimum), options.kind or contents.KINDS)
    if not options.no_romfs:
        files["diatom-%s.romfs" % version] = romfs(options.tree)
    for name in [name for name in files if name.startswith("manifest-") and key]:
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
    try:
        with open(path, encoding="ascii") as file:
            known = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    except FileNotFoundError:
        known = []
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
        files[names[0]] = bundle.manifest(items, offsets, version, minimum, kind)
        files[names[1]] = data
    return files


def romfs(tree):
    """The image with lib and bin, compiled."""
    tops = [(os.path.join(tree, part), part + "/") for part in flash.COMPILED]
    with open(compiled.kept_romfs("release", tops, [(compiled.heads_file(tree), "lib/heads.txt")]), "rb") as file:
        return file.read()
