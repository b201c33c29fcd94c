"""Write an image to a chip: with esptool over a serial port, or onto the USB drive of a Pico."""

import glob
import os
import re
import shlex
import shutil
import subprocess
import time

from remote import address, backup, espressif
from remote.errors import RemoteError, Unreachable

DRIVES = ("/media/*/*", "/media/*", "/run/media/*/*", "/mnt/*", "/Volumes/*")
INFO = "INFO_UF2.TXT"  # on such a drive; Model: and Board-ID: lines say what the chip is
COME = 20  # seconds for the drive to come after the chip has been asked for it
GO = 60  # seconds for it to go once it has everything


def write(found, options, out):
    """Write the image of a firmware.Firmware; returns {"done": what was done, "saved": archive of the files or None}."""
    return (by_drive if found.offset is None else by_esptool)(found, options, out)


def save_files(options, out):
    """Back up the files of the board at the port; return the path of the archive, or None if no board answers."""
    if options.no_backup:
        return None
    try:
        board = address.open_board(options.board or serial_port())
    except Unreachable as e:
        out.warn("no board answers, so its files are not saved: what it has is lost (%s)" % e)
        return None
    with board:
        try:
            board.facts()
        except Unreachable as e:
            out.warn("the board does not answer, so its files are not saved: what it has is lost (%s)" % e)
            return None
        path, files, _ = backup.store(board, None, ["/"], out)
    out.say("%s: %d files of the board (`diatom restore` brings them back)" % (path, len(files)))
    return path


def serial_port():
    """The serial port of the only board; Unreachable where there is none."""
    try:
        return address.only_port()
    except RemoteError as e:
        raise Unreachable(str(e)) from None


def by_esptool(found, options, out):
    """Write an image over the serial port."""
    port = options.board or (address.only_port() if not options.dry_run else "PORT")
    saved = None if options.dry_run else save_files(options, out)
    commands = espressif.commands(found, port, options.erase, options.baud)
    done = [shlex.join(["esptool", *command[command.index("esptool") + 1 :]]) for command in commands]
    for command, shown in zip(commands, done, strict=True):
        out.say(("would run: " if options.dry_run else "") + shown)
        if not options.dry_run:
            result = subprocess.run(command, stdout=subprocess.DEVNULL if out.json else None)
            if result.returncode:
                raise RemoteError(
                    "esptool ends with status %d (many boards want their BOOT button held until it has connected)"
                    % result.returncode
                )
    return {"done": done, "saved": saved}


# --- Picos


def by_drive(found, options, out):
    """Copy a UF2 file onto the drive of a chip."""
    if options.erase:
        raise RemoteError("--erase: a Pico is erased by Raspberry Pi's flash_nuke.uf2 (diatom flash flash_nuke.uf2)")
    drive, saved = options.drive or find_drive(found.chip), None
    if drive and not options.no_backup:
        out.remark("a Pico that is a drive does not show its files: what it has is lost")
    if drive is None and not options.dry_run:
        saved = save_files(options, out)
        ask_for_drive(options, out)
        end = time.monotonic() + COME
        while drive is None and time.monotonic() < end:
            time.sleep(0.2)
            drive = find_drive(found.chip)
    if drive is None:
        if options.dry_run:
            out.say("would copy it to the drive of a %s; none is there now" % found.chip)
            return {"done": [], "saved": None}
        raise RemoteError("no drive of a %s is mounted: hold BOOTSEL while you plug it in (--drive DIR)" % found.chip)
    chip = chip_of(drive)
    if chip != found.chip:
        raise RemoteError("%s: the drive is that of a %s, the firmware is for %s" % (drive, chip or "?", found.chip))
    target = os.path.join(drive, os.path.basename(found.path))
    out.say(("would copy it to " if options.dry_run else "copying it to ") + drive)
    if not options.dry_run:
        copy(found.path, target)
        wait_until_gone(drive, out)
    return {"done": [target], "saved": saved}


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
