"""diatom install: packages of this tree (opt/), and drivers of others by name, version and hash from tools/libraries.lock."""

import posixpath

from remote import address, bundle
from remote.board import digest
from remote.errors import RemoteError
from simulator import compiled, libraries, packages
from simulator.environment import ROOT

EPILOG = """\
Without NAME a table of what there is. The board's `pkg` lists and removes packages of the system. What is in MicroPython itself
(dht, ds18x20, neopixel, framebuf ...) is on the board already. A module that is not listed: `mip install NAME` on the board.
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument("names", nargs="*", metavar="NAME", help="a package or a driver of the table")
    parser.add_argument("-n", "--dry-run", action="store_true", help="only say what would be done")


def run(options, out):
    drivers = libraries.optional()
    if not options.names:
        return table(drivers, out)
    known = [*packages.names(), *drivers]
    for name in options.names:
        if name not in known:
            raise RemoteError("%s: no such package (%s)" % (name, ", ".join(known)))
    options.names = [other for name in options.names for other in with_needed(name, drivers)]
    written, same = [], []
    with address.connect(options, out) as board:
        can_load = str(board.facts().get("mpy", 0) & 0xFF) == bundle.MPY_VERSION and compiled.has_compiler()
        for place, data in contents(options.names, drivers, can_load):
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


def with_needed(name, drivers):
    """A name behind those that come along with it."""
    return [*drivers[name].needs, name] if name in drivers else [name]


def table(drivers, out):
    """Say what there is."""
    version = bundle.version(ROOT)
    rows = [(name, version, packages.about(name)["about"], "package of Diatom") for name in packages.names()]
    rows += [(name, library.version, library.about, library.name) for name, library in drivers.items()]
    out.result([dict(zip(("name", "version", "about", "package"), row, strict=True)) for row in rows])
    for row in rows:
        out.say("%-14s %-8s %-36s %s" % row)
    return 0


def contents(names, drivers, can_load):
    """[(path on the board, bytes)]; can_load: the board can load compiled modules."""
    chosen = [name for name in names if name not in drivers]
    found = packages.installed(chosen, bundle.version(ROOT), ROOT, can_load)
    for name in names:
        if name in drivers:
            try:
                files = libraries.fetched(drivers[name])
            except libraries.LibraryError as e:
                raise RemoteError("%s: %s" % (name, e)) from None
            found += compiled.compile_files(files) if can_load else files
    entries = []
    for path, name in found:
        with open(path, "rb") as file:
            entries.append(("/" + name, file.read()))
    return entries
