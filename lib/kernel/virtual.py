# Virtual file systems: the common part of /proc and /dev (kernel.procfs, kernel.devfs).
#
# A file system has find(parts) -> None, the names in a directory as a tuple or list (one that ends with a slash is surely
# a directory), or an object with open(mode) and the attribute `kind`, the bits of stat for a file of its sort. The object
# that is mounted is kernel.Lazy: it keeps the working directory, and asks for a Tree each time.

import io

from base.paths import normal

_DIRECTORY = 0x4000
_FILE = 0x8000
_ENOENT = 2
_EACCES = 13
_ENOTDIR = 20
_EISDIR = 21
_EROFS = 30


class Tree:
    """The methods that MicroPython calls on a file system, on top of find()."""

    def __init__(self, find, lazy):
        self.find = find
        self.lazy = lazy

    def look_up(self, path):
        """The node at path; OSError if there is none."""
        found = self.find([part for part in normal(path, self.lazy.cwd).split("/") if part])
        if found is None:
            raise OSError(_ENOENT)
        return found

    def chdir(self, path):
        if not isinstance(self.look_up(path), (tuple, list)):
            raise OSError(_ENOTDIR)
        self.lazy.cwd = normal(path, self.lazy.cwd)

    def getcwd(self):
        return self.lazy.cwd

    def stat(self, path):
        found = self.look_up(path)
        kind = _DIRECTORY if isinstance(found, (tuple, list)) else found.kind
        return (kind, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    def statvfs(self, path):
        return (1024, 1024, 0, 0, 0, 0, 0, 0, 0, 255)

    def ilistdir(self, path):
        found = self.look_up(path)
        if not isinstance(found, (tuple, list)):
            raise OSError(_ENOTDIR)
        base = normal(path, self.lazy.cwd)
        for name in found:
            if name[-1] == "/":
                yield name[:-1], _DIRECTORY, 0, 0
                continue
            try:
                kind = self.stat(base + "/" + name)[0]
            except OSError:  # a process that has just ended
                continue
            yield name, kind, 0, 0

    def open(self, path, mode):
        try:
            found = self.look_up(path)
        except OSError:
            raise OSError(_EROFS if "w" in mode or "a" in mode else _ENOENT)
        if isinstance(found, (tuple, list)):
            raise OSError(_EISDIR)
        return found.open(mode)

    def mkdir(self, path):
        raise OSError(_EROFS)

    remove = rmdir = mkdir

    def rename(self, old, new):
        raise OSError(_EROFS)

    def umount(self):
        """Do nothing: there is nothing to write back."""


class Report:
    """A file whose content a function makes when it is opened."""

    kind = _FILE

    def __init__(self, make, *args):
        self.make = make
        self.args = args

    def open(self, mode):
        if "w" in mode or "a" in mode or "+" in mode:
            raise OSError(_EACCES)
        text = self.make(*self.args)
        return io.BytesIO(text.encode()) if "b" in mode else io.StringIO(text)
