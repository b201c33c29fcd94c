# The swap file: the unsaved changes, so that a power cut or a lost session loses only the last seconds. It is .NAME.swp
# beside the file and exists only while there are unsaved changes.
#
# It begins with the size and checksum of the file, and the process that writes it. Then records:
#   [+]ROW END COUNT SIZE CRC    the lines from ROW up to END were replaced by COUNT lines, SIZE bytes that follow;
#                                + if the record is valid only with the next one
#   = SIZE CRC                   the text was written: if the file matches, it includes the records before
# A torn record ends the journal. Adjacent changes are merged into one record, which is written when another place is
# changed, to reduce flash wear.

from binascii import crc32
from time import ticks_diff, ticks_ms

from micropython import const

from base.files import Replacement, unlink
from base.paths import basename, dirname, exists, join
from process import cpu

HEAD = "diatom edit"
LATE_MS = const(4000)  # the longest delay of a record while the user types; in a pause it is written at once

_LINES = const(16)  # in a record
_ENOSPC = const(28)
_EEXIST = const(17)
_SPARE = const(16384)  # the journal is rewritten when it exceeds four times the size of the text by this many bytes


def swap_path(path):
    """Return the path of the journal of a file."""
    return join(dirname(path), f".{basename(path)}.swp")


def head(size, crc):
    """Return the first line of the journal."""
    owner = cpu.current
    return f"{HEAD} {size} {crc} {owner.pid} {owner.started}\n".encode()


def records(lines, row, end, count, shift=0):
    """Yield the records that replace the lines from row up to end by those `shift` lines further down."""
    done = 0
    while True:
        size = min(_LINES, count - done)
        start = row + shift + done
        data = b"\n".join(lines.get(start, start + size))
        more = done + size < count
        text = f"{'+' if more else ''}{row + done} {row + done if done else end} {size} {len(data)}".encode()
        yield b"%s %d\n%s\n" % (text, crc32(data, crc32(text)), data)
        done += size
        if not more:
            return


class Journal:
    """Writes the swap file of one text."""

    def __init__(self, path, size, crc, total):
        self.path = swap_path(path)
        self.restarted(size, crc, total)
        self.error = None  # the reason if there is no journal

    def restarted(self, size, crc, total):
        self.file = None
        self.base = size, crc, total
        self.region = None  # (row, end, count): changed lines without a record
        self.dirty = False  # changes are not on the flash yet
        self.since = 0  # ticks of the first of them
        self.size = 0

    def note(self, row, end, count, lines):
        """Note that the lines from row up to end were replaced by count lines."""
        if self.error:
            return
        if not self.dirty:
            self.dirty = True
            self.since = ticks_ms()
        if self.region:
            first, last, had = self.region
            if row <= first + had and end >= first:
                low = min(row, first)
                high = max(end, first + had)
                self.region = low, last + high - first - had, high - low + count - end + row
                return
            self._put(lines, count - end + row if row < first else 0)
        self.region = row, end, count

    def sync(self, lines):
        """Write the noted changes to the flash."""
        if self.error or not self.dirty:
            return
        self._put(lines)
        try:
            if self.file:
                self.file.flush()
                if self.size > 4 * lines.size + _SPARE:
                    self.whole(lines)
        except OSError as e:
            self.stop(e)
        self.dirty = False

    @property
    def is_late(self):
        return self.dirty and ticks_diff(ticks_ms(), self.since) > LATE_MS

    def mark(self, size, crc, lines):
        """Note that the text has been written to a new file, which will replace the old one."""
        self.sync(lines)
        if self.file:
            try:
                self._write(f"= {size} {crc}\n".encode())
                self.file.flush()
            except OSError as e:
                self.stop(e)

    def restart(self, size, crc, total):
        """Start a new journal after saving."""
        self.remove()
        self.restarted(size, crc, total)
        self.error = None

    def remove(self):
        """Delete the journal."""
        if self.file:
            self.close()
            try:
                unlink(self.path)
            except OSError:  # already deleted
                pass

    def close(self):
        """Keep the swap file for the next start."""
        if self.file:
            try:
                self.file.close()
            except OSError:  # full, already reported
                pass
        self.file = None

    def whole(self, lines):
        """Replace the journal by one with the current text."""
        self.close()
        self.region = None
        size, crc, total = self.base
        with Replacement(self.path) as new:
            new.write(head(size, crc))
            for record in records(lines, 0, total, lines.total):
                new.write(record)
        self.file = open(self.path, "ab")
        self.size = 0

    def stop(self, error):
        """Continue without a journal after an error."""
        self.close()
        self.error = error
        self.region = None
        self.dirty = False

    def _put(self, lines, shift=0):
        """Write a record of the region, which has since moved down by `shift` lines."""
        if not self.region:
            return
        first, end, count = self.region
        self.region = None
        try:
            if not self.file:
                if exists(self.path):
                    raise OSError(_EEXIST)  # another editor has changed the file, too
                self.file = open(self.path, "wb")
                self._write(head(self.base[0], self.base[1]))
            for record in records(lines, first, end, count, shift):
                self._write(record)
        except OSError as e:
            self.stop(e)

    def _write(self, data):
        self.size += len(data)
        if self.file.write(data) != len(data):
            raise OSError(_ENOSPC)
