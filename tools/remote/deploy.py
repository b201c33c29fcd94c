"""diatom deploy: install the system, or its changes, on a board."""

import posixpath

from remote import address, bundle, features, plan, profiles, rom
from remote.board import digest, temporary
from remote.errors import RemoteError
from remote.output import size
from simulator import compiled, identity
from simulator.environment import ROOT

SPARE = 16 * 1024  # bytes of flash that stay free
BEFORE = "/local/before-diatom"  # where the main.py of a board without Diatom goes

EPILOG = """\
Only files that differ are sent, by the SHA-256 that the board computes of what it has; so a deployment that was cut
short goes on where it stopped. What has been sent is read back. /local, /home, passwords and files of /etc that the owner
has changed stay; a new default of such a file goes beside it as FILE.new.

--as   source  as it is here; what is easiest to change on the board
       mpy     compiled: starts faster, takes half the flash
       packed  compiled and squeezed into 8 files: takes a quarter of the flash, starts as mpy does
       romfs   lib and bin in the ROMFS partition, executed in place: takes the least memory
       frozen  only the rest: lib and bin are in the firmware (manifest.py)
       auto    the first that is possible of frozen (where the firmware holds this very system), romfs (where the board
               has a partition for it), mpy, packed (default)
--profile  that of the system on the board (default; full on a new one)
       full     everything
       small    no web, no cameras
       minimal  the shell, telnet, updates and the commonest programs: half as many files
"""


def arguments(parser, verb):
    parser.epilog = EPILOG
    parser.add_argument(
        "--as", dest="kind", choices=("auto", *bundle.KINDS), default="auto", metavar="KIND", help="see below"
    )
    parser.add_argument("--profile", choices=profiles.NAMES, metavar="NAME", help="see below")
    parser.add_argument("--minimal", action="store_const", const="minimal", dest="profile", help="--profile minimal")
    parser.add_argument("--debug", action="store_true", help="compile with the names and line numbers of the sources")
    parser.add_argument("--tree", default=ROOT, metavar="DIR", help="take the system from there")
    parser.add_argument("-n", "--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--no-reset", action="store_true", help="leave the board running as it is")


def run(options, out):
    with address.connect(options, out) as board:
        facts = board.facts()
        known, profile = plan.read_installed(board)
        options.profile = options.profile or profile or "full"
        if options.kind == "auto" and is_frozen(board, options.tree):
            options.kind = "frozen"
        kind, image = choose(options, facts, known)
        items, there, todo, lack = prepare(board, options, kind, known, out)
        if lack and kind == "mpy" and options.kind == "auto":
            kind = "packed"
            items, there, todo, lack = prepare(board, options, kind, known, out)
        if lack:
            raise RemoteError(lack)
        if options.dry_run:
            return tell(out, kind, todo, True, image)
        if "diatom" not in facts and not known and "/main.py" in there:
            rescue(board, out)
        manifest = bundle.manifest(items, options.tree, kind, options.profile, image)
        image = image if image and rom.hash_of(board, len(image)) != digest(image) else None
        send(board, todo, out)
        verify(board, todo, out)
        if todo.write or todo.remove or not known or digest(manifest) != hash_of(board, plan.MANIFEST):
            board.make_directories(posixpath.dirname(plan.MANIFEST))
            board.write(plan.MANIFEST, manifest)
        if image:
            out.remark("the board restarts with the new ROMFS image")
            rom.write(board, image, out)
        link = getattr(board, "link", None)
        tell(out, kind, todo, False, image, link.serial.carried if link else None)
        if not image and (todo.write or todo.remove) and not options.no_reset:
            reset(board, out)
    return 0


def prepare(board, options, kind, known, out):
    """([Item], {path: size} of what is there, the Plan, what is lacking in words or None) for a kind."""
    items = bundle.items(options.tree, kind, options.profile, options.debug)
    there = plan.files_below(board, ["/" + item.path for item in items] + ["/lib/", "/bin/", "/libx/"])
    todo = plan.make(board, items, known, there, out)
    if kind in ("packed", *bundle.ELSEWHERE):
        add_shadows(todo, there, items, bundle.items(options.tree, "mpy", options.profile))
    return items, there, todo, lacking(board, todo, there, kind, options.profile)


def is_frozen(board, tree):
    """Whether the firmware holds this very system: then files beside it would not be used."""
    found = features.frozen(board)
    return bool(found and found.programs and found.identity == identity.of(tree))


def choose(options, facts, known):
    """(kind, ROMFS image or None): how the system goes onto a board."""
    kind = options.kind
    room = (facts.get("romfs") or [0])[0]
    image = None
    if kind == "romfs" and not room:
        raise RemoteError("this board has no ROMFS partition, or the way to it cannot write one (--as mpy)")
    if kind != "source":
        bundle.check_mpy(facts)
    if kind == "romfs" or (kind == "auto" and room):
        image = bundle.rom_image(options.tree, options.profile, options.debug)
    if kind == "romfs" and len(image) > room:
        raise RemoteError(
            "the ROMFS image has %s, the board's partition %s (--as mpy)" % (size(len(image)), size(room))
        )
    if kind == "auto":
        kind = "romfs" if image and len(image) <= room else "packed" if bundle.PACK in known else "mpy"
    return kind, image if kind == "romfs" else None


def add_shadows(todo, there, items, every):
    """With lib and bin in the ROM or in packs, the same files go from the flash: they may be of another version."""
    wanted = {"/" + item.path for item in items}
    stems = {posixpath.splitext("/" + item.path)[0] for item in every if item.path.startswith(compiled.ROM_PARTS)}
    for path in there:
        stem, ending = posixpath.splitext(path)
        if stem in stems and ending in (".py", ".mpy", ".txt") and path not in wanted and path not in todo.remove:
            todo.remove.append(path)


def lacking(board, todo, there, kind, profile):
    """The error message if something cannot fit, before anything has changed; else None."""
    total, free = board.space("/")
    twice = max(
        [len(write.data) for write in todo.write if write.path in there], default=0
    )  # written beside the old one
    gone = [write.twin for write in todo.write if write.twin] + todo.remove
    gone += [write.path for write in todo.write if write.path in there]
    freed = sum(-(-there[path] // plan.BLOCK) * plan.BLOCK for path in gone)
    directories = {posixpath.dirname(write.path) for write in todo.write} - {posixpath.dirname(path) for path in there}
    need = todo.blocks() + 2 * plan.BLOCK * len(directories) - freed + twice + SPARE
    if need <= free:
        return None
    smaller = [] if kind == "packed" else ["--as packed"]
    smaller += ["--profile " + name for name in profiles.NAMES[profiles.NAMES.index(profile) + 1 :]]
    text = "as %s with --profile %s the system needs %s more, and the board has %s free of %s"
    text = text % (kind, profile, size(max(need, 0)), size(free), size(total))
    return text + (" (smaller: %s)" % ", ".join(smaller) if smaller else "")


def rescue(board, out):
    """On a board without Diatom, main.py belongs to its owner: save it."""
    board.make_directories(BEFORE)
    for name in ("main.py", "boot.py"):
        if board.find("/" + name):
            board.write(posixpath.join(BEFORE, name), board.read_all("/" + name))
    out.remark("the board's own main.py is now in %s" % BEFORE)


def send(board, todo, out):
    """Write and remove."""
    made = {"/"}
    with out.bar("deploy", todo.bytes()) as bar:
        for write in todo.write:
            bar.name(write.path)
            directory = posixpath.dirname(write.path)
            if directory not in made:
                board.make_directories(directory)
                made.add(directory)
            put(board, write, bar.advance)
            if write.twin:
                board.remove(write.twin)
        for path in todo.remove:
            board.remove(path)
    empty = {posixpath.dirname(path) for path in todo.remove} - {"/", "/bin", "/etc", "/lib"}
    for directory in sorted(empty, reverse=True):
        if not board.list(directory):
            board.rmdir(directory)


def put(board, write, advance):
    """Write a file. One that no service of the network may change is written beside its place, and the shell moves it."""
    try:
        board.write(write.path, write.data, advance)
    except PermissionError:
        if write.path not in plan.LAST:
            raise
        beside = temporary(write.path)
        board.write(beside, write.data)
        status, said = board.shell('python -c \'import os; os.rename("%s", "%s")\'' % (beside, write.path))
        if status:
            raise RemoteError("%s: %s" % (write.path, said.decode(errors="replace").strip())) from None


def verify(board, todo, out):
    """Verify that the board reads back what was written."""
    with out.bar("verify", len(todo.write)) as bar:
        found = board.hashes([write.path for write in todo.write], bar.advance)
    wrong = [write.path for write in todo.write if found.get(write.path) != digest(write.data)]
    if wrong:
        raise RemoteError("the board reads back something else: %s" % ", ".join(wrong))


def hash_of(board, path):
    return board.hashes([path]).get(path)


def tell(out, kind, todo, dry, image, carried=0):
    """What has been done, or would be."""
    written = [write.path for write in todo.write]
    removed = [write.twin for write in todo.write if write.twin] + todo.remove
    out.result(
        {
            "as": kind,
            "rom": bool(image),
            "bytes": todo.bytes(),
            "carried": carried,
            "written": written,
            "removed": removed,
            "kept": todo.kept,
            "same": todo.same,
        }
    )
    if dry:
        for path in written:
            out.say("write   " + path)
        for path in removed:
            out.say("remove  " + path)
    for path in todo.kept:
        out.say("kept    %s%s" % (path, " (the new default is in %s.new)" % path if path + ".new" in written else ""))
    word = "would be sent" if dry else "sent"
    out.say(
        "%s: %d files (%s) %s, %d removed, %d same"
        % (kind, len(written), size(todo.bytes()), word, len(removed), todo.same)
    )
    return 0


def reset(board, out):
    """Start what has been deployed."""
    out.remark("the board restarts")
    link = getattr(board, "link", None)
    if link is None:
        board.restart()
    else:
        link.enter()
        link.exec_raw_no_follow("import machine\nmachine.reset()\n")
        link.in_raw_repl = False
        board.epoch = None
