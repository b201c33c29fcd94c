# The ends of streams: their last lines and bytes, or all but the first ones (tail).

from micropython import const

from base.errors import Failure
from process.stream import CHUNK

KEEP_MAX = const(131072)  # bytes kept of a stream that cannot seek


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
        at = 0
        while skip and at < len(data):
            at = data.find(b"\n", at) + 1
            if not at:
                at = len(data)
                break
            skip -= 1
        if at < len(data):
            out.write(data[at:] if at else data)


async def last_lines(stream, count, out):
    """Copy the last count lines of stream to out."""
    if count <= 0:
        return
    if hasattr(stream, "seek"):
        stream.seek(_start(stream, count))
        return await copy_from(stream, 0, out)
    kept = []  # chunks
    held = 0  # bytes in them
    newlines = 0  # in the chunks
    while data := await stream.read():
        kept.append(data)
        held += len(data)
        newlines += data.count(b"\n")
        while kept and newlines - kept[0].count(b"\n") > count:
            newlines -= kept[0].count(b"\n")
            held -= len(kept.pop(0))
        if held > KEEP_MAX:
            raise Failure("", f"the last {count} lines are longer than {KEEP_MAX} bytes")
    data = b"".join(kept)
    out.write(data[_back(data, count + (data[-1:] == b"\n"))[0] :])


async def last_bytes(stream, count, out):
    """Copy the last count bytes of stream to out."""
    if hasattr(stream, "seek"):
        here = _place(stream)
        stream.seek(max(stream.seek(0, 2) - count, here))
        return await copy_from(stream, 0, out)
    if count > KEEP_MAX:
        raise Failure("", f"at most {KEEP_MAX} bytes of a pipe are kept")
    kept = b""
    while data := await stream.read():
        kept = (kept + data)[-count:] if count else b""
    out.write(kept)


def all_but(kind, out):
    """What copies a stream without its last lines (kind "n") or bytes to out: an async function of stream and count."""

    async def copy(stream, count):
        kept = []  # chunks
        held = newlines = 0  # bytes and newlines in them
        while data := await stream.read():
            kept.append(data)
            held += len(data)
            newlines += data.count(b"\n")
            while kept and (newlines - kept[0].count(b"\n") > count if kind == "n" else held - len(kept[0]) >= count):
                first = kept.pop(0)
                held -= len(first)
                newlines -= first.count(b"\n")
                out.write(first)
            if held > KEEP_MAX:
                raise Failure("", f"what comes last is longer than {KEEP_MAX} bytes")
        data = b"".join(kept)
        if kind == "c":
            out.write(data[: max(len(data) - count, 0)])
        elif count:
            out.write(data[: _back(data, count + (data[-1:] == b"\n"))[0]])
        else:
            out.write(data)

    return copy


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
