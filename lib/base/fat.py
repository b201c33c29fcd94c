# FAT as programs expect a file system: its own root is "." there, too.
#
# FatFs knows no entry "." in the root of a volume, nor a name that ends with a slash (MicroPython 1.29: os.stat() says
# EINVAL): whoever is at /sd could not list it. (A subclass of vfs.VfsFat ends in a segmentation fault in os.ilistdir.)

from micropython import const

from base.paths import normal

_EINVAL = const(22)
_METHODS = ("mount", "umount", "open", "ilistdir", "mkdir", "rmdir", "chdir", "getcwd", "remove", "rename", "statvfs")


class VfsFat:
    """Stands in front of a vfs.VfsFat."""

    def __init__(self, volume):
        self.found = volume.stat
        self.where = volume.getcwd
        for name in _METHODS:
            setattr(self, name, getattr(volume, name))

    def stat(self, path):
        try:
            return self.found(path)
        except OSError as e:
            if e.errno != _EINVAL:
                raise
            return self.found(normal(path, self.where()))
