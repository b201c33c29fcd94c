# shuf - shuffle lines
# usage: shuf [-rz] [-n COUNT] [-o FILE] [FILE]
# usage: shuf -e [-rz] [-n COUNT] [-o FILE] [TEXT...]
# usage: shuf -i LOW-HIGH [-rz] [-n COUNT] [-o FILE]
#
# Print a random permutation of the lines of FILE, or of standard input.
#   -e  the operands are the lines      -i LOW-HIGH  the numbers from LOW to HIGH are the lines
#   -n COUNT  at most COUNT lines      -r  repeat lines, for ever without -n
#   -z  lines end with NUL      -o FILE  write to FILE, which may be the input
# Large inputs use temporary files in /tmp, except with -r. Limit: 4 MiB of text.

import asyncio
from binascii import hexlify
from os import urandom

from micropython import const

from base.errors import Failure, Usage
from program import Options, inputs, integer, options, protected, status

proc = None

LONG = "echo=e input-range=i head-count=n output=o repeat=r zero-terminated=z"
KEY = const(8)  # length of the random key that is put before each line
TURN = const(64)  # lines before yielding to other tasks


async def __main__(args):
    opts, words = options(args, "ei:n:o:rz", LONG)
    count = opts.number("n", 1 << 30)
    if count < 0:
        raise Usage("invalid number of lines", opts["n"])
    if "e" not in opts and len(words) > (0 if "i" in opts else 1):
        raise Usage("extra operand", words[-1])
    if "o" not in opts:
        await shuffle(opts, words, count, proc.stdout)
    else:
        from base.files import Replacement  # late: an atomic replacement, so the file may be the input

        protected(opts["o"])
        with Replacement(opts["o"]) as file:
            await shuffle(opts, words, count, file)
            if status():
                raise Failure("", "nothing written")
    return status()


async def shuffle(opts, words, count, out):
    """Write count of the lines in random order."""
    if "z" in opts:
        from text.swap import Swapped  # late: only for -z

        out = Swapped(out)
    if "r" in opts:
        return await again(opts, words, count, out)
    from sort.external import Sorter  # late: not for -r
    from sort.order import Order

    sorter = Sorter(Order(Options()))
    try:

        async def take(lines):
            await sorter.add(b"".join([hexlify(urandom(KEY // 2)) + line + b"\n" for line in lines]))

        await read(opts, words, take)
        if count and not status():
            await sorter.write(Bare(out, count))
    finally:
        sorter.close()


async def again(opts, words, count, out):
    """Write count lines, each chosen independently."""
    lines = []

    async def take(more):
        lines.extend(more)

    await read(opts, words, take)
    if not lines:
        raise Failure("", "there are no lines to repeat")
    for i in range(count):
        out.write(lines[int.from_bytes(urandom(4), "big") % len(lines)] + b"\n")
        if not i % TURN:
            await asyncio.sleep_ms(0)


async def read(opts, words, take):
    """Pass the lines to take() in small lists."""
    if "e" in opts:
        await take([word.encode() for word in words])
    elif "i" in opts:
        low, dash, high = opts["i"].partition("-")
        first, last = integer(low), integer(high)
        if first > last + 1:
            raise Usage("not a range", opts["i"])
        for start in range(first, last + 1, TURN):
            await take([b"%d" % i for i in range(start, min(start + TURN, last + 1))])
    else:
        for _, stream in inputs(words):
            if "z" in opts:
                from text.swap import Swapped  # late: only for -z

                stream = Swapped(stream)
            while lines := await stream.lines():
                await take(lines)


class Bare:
    """Strips the keys from sorted lines and writes the first count of them."""

    def __init__(self, out, count):
        self.out = out
        self.left = count

    def write(self, data):
        if self.left:
            lines = [line[KEY:] + b"\n" for line in data.split(b"\n")[:-1]][: self.left]
            self.left -= len(lines)
            self.out.write(b"".join(lines))
