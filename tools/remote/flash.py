"""diatom flash: MicroPython and Diatom onto a chip in one step."""

import os
import tempfile
import time

from images import filesystem, image, littlefs
from remote import address, boot_loader, bundle, espressif, firmware, info, owner, profiles
from remote.errors import RemoteError, Unreachable
from remote.output import size
from simulator.environment import ROOT

STARTS = 60  # seconds for a board to start with its new image

EPILOG = """\
BOARD is one of these. MicroPython's official firmware for it is downloaded once and checked against the hash in
tools/firmware.lock; with Diatom on a file system it becomes one image, and the board starts with Diatom's prompt:

%s

Without BOARD, the chip at the port is asked what it is. A FILE (such as the image of a release) is written as it is. A Pico is
flashed through the drive that it becomes when BOOTSEL is held while it is plugged in; one that runs MicroPython is asked
to become it. What the board has in its file system is lost: where it answers, its files are saved first.

"""


def arguments(parser, verb):
    table = "\n".join("  %-13s %s" % (entry.name, entry.about) for entry in firmware.official().values())
    parser.epilog = EPILOG % table + owner.EPILOG
    parser.add_argument(
        "target",
        nargs="?",
        metavar="BOARD|FILE",
        help="a board of the table below, or a firmware file (default: asked)",
    )
    parser.add_argument("--firmware", metavar="FILE", help="this firmware instead of the official one")
    parser.add_argument("--bare", action="store_true", help="MicroPython alone, without Diatom")
    parser.add_argument("--image", metavar="FILE", help="only make the image, and write it to FILE")
    parser.add_argument(
        "--as", dest="kind", choices=("auto", *bundle.KINDS), default="auto", metavar="KIND", help="as deploy has it"
    )
    parser.add_argument(
        "--profile", choices=("auto", *profiles.NAMES), default="auto", metavar="NAME", help="as deploy has it"
    )
    parser.add_argument("--tree", default=ROOT, metavar="DIR", help="take the system from there")
    parser.add_argument(
        "--flash-size", type=flash_size, metavar="SIZE", help="of an ESP32, such as 8M (default: asked)"
    )
    parser.add_argument("--sha256", metavar="HASH", help="what the SHA-256 of the firmware or FILE must be")
    parser.add_argument("--erase", action="store_true", help="erase the whole flash first (ESP32)")
    parser.add_argument("--no-backup", action="store_true", help="do not save the board's files first")
    parser.add_argument(
        "--drive", metavar="DIR", help="where the drive of the Pico is mounted (default: it is looked for)"
    )
    parser.add_argument("--baud", type=int, default=espressif.BAUD, help="speed of esptool (default: %(default)s)")
    parser.add_argument("--site", metavar="URL", help="where official files come from (default: %s)" % firmware.SITE)
    parser.add_argument("-n", "--dry-run", action="store_true", help="check everything and only say what would be done")
    owner.arguments(parser)


def flash_size(text):
    """Bytes of a flash: 4M, 8MB."""
    number = text.upper().removesuffix("B").removesuffix("M")
    if not number.isdigit() or not 0 < int(number) <= 128:
        raise ValueError
    return int(number) << 20


def run(options, out):
    found = source(options, out)
    if options.sha256 and options.sha256.lower() != found.hash:
        raise RemoteError("%s: its hash is %s, not the wanted one" % (found.path, found.hash))
    describe(found, out)
    with tempfile.TemporaryDirectory() as place:
        if not (options.bare or is_file(options.target)):
            found, system = make(found, options, out, place)
        if options.image:
            out.result({**found._asdict(), "image": options.image})
            return 0
        check_flash_size(found, options)
        done = boot_loader.write(found, options, out)
    facts = None if options.dry_run or not options.firmware else running(options, out)
    out.result({**found._asdict(), "dry_run": options.dry_run, **done, "board": facts})
    return 0


def running(options, out):
    """The board's description of an unknown firmware, once it runs; None if it does not answer."""
    out.remark("waiting for the board ...")
    end = time.monotonic() + STARTS
    while time.monotonic() < end:
        try:
            with address.open_board(options.board or boot_loader.serial_port()) as board:
                facts = info.gather(board)
        except Unreachable:
            time.sleep(1)
            continue
        info.show(facts, out)
        return facts
    out.warn("the board does not answer; `diatom info` tells later what its firmware has")
    return None


def is_file(target):
    """Whether the operand is a file, and not the name of a board."""
    return target is not None and target not in firmware.official() and os.path.exists(target)


def source(options, out):
    """The Firmware that is asked for: of a board, of --firmware, or what a FILE holds."""
    if is_file(options.target):
        if owner.given(options) or options.firmware or options.image:
            raise RemoteError("%s: is written as it is; --firmware makes an image with it" % options.target)
        found = firmware.inspect(options.target)
        check_signature(options.target, os.path.join(options.tree, "etc", "release.pub"), out)
        return found
    if options.bare and (owner.given(options) or options.image):
        raise RemoteError("--bare: MicroPython alone has nothing of Diatom or of yours in it")
    known = firmware.official()
    if options.target and options.target not in known:
        raise RemoteError("%s: no such file, and no board of that name (%s)" % (options.target, ", ".join(known)))
    if not options.firmware:
        name = options.target or name_by_chip(options)
        return firmware.inspect(firmware.obtain(known[name], out, options.site))
    found = firmware.inspect(options.firmware)
    if options.target and known[options.target].chip != found.chip:
        chip = known[options.target].chip
        raise RemoteError("%s: is for %s, and %s has a %s" % (found.path, found.chip, options.target, chip))
    return found


def check_flash_size(found, options):
    """MicroPython mounts no file system made for another size of flash than the chip's."""
    if options.dry_run or found.offset is None or not found.files or found.files[1] is not None:
        return
    with open(found.path, "rb") as file:
        file.seek(found.files[0] - found.offset)
        size_of_files = littlefs.stated_size(file.read())
    flash = size_of_files and espressif.detect(options.board or address.only_port())[1]
    if flash and found.files[0] + size_of_files != flash:
        sizes = found.path, (found.files[0] + size_of_files) >> 20, flash >> 20
        raise RemoteError("%s: is made for a flash of %d MB, and the chip has %d MB" % sizes)


def check_signature(path, trusted, out):
    """A file with its signature beside it must be signed with one of the trusted keys."""
    if not os.path.exists(path + ".sig"):
        return
    from release import keys

    with open(path, "rb") as file, open(path + ".sig", "rb") as signature:
        data, signed = file.read(), signature.read()
    for line in keys.known(trusted):
        if keys.verify(line, data, signed):
            out.say("signed with the key %s" % keys.shown(line))
            return
    raise RemoteError("%s: the signature beside it is none of a key in %s" % (path, trusted))


def name_by_chip(options):
    """The name of the official firmware for the chip at the port."""
    port = options.board or address.only_port()
    chip = espressif.detect(port)[0]
    for entry in firmware.official().values():
        if entry.chip == chip:
            return entry.name
    raise RemoteError("%s: %s: which firmware? (diatom flash --help)" % (port, chip))


def describe(found, out):
    """Say what a firmware is."""
    version = ", MicroPython %d.%d.%d" % found.version if found.version else ""
    out.say("%s: for %s%s, %s, SHA-256 %s" % (found.path, found.chip, version, size(found.size), found.hash))
    for part in found.parts:
        out.say("  0x%08x  %-12s %s" % (part["address"], part["name"], size(part["size"]) if part["size"] else ""))
    if found.version and found.version < image.OLDEST:
        out.warn(
            "%s: MicroPython %d.%d.%d; Diatom is made for %d.%d and newer" % (found.path, *found.version, *image.OLDEST)
        )


def make(found, options, out, place):
    """(the Firmware of the image, its filesystem.FileSystem): made with Diatom, in --image or below place."""
    if options.wifi and not found.radio:
        raise RemoteError("%s: a firmware without Wi-Fi" % found.path)
    flash = options.flash_size
    if flash and found.offset is None:
        raise RemoteError("--flash-size: the firmware of a Pico says itself where its files are")
    if flash is None and found.offset is not None and found.files[1] is None and not (options.image or options.dry_run):
        flash = espressif.detect(options.board or address.only_port())[1]
    wanted = owner.settings(options, out)
    official = firmware.official().get(options.target)
    if official and official.url:  # one firmware for many boards, whose cameras have other pins
        wanted.board = official.name
    system = filesystem.make(image.space(found, flash), wanted, options.tree, options.kind, options.profile)
    data = image.make(found, system, flash)
    path = options.image or os.path.join(place, "diatom" + (".bin" if found.offset is not None else ".uf2"))
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if system.secret else 0o644), "wb") as file:
        file.write(data)
    done = firmware.inspect(path)
    out.say(
        "Diatom %s as %s, profile %s; %s left for files"
        % (bundle.version(options.tree), system.kind, system.profile, size(system.free))
    )
    out.say(
        "%s: %s, SHA-256 %s%s" % (path, size(done.size), done.hash, "; has passwords in it" if system.secret else "")
    )
    return done, system
