"""diatom flash: MicroPython onto a chip, by esptool or by the drive that a Pico becomes."""

import glob
import os
import re
import shlex
import shutil
import subprocess
import time

from remote import address, espressif, firmware
from remote.errors import RemoteError, Unreachable
from remote.output import size

DRIVES = ("/media/*/*", "/media/*", "/run/media/*/*", "/mnt/*", "/Volumes/*")
INFO = "INFO_UF2.TXT"  # on such a drive; Model: and Board-ID: lines say what the chip is
COME = 20  # seconds for the drive to come after the chip has been asked for it
GO = 20  # seconds for it to go once it has everything

EPILOG = """\
FIRMWARE is a file (.bin for Espressif's chips, .uf2 for the Picos) or one of these, which is downloaded once and checked
against the hash in tools/firmware.lock:

%s

Without it, the chip at the port is asked what it is. A Pico is flashed through the drive that it becomes when BOOTSEL is held
while it is plugged in; one that runs MicroPython is asked to become it.
"""


def arguments(parser, verb):
    table = "\n".join("  %-13s %s" % (entry.name, entry.about) for entry in firmware.official().values())
    parser.epilog = EPILOG % table
    parser.add_argument("firmware", nargs="?", metavar="FIRMWARE")
    parser.add_argument("--sha256", metavar="HASH", help="what the file's SHA-256 must be")
    parser.add_argument("--erase", action="store_true", help="erase the whole flash first; the board's files are lost")
    parser.add_argument(
        "--drive", metavar="DIR", help="where the drive of the Pico is mounted (default: it is looked for)"
    )
    parser.add_argument("--baud", type=int, default=espressif.BAUD, help="speed of esptool (default: %(default)s)")
    parser.add_argument("--site", metavar="URL", help="where official files come from (default: %s)" % firmware.SITE)
    parser.add_argument("-n", "--dry-run", action="store_true", help="check everything and only say what would be done")


def run(options, out):
    name = options.firmware or name_by_chip(options)
    path = name
    if not os.path.exists(path):
        known = firmware.official()
        if name not in known:
            raise RemoteError("%s: no such file, and no board of that name (%s)" % (name, ", ".join(known)))
        path = firmware.obtain(known[name], out, options.site)
    found = firmware.inspect(path)
    if options.sha256 and options.sha256.lower() != found.hash:
        raise RemoteError("%s: its hash is %s, not the wanted one" % (path, found.hash))
    out.say("%s: for %s, %s, SHA-256 %s" % (path, found.chip, size(found.size), found.hash))
    for part in found.parts:
        out.say("  0x%08x  %-12s %s" % (part["address"], part["name"], size(part["size"]) if part["size"] else ""))
    done = (by_drive if found.offset is None else by_esptool)(found, options, out)
    out.result({**found._asdict(), "dry_run": options.dry_run, "done": done})
    return 0


def name_by_chip(options):
    """The name of the official firmware for the chip at the port."""
    port = options.board or address.only_port()
    chip = espressif.detect(port)
    for entry in firmware.official().values():
        if entry.chip == chip:
            return entry.name
    raise RemoteError("%s: %s: which firmware? (diatom flash --help)" % (port, chip))


def by_esptool(found, options, out):
    """Write an image over the serial port; returns the commands."""
    port = options.board or (address.only_port() if not options.dry_run else "PORT")
    commands = espressif.commands(found, port, options.erase, options.baud)
    for command in commands:
        shown = ["esptool", *command[command.index("esptool") + 1 :]]
        out.say(("would run: " if options.dry_run else "") + shlex.join(shown))
        if not options.dry_run:
            result = subprocess.run(command, stdout=subprocess.DEVNULL if out.json else None)
            if result.returncode:
                raise RemoteError(
                    "esptool ends with status %d (many boards want their BOOT button held until it has connected)"
                    % result.returncode
                )
    return [shlex.join(["esptool", *command[command.index("esptool") + 1 :]]) for command in commands]


# --- Picos


def by_drive(found, options, out):
    """Copy a UF2 file onto the drive of a chip; returns what was done."""
    if options.erase:
        raise RemoteError(
            "--erase: a Pico's files stay when it is flashed; its flash_nuke.uf2 erases them (raspberrypi.com)"
        )
    drive = options.drive or find_drive(found.chip)
    if drive is None and not options.dry_run:
        ask_for_drive(options, out)
        end = time.monotonic() + COME
        while drive is None and time.monotonic() < end:
            time.sleep(0.2)
            drive = find_drive(found.chip)
    if drive is None:
        if options.dry_run:
            out.say("would copy it to the drive of a %s; none is there now" % found.chip)
            return []
        raise RemoteError("no drive of a %s is mounted: hold BOOTSEL while you plug it in (--drive DIR)" % found.chip)
    chip = chip_of(drive)
    if chip != found.chip:
        raise RemoteError("%s: the drive is that of a %s, the firmware is for %s" % (drive, chip or "?", found.chip))
    target = os.path.join(drive, os.path.basename(found.path))
    out.say(("would copy it to " if options.dry_run else "copying it to ") + drive)
    if not options.dry_run:
        copy(found.path, target)
        wait_until_gone(drive, out)
    return [target]


def find_drive(chip):
    """Where the drive of such a chip is mounted, or None."""
    for pattern in DRIVES:
        for place in sorted(glob.glob(pattern)):
            if chip_of(place) == chip:
                return place
    return None


def chip_of(place):
    """rp2040 or rp2350 where a place is the drive of one, else None."""
    try:
        with open(os.path.join(place, INFO), encoding="ascii", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    match = re.search(r"(?im)^Board-ID:\s*(RPI-RP2|RP2350)", text)
    return {"RPI-RP2": "rp2040", "RP2350": "rp2350"}[match[1].upper()] if match else None


def ask_for_drive(options, out):
    """A Pico that runs MicroPython becomes a drive when it is told to."""
    try:
        with address.open_board(options.board or address.only_port()) as board:
            board.link.enter()
            out.remark("asking the board to become a drive ...")
            board.link.exec_raw_no_follow("import machine\nmachine.bootloader()\n")
            board.link.in_raw_repl = False
    except (RemoteError, Unreachable, AttributeError) as e:
        out.remark("no board that could be asked to become a drive (%s)" % e)


def copy(source, target):
    with open(source, "rb") as read, open(target, "wb") as write:
        shutil.copyfileobj(read, write)
        write.flush()
        try:
            os.fsync(write.fileno())
        except OSError:
            pass  # the chip restarts with the last block, and the drive is gone before it is closed


def wait_until_gone(drive, out):
    """The drive goes when the chip has everything; that is the sign of success."""
    end = time.monotonic() + GO
    while os.path.exists(os.path.join(drive, INFO)):
        if time.monotonic() > end:
            out.warn("%s is still there: the chip has not taken the file, or this is no chip's drive" % drive)
            return
        time.sleep(0.2)
