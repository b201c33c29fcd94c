# The ends of streams: their last lines and bytes, or all but the first ones (tail).

from micropython import const

from base.errors import Failure
from process.memory import is_free
from process.stream import CHUNK

KEEP_MAX = const(131072)  # bytes kept of a stream that cannot seek
_STEP = const(4096)  # bytes kept between two looks at the memory
_RESERVE = const(8192)  # bytes that stay free
_PIECE = const(4096)  # of them in one piece


async def copy_from(stream, skip, out):
    """Copy stream without its first skip bytes to out."""
    while data := await stream.read():
        if skip >= len(data):
            skip -= len(data)
        else:
            out.write(data[skip:] if skip else data)
            skip = 0


async def skip_lines(stream, skip, out):
    """Copy stream without its first skip lines to out."""
    while data := await stream.read():
        at, skip = _behind(data, skip)
        if at < len(data):
            out.write(data[at:] if at else data)


async def last_lines(stream, count, out):
    """Copy the last count lines of stream to out."""
    if count <= 0:
        return
    if hasattr(stream, "seek"):
        stream.seek(_start(stream, count))
        return await copy_from(stream, 0, out)
    kept = Kept()
    while data := await stream.read():
        kept.add(data)
        while kept.newlines - kept.first > count:
            kept.pop()
    skip = max(kept.lines() - count, 0)
    for data in kept.chunks:
        at, skip = _behind(data, skip)
        out.write(data[at:])


async def last_bytes(stream, count, out):
    """Copy the last count bytes of stream to out."""
    if hasattr(stream, "seek"):
        here = _place(stream)
        stream.seek(max(stream.seek(0, 2) - count, here))
        return await copy_from(stream, 0, out)
    kept = Kept()
    while data := await stream.read():
        kept.add(data)
        while kept.held - len(kept.chunks[0]) > count:
            kept.pop()
    skip = max(kept.held - count, 0)
    for data in kept.chunks:
        if skip < len(data):
            out.write(data[skip:])
        skip = max(skip - len(data), 0)


def all_but(kind, out):
    """What copies a stream without its last lines (kind "n") or bytes to out: an async function of stream and count."""

    async def copy(stream, count):
        kept = Kept()
        while data := await stream.read():
            kept.add(data)
            while kept.newlines - kept.first > count if kind == "n" else kept.held - len(kept.chunks[0]) > count:
                out.write(kept.pop())
        left = (kept.lines() if kind == "n" else kept.held) - count
        for data in kept.chunks:
            if left <= 0:
                break
            if kind == "n":
                at, left = _behind(data, left)
            else:
                at = min(left, len(data))
                left -= at
            out.write(data[:at])

    return copy


class Kept:
    """The last pieces of a stream that cannot seek."""

    def __init__(self):
        self.chunks = []
        self.held = 0  # bytes in them
        self.newlines = 0  # in them
        self.first = 0  # newlines in the first one
        self.looked = 0  # bytes with which memory was looked at

    def add(self, data):
        """Keep one more; Failure where they are too large, or memory is short."""
        newlines = data.count(b"\n")
        if not self.chunks:
            self.first = newlines
        self.chunks.append(data)
        self.held += len(data)
        self.newlines += newlines
        if self.held > KEEP_MAX:
            raise Failure("", f"the tail is longer than {KEEP_MAX} bytes")
        if self.held > self.looked + _STEP:
            self.looked = self.held
            if not is_free(_RESERVE, _PIECE):  # those who write the stream need some, too
                raise Failure("", f"not enough memory for the tail ({self.held} bytes kept)")

    def pop(self):
        """Forget the first one, and return it."""
        data = self.chunks.pop(0)
        self.held -= len(data)
        self.newlines -= self.first
        self.first = self.chunks[0].count(b"\n") if self.chunks else 0
        return data

    def lines(self):
        """How many lines they are; the last one may lack its newline."""
        return self.newlines + (self.held > 0 and self.chunks[-1][-1] != 10)


def _behind(data, newlines):
    """(index behind so many newlines, 0) or (the end, how many are missing)."""
    at = 0
    while newlines:
        at = data.find(b"\n", at) + 1
        if not at:
            return len(data), newlines
        newlines -= 1
    return at, 0


def _back(data, newlines):
    """(index behind the newline that is number `newlines` from the end, 0) or (0, how many are missing)."""
    at = len(data)
    while newlines:
        at = data.rfind(b"\n", 0, at)
        if at < 0:
            return 0, newlines
        newlines -= 1
    return at + 1, 0


def _start(stream, count):
    """Where the last count lines of a file start."""
    here = _place(stream)
    end = stream.seek(0, 2)
    last = True
    while end > here:
        begin = max(end - CHUNK, here)
        stream.seek(begin)
        data = stream.file.read(end - begin)
        if last and data[-1:] == b"\n":
            count += 1
        last = False
        index, count = _back(data, count)
        if not count:
            return begin + index
        end = begin
    return here


def _place(stream):
    """Where a file is read next."""
    ahead = len(stream.rest)
    return stream.seek(0, 1) - ahead
