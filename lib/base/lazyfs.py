# Virtual file systems: /proc and /dev, and /bin if the system is in ROM. Their code (kernel.virtual, base.overlay) is
# loaded on first access.
import sys

import vfs


class Lazy:
    """A file system for vfs.mount(). Only its working directory is kept here."""

    def __init__(self, room, place):
        self.room = room  # the module whose find() knows what is there; base.overlay does all of it
        self.place = place
        self.cwd = "/"

    def mount(self, *args):
        """Nothing to prepare."""

    def __getattr__(self, name):
        for room in ("kernel.virtual", self.room) if self.room[0] == "k" else (self.room,):
            __import__(room)
        room = sys.modules[self.room]
        tree = sys.modules["kernel.virtual"].Tree(room.find, self) if self.room[0] == "k" else room.Overlay(self)
        return getattr(tree, name)


def attach(room, place):
    """Mount one of them, unless something is mounted there."""
    try:
        vfs.mount(Lazy(room, place), place)
    except OSError:
        pass


def mount():
    """Mount them once: with the shell, or the first service."""
    from base import rom  # late: with the first use
    from base.paths import isdir

    try:
        for room in ("proc", "dev"):
            attach(f"kernel.{room}fs", "/" + room)
        if rom.programs() or isdir("/rom/bin"):
            attach("base.overlay", "/bin")
    except ImportError:  # firmware before 1.23: no such files
        pass
