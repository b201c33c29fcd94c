# Bytes as text in base 64 or 32 (RFC 4648) and back, as they come: what base64 and base32 share.

from base.errors import Failure
from process import cpu
from program import inputs, options, status

_LONG = (("decode", "d"), ("ignore-garbage", "i"), ("wrap", "w"))


async def main(args, size, letters, encoded, decoded):
    """The program. Groups of size bytes are so many characters as encoded() makes of them; letters: those there are."""
    opts, files = options(args, "diw:", _LONG)
    width = opts.number("w", 76)
    group = len(encoded(bytes(size)))
    for name, stream in inputs(files):
        if "d" in opts:
            await decode(stream, name, "i" in opts, group, letters, decoded)
        else:
            await encode(stream, width, size, encoded)
    return status()


async def encode(stream, width, group, encoded):
    write = cpu.current.stdout.write
    rest = b""
    column = 0
    while True:
        data = await stream.read()
        rest += data
        size = len(rest) - len(rest) % group if data else len(rest)
        text = encoded(rest[:size]) if size else b""
        rest = rest[size:]
        while width and text:
            part = text[: width - column]
            text = text[len(part) :]
            column += len(part)
            write(part)
            if column == width:
                write(b"\n")
                column = 0
        write(text)
        if not data:
            break
    if column:
        write(b"\n")


async def decode(stream, name, ignore, group, letters, decoded):
    rest = b""
    while data := await stream.read():
        data = b"".join(data.split())
        if ignore:
            data = bytes([byte for byte in data if byte in letters])
        rest += data
        size = len(rest) - len(rest) % group
        show(rest[:size], name, group, letters, decoded)
        rest = rest[size:]
    if rest:
        show(rest + b"=" * (-len(rest) % group), name, group, letters, decoded)


def show(data, name, group, letters, decoded):
    """Write what groups of characters mean."""
    while True:
        end = data.find(b"=")
        end = len(data) if end < 0 else end + -end % group or group  # encoded in pieces: each has its own end
        try:
            if data[:end].strip(letters):
                raise ValueError
            cpu.current.stdout.write(decoded(data[:end]))
        except ValueError:
            raise Failure(name, "invalid input")
        data = data[end:]
        if not data:
            return
