# Bringing back what a swap file (edit.journal) has kept. Loaded only where one is found.

import asyncio
from binascii import crc32

from micropython import const

from base.files import unlink
from edit.journal import HEAD
from process import process

_LINE_MAX = const(100)  # bytes of the line that begins a record
_TURN = const(32)  # records after which others may run


def _numbers(line):
    """The numbers of a line, None where it has others than those or no end."""
    words = line.split()
    if line[-1:] != b"\n" or not all(word.isdigit() for word in words):
        return None
    return [int(word) for word in words]


def _next(file):
    """(more follow, numbers, text) of the next record, or ("=", [size, checksum], None); None where it is torn."""
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
    """A swap file that was found, and what it is worth for a file of this size and checksum."""

    def __init__(self, path, size, crc):
        self.path = path
        self.owner = None  # the process that is writing it
        self.start = None  # where the records for the file as it is begin; None: they are for another
        self.end = 0  # where the last one that counts ends
        with open(path, "rb") as file:
            line = file.readline(_LINE_MAX)
            words = HEAD.encode() + b" "
            found = _numbers(line[len(words) :]) if line.startswith(words) else None
            if not found or len(found) != 4:
                if line[-1:] != b"\n" and (words.startswith(line) or line.startswith(words)):
                    self.start = 0  # the power failed before anything else was in it
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
        """True where the file has all that is in it."""
        return self.start is not None and self.start == self.end

    async def replay(self, buffer):
        """Do the changes again; buffer has the file as it is. The journal of buffer takes the place of this one."""
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
    """A swap file was found: ask what to do with it. A generator."""
    swap, ed.swap = ed.swap, None
    if swap.owner:
        ed.readonly = True
        ed.buffer.journal.error = True
        ed.say(f"process {swap.owner.pid} has changed this file and not written it yet: read only here", True)
        return
    if swap.is_empty:
        unlink(swap.path)
        return
    if swap.start is None:
        text = f"The swap file {swap.path} is of another version of this file: D delete it, Q quit?"
        key = yield from ed.choose(text, "dq")
    else:
        key = yield from ed.choose("A session was lost with changes: R recover, D delete them, Q quit?", "rdq")
    if key == "r":
        ed.buffer.begin(0, 0)
        ed.row = yield swap.replay(ed.buffer)
        ed.clamp()
        ed.say("recovered: have a look, and write the file")
    elif key == "d":
        unlink(swap.path)
        ed.say(ed.facts())
    else:
        ed.buffer.journal = None
        ed.done = True
