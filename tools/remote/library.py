"""diatom library: drivers of others for a board, by name, version and hash from tools/libraries.lock."""

import posixpath

from remote import address, bundle
from remote.board import digest
from remote.errors import RemoteError
from simulator import compiled, libraries

EPILOG = """\
Without NAME a table of what there is. What is in MicroPython itself (dht, ds18x20, neopixel, framebuf ...) and what the system
brings is on the board already. A module that is not listed: `mip install NAME` on the board.
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument("names", nargs="*", metavar="NAME", help="a library of the table")
    parser.add_argument("-n", "--dry-run", action="store_true", help="only say what would be done")


def run(options, out):
    known = libraries.optional()
    if not options.names:
        out.result([{"name": name, "package": lib.name, "version": lib.version} for name, lib in known.items()])
        for name, library in known.items():
            out.say("%-10s %-8s %-22s %s" % (name, library.version, library.about, library.name))
        return 0
    for name in options.names:
        if name not in known:
            raise RemoteError("%s: no such library (%s)" % (name, ", ".join(known)))
    files = []
    for name in options.names:
        try:
            files += libraries.fetched(known[name])
        except libraries.LibraryError as e:
            raise RemoteError("%s: %s" % (name, e)) from None
    written, same = [], []
    with address.connect(options, out) as board:
        if str(board.facts().get("mpy", 0) & 0xFF) == bundle.MPY_VERSION and compiled.has_compiler():
            files = compiled.compile_files(files)
        for path, name in files:
            with open(path, "rb") as file:
                data = file.read()
            place = "/" + name
            if board.hashes([place]).get(place) == digest(data):
                same.append(place)
                continue
            written.append(place)
            if not options.dry_run:
                board.make_directories(posixpath.dirname(place))
                board.write(place, data)
            out.say("%s  %s" % ("write" if options.dry_run else "wrote", place))
    out.result({"written": written, "same": same, "dry_run": options.dry_run})
    return 0
