# Recovery from a swap file (edit.journal). Loaded only if there is one.

import asyncio
from binascii import crc32

from micropython import const

from base.files import unlink
from edit.journal import HEAD
from process import process

_LINE_MAX = const(100)  # bytes of a record's first line
_TURN = const(32)  # records before yielding to other tasks


def _numbers(line):
    """Return the numbers of a line, or None if it has other words, or no newline."""
    words = line.split()
    if line[-1:] != b"\n" or not all(word.isdigit() for word in words):
        return None
    return [int(word) for word in words]


def _next(file):
    """Return (more follow, numbers, text) of the next record, or ("=", [size, checksum], None), or None if it is torn."""
    line = file.readline(_LINE_MAX)
    if line[:2] == b"= ":
        found = _numbers(line[2:])
        return ("=", found, None) if found and len(found) == 2 else None
    more = line[:1] == b"+"
    found = _numbers(line[1:] if more else line)
    if not found or len(found) != 5:
        return None
    data = file.read(found[3])
    if file.read(1) != b"\n" or crc32(data, crc32(line[: line.rfind(b" ")])) != found[4]:
        return None
    return more, found, data


class Swap:
    """A swap file, checked against the size and checksum of the file."""

    def __init__(self, path, size, crc):
        self.path = path
        self.owner = None  # the running process that writes it
        self.start = None  # offset of the records for the file; None: they are for another version
        self.end = 0  # offset of the end of the last valid record
        with open(path, "rb") as file:
            line = file.readline(_LINE_MAX)
            words = HEAD.encode() + b" "
            found = _numbers(line[len(words) :]) if line.startswith(words) else None
            if not found or len(found) != 4:
                if line[-1:] != b"\n" and (words.startswith(line) or line.startswith(words)):
                    self.start = 0  # the power failed before the first record
                return
            owner = process.get(found[2])
            if owner and owner.started == found[3] and owner.status is None:
                self.owner = owner
            if found[:2] == [size, crc]:
                self.start = self.end = file.tell()
            while one := _next(file):
                if one[0] == "=":
                    if one[1] == [size, crc]:
                        self.start = self.end = file.tell()
                elif not one[0] and self.start is not None:
                    self.end = file.tell()

    @property
    def is_empty(self):
        """Return whether the file has all recorded changes."""
        return self.start is not None and self.start == self.end

    async def replay(self, buffer):
        """Apply the changes to buffer, which has the text of the file. Its journal replaces this one."""
        journal, buffer.journal = buffer.journal, None
        row = turn = 0
        with open(self.path, "rb") as file:
            file.seek(self.start)
            while file.tell() < self.end:
                more, numbers, data = _next(file)
                if more != "=":
                    row = numbers[0]
                    buffer.change(row, numbers[1], data.split(b"\n") if numbers[2] else [])
                turn += 1
                if not turn % _TURN:
                    await asyncio.sleep_ms(0)
        journal.whole(buffer.lines)
        buffer.journal = journal
        return row


def offer(ed):
    """Ask what to do with a swap file. A generator."""
    swap, ed.swap = ed.swap, None
    if swap.owner:
        ed.readonly = True
        ed.buffer.journal.error = True
        ed.say(f"process {swap.owner.pid} has unsaved changes of this file: opened read only", True)
        return
    if swap.is_empty:
        unlink(swap.path)
        return
    if swap.start is None:
        text = f"The swap file {swap.path} is for another version of this file: D delete it, Q quit?"
        key = yield from ed.choose(text, "dq")
    else:
        key = yield from ed.choose("Unsaved changes of a lost session: R recover, D delete them, Q quit?", "rdq")
    if key == "r":
        ed.buffer.begin(0, 0)
        ed.row = yield swap.replay(ed.buffer)
        ed.clamp()
        ed.say("recovered; check the text and write the file")
    elif key == "d":
        unlink(swap.path)
        ed.say(ed.facts())
    else:
        ed.buffer.journal = None
        ed.done = True
