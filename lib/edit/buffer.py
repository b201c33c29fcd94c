# The edited text: its lines, undo and redo, its file, and the journal that protects changes from a power cut.

import gc
import os
from binascii import crc32

from micropython import const

from base.errors import Failure
from base.files import Replacement
from base.paths import DIRECTORY, mode
from edit.journal import Journal
from edit.lines import Lines
from process.files import FileStream
from process.memory import patiently
from program import protected

_RESERVE = const(24576)  # bytes of heap left for modules loaded later, the screen, a search
_LEAST = const(4096)  # bytes of text that are always accepted
_COST = const(64)  # bytes of heap for a separate line, without its text
_POINTER = const(8)  # at most
_ENTRY = const(192)  # bytes of heap for a change, without its lines
_TOGETHER = const(64)  # lines of consecutive changes that are merged


class Buffer:
    """A text and its file."""

    def __init__(self, path=""):
        gc.collect()
        room = max(gc.mem_free() - _RESERVE, 2 * _LEAST)
        self.limit = room * 3 // 4  # bytes of text
        self.most = room // 5  # bytes of old lines, to undo
        self.path = path
        self.lines = Lines()
        self.new = True  # the file does not exist yet
        self.readonly = False
        self.returns = False  # its lines end in "\r\n"
        self.stamp = None  # the stamp() of the file when it was read or written
        self.journal = None
        self.undone = []  # groups of changes to redo: ([(row, old lines, new count)], cursor before)
        self.done = []  # groups to undo
        self.kept = 0  # bytes of old lines in both
        self.position = self.saved = 0  # number of groups done, and that number when the file was saved
        self.fresh = (0, 0)  # the cursor if the next change begins a group, None inside one
        self.touched = 0  # the first changed line since the view was drawn
        self.watched = ()  # numbers of lines, adjusted by changes; -1 for a deleted one
        self.lost = False  # a change was too large to be undone

    # --- access

    def __len__(self):
        return self.lines.total or 1

    def __getitem__(self, row):
        return self.lines[row]

    @property
    def modified(self):
        return self.position != self.saved

    # --- changing

    def begin(self, row, col):
        """Begin a group of changes, which undo reverts together; the cursor then returns to here."""
        self.fresh = (row, col)

    def change(self, row, end, new):
        """Replace the lines from row up to end by the list new; return the old ones."""
        size = sum([len(line) + 1 for line in new])
        if size > 1024 and self.lines.size + size > self.limit or self.lines.size > self.limit:
            raise Failure("", f"out of memory: at most {self.limit // 1024} KB of text")
        if not self.lines.total and not any(new) and len(new) < 2:
            return []  # an empty text has an empty line already
        old = self._splice(row, end, new)
        if self.fresh:
            self._clear(self.undone)
            self.done.append(([], self.fresh))
            self.fresh = None
            if self.saved > self.position:
                self.saved = -1
            self.position += 1
        if not self.done:  # the change was too large
            return old
        group = self.done[-1][0]
        if group:
            first, before, count = group[-1]
            if first <= row and row + len(old) <= first + count:
                group[-1] = (first, before, count + len(new) - len(old))
                return old
        if group and row == first + count and len(before) < _TOGETHER:
            # An entry for each line would cost more than the line.
            group[-1] = (first, before + old, count + len(new))
            self.kept += _cost(old) - _ENTRY
        else:
            group.append((row, old, len(new)))
            self.kept += _cost(old)
        while self.kept > self.most and self.done:
            self.lost = len(self.done) == 1
            self._uncount(self.done.pop(0))
        return old

    def undo(self):
        """Revert the last group of changes. Return the cursor before it, or None if there is none."""
        if not self.done:
            return None
        at = self._back(self.done, self.undone)
        self.position -= 1
        return at

    def redo(self):
        """Repeat the group reverted last. Return the cursor, or None."""
        if not self.undone:
            return None
        self._back(self.undone, self.done)
        self.position += 1
        return self.done[-1][0][0][0], 0

    def clear_undo(self):
        """Free the memory of undo and redo."""
        self._clear(self.done)
        self._clear(self.undone)
        gc.collect()

    def _back(self, source, target):
        group, at = source.pop()
        back = []
        for row, old, count in reversed(group):
            new = self._splice(row, row + count, old)
            self.kept += _cost(new) - _cost(old)
            back.append((row, new, len(old)))
        target.append((back, at))
        self.fresh = at
        return at

    def _splice(self, row, end, new):
        count = min(end, self.lines.total) - row
        if count > _TOGETHER:
            self._require_memory(count)
        if row < self.touched:
            self.touched = row
        old = self.lines.splice(row, end, new)
        if self.watched:
            end = row + len(old)
            by = len(new) - len(old)
            for k, at in enumerate(self.watched):
                if at >= end:
                    self.watched[k] += by
                elif at - row >= len(new):
                    self.watched[k] = -1
        if self.journal:
            self.journal.note(row, row + len(old), len(new), self.lines)
        return old

    def _require_memory(self, count):
        """Raise Failure if there is not enough memory to remove so many lines: failing halfway would lose some."""
        need = count * (self.lines.size // self.lines.total + _COST)
        for make in (None, gc.collect, self.clear_undo):
            if make:
                make()
            if gc.mem_free() > need + _LEAST:
                try:
                    bytearray(count * _POINTER * 2)  # for a growing list of them
                    return
                except MemoryError:
                    pass
        raise Failure("", f"no memory to change {count} lines at once")

    def _uncount(self, group):
        self.kept -= sum([_cost(change[1]) for change in group[0]])

    def _clear(self, stack):
        while stack:
            self._uncount(stack.pop())

    # --- the file

    async def load(self):
        """Read the file. Raise Failure or OSError if it is not a text, or too large."""
        self.lines = lines = Lines()
        self.done, self.undone, self.kept = [], [], 0
        self.position = self.saved = 0
        self.returns, self.new = False, True
        bits = mode(self.path) if self.path else 0
        if bits & DIRECTORY:
            raise Failure(self.path, "Is a directory")
        if bits:
            self.new = False
            self.readonly = _is_protected(self.path)
            self.stamp = stamp(self.path)
            self._fits(os.stat(self.path)[6])
            self.crc = self.size = 0
            await each(self.path, self._add)
            self.journal = Journal(self.path, self.size, self.crc, lines.total)
            self.returns = lines.strip_returns()
        elif self.path:
            self.journal = Journal(self.path, 0, 0, 0)

    def _add(self, data):
        self.size += len(data)
        self._fits(self.size)
        self.crc = crc32(data, self.crc)
        self.lines.append(data)

    def adopt(self, path):
        """Set the file of a text without one."""
        self.path = path
        self.journal = Journal(path, 0, 0, 0)
        self.journal.note(0, 0, self.lines.total, self.lines)

    def _fits(self, size):
        if size > self.limit:
            raise Failure(
                self.path, f"too large: {size // 1024 or 1} KB, there is memory for {self.limit // 1024} KB (try less)"
            )

    def is_stale(self):
        """Return whether another process has written the file."""
        return bool(self.stamp and mode(self.path) and stamp(self.path) != self.stamp)

    async def save(self, path, force=False, first=0, last=None):
        """Write the text, or its lines from first to last, atomically. Return the number of lines and bytes."""
        own = path == self.path
        protected(path)
        if not force:
            if own and self.readonly:
                raise Failure(path, "read only (add ! to override)")
            if own and self.is_stale():
                raise Failure(path, "changed on disk (add ! to override)")
            if mode(path) and (not own or self.new and not self.stamp):
                raise Failure(path, "file exists (add ! to override)")
        whole = last is None
        total = self.lines.total if whole else last + 1
        size = crc = 0
        with Replacement(path) as file:
            for data in self.lines.pieces() if whole else _parts(self.lines, first, total):
                if self.returns:
                    data = data.replace(b"\n", b"\r\n") + b"\r"
                data += b"\n"
                file.write(data)
                size += len(data)
                crc = crc32(data, crc)
            if own and whole and self.journal:
                self.journal.mark(size, crc, self.lines)
        if own and whole:
            self.saved = self.position
            self.stamp = stamp(path)
            self.new = self.readonly = False
            self.fresh = self.fresh or (first, 0)
            if self.journal:
                self.journal.restart(size, crc, total)
        return total - first, size


def _cost(lines):
    return sum([len(line) + _COST for line in lines]) + _ENTRY


def _parts(lines, first, end):
    """Yield lines in pieces, like Lines.pieces()."""
    for row in range(first, end, 32):
        yield b"\n".join(lines.get(row, min(row + 32, end)))


async def each(path, take):
    """Call take() with pieces of whole lines of a file. Raise Failure if it is not a text."""
    stream = FileStream(await patiently(open, path, "rb"), path)
    stream.most = 1024
    try:
        while data := await stream.block():
            if b"\0" in data:
                raise Failure(path, "is a binary file (try xxd)")
            take(data)
    finally:
        stream.close()


def stamp(path):
    """Return a value that changes when the file does."""
    found = os.stat(path)
    return found[6], found[8]


def _is_protected(path):
    try:
        protected(path)
    except Failure:
        return True
    return False
