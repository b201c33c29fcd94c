"""Cached entries of the board's tree, and the file times that were set from here.

No file system of MicroPython can set a file's time. A time that a program sets here, or at which it wrote, is told as long
as the board's file is the very one that it was told for: else make, rsync and git would take it for another.
"""

import posixpath
import time

MOST = 50_000  # paths that are remembered


class Entries:
    """The board's entries by path. life is in seconds; what this computer changes is known at once."""

    def __init__(self, board, life):
        self.board = board
        self.life = life
        self.known = {}  # path: (when it was asked, Entry or None)
        self.lists = {}  # directory: (when it was asked, {name})
        self.times = {}  # path: (size, modified, nanoseconds to tell)

    def find(self, path, fresh=False):
        """The Entry of a path, or None; fresh asks the board now."""
        if not fresh:
            when, entry = self.known.get(path, (0, None))
            if self.lives(when):
                return entry
            directory, name = posixpath.split(path)
            when, names = self.lists.get(directory, (0, ()))
            if self.lives(when) and name not in names:
                return None
        entry = self.board.find(path)
        self.put(path, entry)
        return entry

    def list(self, path):
        """The names in a directory; their entries are then known."""
        when, names = self.lists.get(path, (0, ()))
        if not self.lives(when):
            now = time.monotonic()
            entries = self.board.list(path)
            for entry in entries:
                self.known[posixpath.join(path, entry.name)] = now, entry
            names = {entry.name for entry in entries}
            self.lists[path] = now, names
            self.prune()
        return names

    def lives(self, when):
        return when and time.monotonic() - when < self.life

    def prune(self):
        if len(self.known) > MOST:
            self.known.clear()
            self.lists.clear()

    # --- what this computer has changed

    def put(self, path, entry):
        """A path is now this; None: it is not there."""
        self.known[path] = time.monotonic(), entry
        directory, name = posixpath.split(path)
        if directory in self.lists and name:
            (self.lists[directory][1].discard if entry is None else self.lists[directory][1].add)(name)

    def removed(self, path):
        """A path is no more."""
        self.forget(path)
        self.times.pop(path, None)
        self.put(path, None)

    def moved(self, old, new):
        """A path has another name, with everything below."""
        for path in [path for path in self.times if below(path, old)]:
            self.times[new + path[len(old) :]] = self.times.pop(path)
        self.forget(old)
        self.forget(new)
        self.put(old, None)
        self.lists.pop(posixpath.dirname(new), None)

    def forget(self, path):
        """What is known of a path and everything below."""
        for table in (self.known, self.lists):
            for inner in [inner for inner in table if below(inner, path)]:
                del table[inner]

    # --- times

    def set_time(self, path, entry, nanoseconds):
        """Tell this time for a path while the board has this entry there."""
        self.times[path] = entry.size, entry.modified, nanoseconds

    def time(self, path, entry):
        """The time to tell for an entry, in nanoseconds."""
        size, modified, nanoseconds = self.times.get(path, (None, None, 0))
        if (size, modified) == (entry.size, entry.modified):
            return nanoseconds
        return int((entry.modified or 0) * 1_000_000_000)


def below(path, top):
    """Whether a path is top or in it."""
    return path == top or path.startswith(top + "/")
