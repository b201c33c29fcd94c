# mount - mount a file system
# usage: mount
#        mount [-rf] [-t TYPE] [-o NAME=VALUE,...] WHAT DIRECTORY
#
# Without operands, lists mounted file systems. WHAT is
#   ram   a RAM disk: -o size=64k (32k)      sd   a card (below)
#   a partition of an ESP32's flash, by its label      an image file
#   -t TYPE  fat, littlefs2 or romfs (detected by default)      -r  read-only
#   -f  create a new file system first: all data on WHAT is lost
# A card on an SPI bus: -o spi=0; the pins are those of the board file, or sck=18,mosi=19,miso=16,cs=17; freq=HZ. An ESP32
# uses SDMMC (-o slot=1,width=4), with sck=, cmd= and data=39:40:41:42 if the pins are configurable; its slots 2 and 3 are
# SPI.
# Mounts do not survive a restart: put the command into /local/init.sh. umount unmounts it.

import vfs

from base import volumes
from base.errors import Failure, Usage
from base.paths import isdir, normal
from program import options

proc = None


def __main__(args):
    opts, words = options(args, "rft:o:")
    if not words and not opts.given:
        return show()
    if len(words) != 2:
        raise Usage("expected WHAT and DIRECTORY")
    settings = {}
    for pair in (opts["o"] or "").split(","):
        name, _, value = pair.partition("=")
        settings[name] = value
    readonly = "r" in opts or "ro" in settings
    directory = normal(words[1], proc.cwd)
    if directory == "/":
        raise Failure("/", "cannot mount on /")
    if any(point == directory for _, point in vfs.mount()):
        raise Failure(directory, "already a mount point")
    if not isdir(directory[: directory.rfind("/")] or "/"):
        raise Failure(directory, "parent is not a directory")
    block, name = volumes.device(words[0], normal(words[0], proc.cwd), settings, readonly)
    try:
        made = volumes.volume(block, words[0], opts["t"], "f" in opts)
        volumes.attach(made, directory, block, name, readonly)
    except Failure:
        volumes.release(block)
        raise


def show():
    """Print the mounted file systems, from /proc/mounts."""
    from kernel import procfs  # late: only to list

    for line in procfs.mounts().split("\n")[:-1]:
        device, point, kind, mode = line.split()[:4]
        proc.stdout.write(f"{device} on {point} type {kind} ({mode})\n")
