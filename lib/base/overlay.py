# A union of two directories: files in /bin on the flash hide those of /rom/bin and of the firmware.
#
# So /bin lists all programs that can be run; only those on the flash can be written or removed. base.lazyfs mounts it and
# loads this module when /bin is listed; starting a program does not need it (process.find). During development /lib is
# such a union, too (kernel.search_path).

import os

from base import rom
from base.paths import isdir, normal

ROM = "/rom"
FROZEN = "/bin"  # the programs of the firmware are shown here

_DIRECTORY = 0x4000
_FILE = 0x8000
_EACCES = 13
_ENOTDIR = 20
_EROFS = 30


class Overlay:
    """The methods that MicroPython calls on a file system; lazy is what is mounted, and keeps the working directory."""

    def __init__(self, lazy):
        self.lazy = lazy
        self.place = lazy.place
        self.flash = rom.flash()

    def inner(self, path):
        """The requested path, normal and relative to the mount point."""
        if isinstance(path, bytes):
            path = path.decode()
        path = normal(path, self.lazy.cwd)
        return "" if path == "/" else path

    def frozen(self):
        """The files that programs in the firmware are shown as."""
        return [name + ".mpy" for name in rom.programs()] if self.place == FROZEN else ()

    def below(self, path):
        """The stat of an entry in ROM; OSError if there is none."""
        try:
            return os.stat(ROM + self.place + path)
        except OSError:
            if path[1:] in self.frozen():
                return (_FILE, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            raise

    def own(self, path):
        """What the flash has at this path: its stat, or None."""
        try:
            return self.flash.stat(self.place + path)
        except OSError:
            return None

    def stat(self, path):
        path = self.inner(path)
        return self.own(path) or self.below(path)

    def statvfs(self, path):
        return self.flash.statvfs("/")

    def open(self, path, mode):
        path = self.inner(path)
        if self.own(path) or "r" not in mode or "+" in mode:
            self.prepare(path)
            return self.flash.open(self.place + path, mode)
        self.below(path)
        try:
            return open(ROM + self.place + path, mode)
        except OSError as e:  # a module of the firmware has no bytes to read
            raise e if path[1:] not in self.frozen() else OSError(_EACCES)

    def ilistdir(self, path):
        raw = isinstance(path, bytes)
        path = self.inner(path)
        if not self.stat(path or "/")[0] & _DIRECTORY:
            raise OSError(_ENOTDIR)
        place = self.place + path
        seen = set()  # what the flash has: the firmware's 180 names would take 10 kB
        if self.own(path):
            for entry in self.flash.ilistdir(place.encode() if raw else place):
                seen.add(entry[0])
                yield entry
        for name, kind in self.hidden(path):
            name = name.encode() if raw else name
            if name not in seen:
                yield name, kind, 0, 0

    def hidden(self, path):
        """(name, kind) of what is in ROM and in the firmware; a program can be in both."""
        frozen = () if path else self.frozen()
        for name in frozen:
            yield name, _FILE
        place = ROM + self.place + path
        for entry in os.ilistdir(place) if isdir(place) else ():
            if entry[0] not in frozen:
                yield entry[0], entry[1]

    def prepare(self, path):
        """Have the directories in the flash that lead to path."""
        place = self.place
        for part in path.split("/")[1:]:
            if isdir(ROM + place) or place == self.place:
                try:
                    self.flash.mkdir(place)
                except OSError:  # it is there
                    pass
            place += "/" + part

    def change(self, path):
        """The path in the flash of what shall be removed or renamed."""
        path = self.inner(path)
        if not self.own(path):
            self.below(path)
            raise OSError(_EROFS)
        return self.place + path

    def remove(self, path):
        self.flash.remove(self.change(path))

    def rmdir(self, path):
        self.flash.rmdir(self.change(path))

    def rename(self, old, new):
        old = self.change(old)
        new = self.inner(new)
        self.prepare(new)
        self.flash.rename(old, self.place + new)

    def mkdir(self, path):
        path = self.inner(path)
        self.prepare(path)
        self.flash.mkdir(self.place + path)

    def chdir(self, path):
        if not self.stat(path)[0] & _DIRECTORY:
            raise OSError(_ENOTDIR)
        self.lazy.cwd = normal(path, self.lazy.cwd)

    def getcwd(self):
        return self.lazy.cwd

    def umount(self):
        """Nothing has to be written back."""
