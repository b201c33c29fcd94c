# strings - print the text in binary files
# usage: strings [-a] [-f] [-o] [-t FORMAT] [-n COUNT] [FILE...]
#
# Print sequences of at least 4 printable bytes in each FILE, or in standard input.
#   -n COUNT  the minimum length      -f  the file's name before each      -a  no effect
#   -t FORMAT  offsets: d decimal, o octal, x hexadecimal      -o  as -t d
# Deviations: ASCII only.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/strings.html

from micropython import const

from base.errors import Usage
from program import inputs, options, status

proc = None

TEXT_MAX = const(4096)  # bytes of one string; a longer one is printed in parts

LONG = (("all", "a"), ("bytes", "n"), ("print-file-name", "f"), ("radix", "t"))


async def __main__(args):
    opts, files = options(args, "afn:ot:", LONG, "n")
    least = opts.number("n", 4)
    radix = opts["t"] or ("d" if "o" in opts else "")
    if radix not in ("", "d", "o", "x"):
        raise Usage("expected d, o or x", "-t")
    if least < 1:
        raise Usage("not a count", opts["n"])
    for name, stream in inputs(files):
        await search(stream, f"{name}: " if "f" in opts else "", f"%7{radix} " if radix else "", least)
    return status()


async def search(stream, title, where, least):
    place = 0  # offset of the first byte of data
    text = bytearray()
    while data := await stream.read():
        for i, c in enumerate(data):
            if 32 <= c < 127 or c == 9:
                text.append(c)
                if len(text) < TEXT_MAX:
                    continue
                i += 1
            if len(text) >= least:
                show(text, title, where, place + i)
            if text:
                text = bytearray()
        place += len(data)
    if len(text) >= least:
        show(text, title, where, place)


def show(text, title, where, end):
    if where:
        title += where % (end - len(text))
    proc.stdout.write(title.encode() + text + b"\n")
