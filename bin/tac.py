# tac - print lines in reverse order
# usage: tac [-b] [-s TEXT] [FILE...]
#
# Print the lines of each FILE, or of standard input, the last one first.
#   -s TEXT  the separator after a line (a newline)      -b  it precedes the line
# Limit: 128 KiB from a pipe.

import asyncio

from base.errors import Failure, Usage
from process.stream import CHUNK, LINE_MAX, longer
from program import each, options

proc = None

LONG = (("separator", "s"), ("before", "b"))


async def __main__(args):
    opts, files = options(args, "bs:", LONG)
    mark = opts["s"].encode() if "s" in opts else b"\n"
    if not mark:
        raise Usage("missing text", "-s")

    async def tac(name, stream):
        chunks = backwards(stream) if hasattr(stream, "seek") else await all_of(stream)
        await turn(chunks, mark, "b" in opts)

    return await each(files, tac)


def backwards(stream):
    """Yield the pieces of a file, the last one first."""
    here = stream.seek(0, 1) - len(stream.rest)
    end = stream.seek(0, 2)
    while end > here:
        begin = max(end - CHUNK, here)
        stream.seek(begin)
        yield stream.file.read(end - begin)
        end = begin
    stream.seek(0, 2)


async def all_of(stream):
    kept = []
    size = 0
    while more := await stream.read():
        kept.append(more)
        size += len(more)
        if size > LINE_MAX:
            raise Failure("", f"input larger than {LINE_MAX} bytes")
    kept.reverse()
    return kept


async def turn(chunks, mark, before):
    """Print the records of a text that comes in pieces, the last one first."""
    rest = b""  # the end of a record that begins in an earlier piece
    for chunk in chunks:
        searched = len(rest)
        data = longer(chunk, rest)
        end = len(data)
        out = []
        # a separator may begin in this piece and end in the next
        at = data.rfind(mark, 0, min(end, len(chunk) + len(mark) - 1))
        if not before and not searched and data.endswith(mark):
            at = data.rfind(mark, 0, end - len(mark))  # skip the separator at the end of the last record
        while at >= 0:
            cut = at if before else at + len(mark)
            out.append(data[cut:end])
            end = cut
            at = data.rfind(mark, 0, at)
        rest = data[:end]
        if out:
            proc.stdout.write(b"".join(out))
        await asyncio.sleep_ms(0)
    proc.stdout.write(rest)
