# Makes a flash image, or brings it up to date: runs in an interpreter of its own, before the board starts.

import os
import sys

DIRECTORY = 0x4000
ENOSPC = 28  # the exit status where the files do not fit, too
POINT = "/.flash"


def start(config):
    """Format the flash if asked, copy files and directories to it, and report the free space. Never returns."""
    import power
    import sim_flash
    import vfs

    power.connect(config["power"], "", "")
    flash = sim_flash.Flash(*config["flash"])
    status = 1
    try:
        if config["format"]:
            vfs.VfsLfs2.mkfs(flash)
        vfs.mount(vfs.VfsLfs2(flash), POINT)
        for path in config["directories"]:
            _directory(POINT + "/" + path)
        for source, target in config["files"]:
            _copy(source, POINT + "/" + target)
        power.tell("free %d" % _free(len(config["directories"])))
        vfs.umount(POINT)
        status = 0
    except OSError as e:
        if e.errno == ENOSPC:
            status = ENOSPC
        else:
            sys.stderr.write("sim: flash image: %r\n" % e)
    power.off(status)


def _free(directories):
    """Bytes that are free. MicroPython's statvfs() counts the two blocks of each directory but the root twice."""
    about = os.statvfs(POINT)
    return about[0] * ((about[3] + 2 * directories) & 0xFFFFFFFF)


def _directory(path):
    try:
        os.mkdir(path)
    except OSError as e:
        if e.errno != 17:  # it is there already
            raise


def _copy(source, target):
    """Copy a file unless the same content is there already."""
    with open(source, "rb") as file:
        data = file.read()
    try:
        with open(target, "rb") as file:
            if os.stat(target)[6] == len(data) and file.read() == data:
                return
    except OSError:
        pass
    # A compiled file and its source exclude each other, or the import would take the stale one.
    twin = target[:-3] + ".mpy" if target.endswith(".py") else target[:-4] + ".py" if target.endswith(".mpy") else None
    if twin:
        try:
            os.remove(twin)
        except OSError:
            pass
    with open(target, "wb") as file:
        file.write(data)
