"""tools/diatom keygen: a new key for releases."""

import os

from release import keys
from remote.errors import RemoteError
from simulator.environment import ROOT

PUBLIC = os.path.join(ROOT, "etc", "release.pub")
HEAD = "# The keys that a release may be signed with, one a line: the modulus of an RSA-2048 key (docs/updates.md).\n"


def arguments(parser, verb):
    """The words of the verb."""
    parser.add_argument("private", metavar="FILE", help="where the private key goes; keep it off the repository")
    parser.add_argument(
        "--public", default=PUBLIC, metavar="FILE", help="the list of public keys (default: etc/release.pub)"
    )
    parser.add_argument(
        "--add", action="store_true", help="keep the keys that the list has: for the change to a new key"
    )


def run(options, out):
    """Make the pair."""
    if os.path.realpath(options.private).startswith(os.path.join(os.path.realpath(ROOT), "")):
        raise RemoteError("%s: a private key does not belong into the tree" % options.private)
    key = keys.generate()
    keys.save(key, options.private)
    kept = ""
    if options.add and os.path.exists(options.public):
        with open(options.public, encoding="ascii") as file:
            kept = "".join(line for line in file if not line.startswith("#"))
    with open(options.public + "~", "w", encoding="ascii") as file:
        file.write(HEAD + kept + keys.public_line(key) + "\n")
    os.replace(file.name, options.public)
    shown = keys.shown(keys.public_line(key))
    out.say("the key %s" % shown)
    out.say("%s signs releases: keep a copy in a safe place, and off the repository" % options.private)
    out.say("%s is how boards know them: commit it, and deploy" % options.public)
    out.result({"key": shown, "private": options.private, "public": options.public})
    return 0
