# FAT with what programs expect of a file system: "." is an entry of its root, too.
#
# FatFs has no entry "." in the root of a volume and rejects a name with a trailing slash (MicroPython 1.29: os.stat()
# raises EINVAL), so a shell in /sd could not list it. (A subclass of vfs.VfsFat crashes in os.ilistdir.)
#
# The garbage collector closes a file that is not closed, at a moment when the driver of a card cannot run, since that
# needs memory: unwritten data would be lost, with a traceback. So files for writing are referenced here until they are
# closed, by umount at the latest.

from micropython import const

from base.paths import normal

_EINVAL = const(22)
_METHODS = ("mount", "ilistdir", "mkdir", "rmdir", "chdir", "getcwd", "remove", "rename", "statvfs")


class VfsFat:
    """Stands in front of a vfs.VfsFat."""

    def __init__(self, volume, block):
        self.volume = volume
        self.block = block
        self.found = volume.stat
        self.where = volume.getcwd
        self.held = []
        for name in _METHODS:
            setattr(self, name, getattr(volume, name))

    def open(self, path, mode="r"):
        file = self.volume.open(path, mode)
        if self.held:
            self.held = [one for one in self.held if not _closed(one)]
        if "r" not in mode or "+" in mode:
            self.held.append(file)
        return file

    def umount(self):
        """End; OSError where a file could not be written to its end: that is lost."""
        lost = None
        for file in self.held:
            try:
                file.close()
            except OSError as e:
                lost = e
        if lost and hasattr(self.block, "gone"):  # the collector, which tries it again, shall succeed
            self.block.gone = True
            for file in self.held:
                file.close()
        self.volume.umount()
        if lost:
            raise lost

    def stat(self, path):
        try:
            return self.found(path)
        except OSError as e:
            if e.errno != _EINVAL:
                raise
            return self.found(normal(path, self.where()))


def _closed(file):
    try:
        file.seek(0, 1)
    except OSError as e:
        return e.errno == _EINVAL  # what cannot be written, and is open, says EIO
    return False
