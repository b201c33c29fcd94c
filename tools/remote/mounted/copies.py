"""The local copy of an open file: read from the board block by block, changed here, sent atomically."""

import errno
import os
import time

from remote.errors import os_error

BLOCK = 256 * 1024  # bytes that are read from the board in one go
AHEAD = BLOCK  # bytes beyond what is asked for


class Copy:
    """One file. entry is what the board had when the copy was made, None where it had nothing."""

    def __init__(self, path, entry, place, board):
        self.path = path
        self.entry = entry
        self.board = board
        self.place = place  # the name of the copy
        self.file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self.size = entry.size if entry else 0
        self.missing = set(range(-(-self.size // BLOCK)))  # numbers of blocks that are not here yet
        self.users = 0  # how many have it open
        self.dirty = entry is None  # it has to be sent
        self.removed = False  # the board's file is to go, or has gone: nothing is sent
        self.told = False  # a user of the copy knows that it could not be sent
        self.modified = time.time_ns()
        self.released = 0.0  # when the last user closed it

    # --- from the board

    def fetch(self, begin, end):
        """Fetch the bytes from begin to end."""
        numbers = [n for n in range(begin // BLOCK, -(-min(end, self.size) // BLOCK)) if n in self.missing]
        if not numbers:
            return
        first, last = numbers[0] * BLOCK, min((numbers[-1] + 1) * BLOCK + AHEAD, self.entry.size)
        if len(self.missing) * BLOCK < self.entry.size:  # a part is here: is the rest of the same file?
            now = self.board.find(self.path)
            if now is None or (now.size, now.modified) != (self.entry.size, self.entry.modified):
                raise os_error(errno.ESTALE, self.path)
        data = self.board.read_from(self.path, first, last - first)
        if len(data) != last - first:
            raise os_error(errno.ESTALE, self.path)
        os.pwrite(self.file, data, first)
        whole = -(-last // BLOCK) if last == self.entry.size else last // BLOCK
        self.missing.difference_update(range(first // BLOCK, whole))

    def complete(self):
        """Fetch all of it."""
        while self.missing:
            begin = min(self.missing) * BLOCK
            self.fetch(begin, begin + 4 * BLOCK)

    # --- for those who have it open

    def read(self, count, offset):
        self.fetch(offset, offset + count)
        return os.pread(self.file, max(0, min(count, self.size - offset)), offset)

    def write(self, data, offset):
        self.complete()
        done = os.pwrite(self.file, data, offset)
        self.size = max(self.size, offset + done)
        self.changed()
        return done

    def truncate(self, length):
        if length:
            self.complete()
        self.missing.clear()
        os.ftruncate(self.file, length)
        self.size = length
        self.changed()

    def changed(self):
        self.dirty = True
        self.modified = time.time_ns()

    # --- to the board

    def send(self):
        """Send it to the board; afterwards entry is what the board has."""
        self.complete()
        with open(self.place, "rb") as file:
            self.board.store(self.path, file, self.size)
        self.dirty = False
        self.entry = self.board.stat(self.path)

    def close(self):
        """Delete the copy."""
        os.close(self.file)
        try:
            os.remove(self.place)
        except FileNotFoundError:
            pass  # it has been kept under another name
