# mount - use a file system
# usage: mount
#        mount [-rf] [-t TYPE] [-o NAME=VALUE,...] WHAT DIRECTORY
#
# Without operands: what is mounted. WHAT is
#   ram   a disk in memory: -o size=64k (32k)     sd   a card: -o slot=2,sck=18,mosi=23,miso=19,cs=5 as its pins are
#   a partition of an ESP32's flash, by its label      an image file
#   -t TYPE  fat, littlefs2 or romfs (found out, where there is one)      -r  for reading only
#   -f  make a new, empty file system on it first: all that was on WHAT is lost
# After a restart it is not mounted any more: put the command into /local/init.sh. umount ends it.

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
        raise Usage("needs WHAT and a DIRECTORY")
    import vfs

    settings = {}
    for pair in (opts["o"] or "").split(","):
        name, _, value = pair.partition("=")
        settings[name] = value
    readonly = "r" in opts or "ro" in settings
    directory = normal(words[1], proc.cwd)
    if directory == "/":
        raise Failure("/", "the root stays where it is")
    if any(point == directory for _, point in vfs.mount()):
        raise Failure(directory, "is a mount point already")
    if not isdir(directory[: directory.rfind("/")] or "/"):
        raise Failure(directory, "its parent is no directory")
    made = volumes.volume(words[0], normal(words[0], proc.cwd), opts["t"], settings, readonly, "f" in opts)
    vfs.mount(made, directory, readonly=readonly)
    if not isdir(directory):
        vfs.umount(directory)
        raise Failure(words[0], "cannot be read")
    return 0


def show():
    """What is mounted: from /proc/mounts."""
    from kernel import procfs

    for line in procfs.mounts().split("\n")[:-1]:
        device, point, kind, mode = line.split()[:4]
        proc.stdout.write(f"{device} on {point} type {kind} ({mode})\n")
