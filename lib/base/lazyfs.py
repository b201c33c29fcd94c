# /proc and /dev as they are mounted: what makes them is loaded when somebody looks into them (kernel.virtual).


class Lazy:
    """A file system for vfs.mount(). Only its working directory is kept here."""

    def __init__(self, room):
        self.room = room  # the module whose find() knows what is there
        self.cwd = "/"

    def mount(self, *args):
        """Nothing has to be prepared."""

    def __getattr__(self, name):
        import sys

        for room in ("kernel.virtual", self.room):
            __import__(room)
        return getattr(sys.modules["kernel.virtual"].Tree(sys.modules[self.room].find, self), name)


def mount():
    """Mount both, where that has not been done: with the shell, or the first service."""
    try:
        import vfs

        for room in ("proc", "dev"):
            try:
                vfs.mount(Lazy(f"kernel.{room}fs"), "/" + room)
            except OSError:  # it is there
                pass
    except ImportError:  # firmware before 1.23: no such files
        pass
