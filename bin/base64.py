# base64 - encode and decode base64
# usage: base64 [-di] [-w COLUMNS] [FILE...]
#
# Encode each FILE, or standard input.
#   -d  decode      -i  skip what is no base64 when decoding      -w COLUMNS  length of a line (76); 0: one line

from binascii import a2b_base64, b2a_base64

from base.errors import Failure
from program import inputs, options, status

proc = None

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

LONG = (("decode", "d"), ("ignore-garbage", "i"), ("wrap", "w"))


async def __main__(args):
    opts, files = options(args, "diw:", LONG)
    width = opts.number("w", 76)
    for name, stream in inputs(files):
        if "d" in opts:
            await decode(stream, name, "i" in opts)
        else:
            await encode(stream, width)
    return status()


async def encode(stream, width):
    rest = b""
    column = 0
    while True:
        data = await stream.read()
        rest += data
        size = len(rest) - len(rest) % 3 if data else len(rest)
        text = b2a_base64(rest[:size])[:-1] if size else b""
        rest = rest[size:]
        while width and text:
            part = text[: width - column]
            text = text[len(part) :]
            column += len(part)
            proc.stdout.write(part)
            if column == width:
                proc.stdout.write(b"\n")
                column = 0
        proc.stdout.write(text)
        if not data:
            break
    if column:
        proc.stdout.write(b"\n")


async def decode(stream, name, ignore):
    rest = b""
    while data := await stream.read():
        data = b"".join(data.split())
        if ignore:
            data = bytes([byte for byte in data if byte in ALPHABET])
        rest += data
        size = len(rest) & ~3
        decoded(rest[:size], name)
        rest = rest[size:]
    if rest:
        decoded(rest + b"=" * (-len(rest) % 4), name)


def decoded(data, name):
    """Write what groups of four characters mean."""
    end = data.find(b"=")
    if 0 <= end < len(data) - 4:  # encoded in pieces: each has its own end
        end += 4 - end % 4
        decoded(data[:end], name)
        return decoded(data[end:], name)
    try:
        if data.strip(ALPHABET):
            raise ValueError
        proc.stdout.write(a2b_base64(data))
    except ValueError:
        raise Failure(name, "invalid input")
