# The swap file: what has been changed since the file was read or written, so that a power cut or a lost session takes
# no more than the last moments. It stands beside the file as .NAME.swp and is there only while there are changes.
#
# It begins with the size and the checksum of the file that it changes, and the process that writes it. Then records:
#   [+]ROW END COUNT SIZE CRC    the lines from ROW to before END became COUNT lines, SIZE bytes that follow;
#                                + where it makes sense only with the next one
#   = SIZE CRC                   here the text was written: if the file is like that, what comes before is in it
# A record that is torn ends the journal. Changes beside each other are one record, which is written when a change
# comes elsewhere; the flash is spared.

from binascii import crc32
from time import ticks_diff, ticks_ms

from micropython import const

from base.files import Replacement, unlink
from base.paths import basename, dirname, exists, join
from process import cpu

HEAD = "diatom edit"
LATE_MS = const(4000)  # after a change, while somebody types on; at once in a pause

_LINES = const(16)  # in one record
_ENOSPC = const(28)
_EEXIST = const(17)
_SPARE = const(16384)  # bytes by which the journal may be longer than the text, four times


def swap_path(path):
    """Where the journal of a file stands."""
    return join(dirname(path), f".{basename(path)}.swp")


def head(size, crc):
    """The first line."""
    owner = cpu.current
    return f"{HEAD} {size} {crc} {owner.pid} {owner.started}\n".encode()


def records(lines, row, end, count, shift=0):
    """Yield the records that say: the lines from row to before end are those that stand shift lines further down."""
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
        self.error = None  # why there is none

    def restarted(self, size, crc, total):
        self.file = None
        self.base = size, crc, total
        self.region = None  # (row, end, count): lines that were changed and are in no record yet
        self.dirty = False  # something is not on the flash yet
        self.since = 0  # from when on
        self.size = 0

    def note(self, row, end, count, lines):
        """The lines from row to before end have become count lines of lines."""
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
        """Bring what has been noted onto the flash."""
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
        """The text has been written into a file that takes the place of its old one next."""
        self.sync(lines)
        if self.file:
            try:
                self._write(f"= {size} {crc}\n".encode())
                self.file.flush()
            except OSError as e:
                self.stop(e)

    def restart(self, size, crc, total):
        """The file is as the text is: begin again."""
        self.remove()
        self.restarted(size, crc, total)
        self.error = None

    def remove(self):
        """No changes are to be kept."""
        if self.file:
            self.close()
            try:
                unlink(self.path)
            except OSError:  # somebody else has done it
                pass

    def close(self):
        """Leave the swap file to the next start."""
        if self.file:
            try:
                self.file.close()
            except OSError:  # full, which has been said
                pass
        self.file = None

    def whole(self, lines):
        """Replace the journal by one that has the text as it is now."""
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
        """The journal cannot be written: go on without one."""
        self.close()
        self.error = error
        self.region = None
        self.dirty = False

    def _put(self, lines, shift=0):
        """Write a record of the region, which stands so many lines further down by now."""
        if not self.region:
            return
        first, end, count = self.region
        self.region = None
        try:
            if not self.file:
                if exists(self.path):
                    raise OSError(_EEXIST)  # somebody else has begun to change the file, too
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
