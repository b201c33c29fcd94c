# unexpand - convert spaces to tabs
# usage: unexpand [-a] [-t TABS] [FILE...]
#
# Copy each FILE, or standard input, with tabs for the spaces at the beginning of a line.
#   -a  for all of two or more spaces before a tab stop      -t TABS  as in expand; includes -a
#   -f, --first-only  only at the beginning, also with -t
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/unexpand.html

from program import each, options
from text.columns import stops

proc = None

LONG = (("all", "a"), ("first-only", "f"), ("tabs", "t"))


async def __main__(args):
    opts, files = options(args, "aft:", LONG)
    everywhere = ("a" in opts or "t" in opts) and "f" not in opts
    tabs = stops(opts["t"] or "8")

    async def unexpand(name, stream):
        while data := await stream.block():
            if everywhere and b"  " in data or b" " in data or b"\t" in data:
                data = b"\n".join([packed(line, tabs, everywhere) for line in data.split(b"\n")])
            proc.stdout.write(data)

    return await each(files, unexpand)


def packed(line, tabs, everywhere):
    out = bytearray()
    column = 0
    blank = 0  # pending blanks
    for i, c in enumerate(line):
        if c == 32:
            blank += 1
            column += 1
            if tabs(column - 1) == column and (blank > 1 or not everywhere or line[i + 1 : i + 2] in (b" ", b"\t")):
                out.append(9)
                blank = 0
        elif c == 9:
            column = tabs(column)
            out.append(9)
            blank = 0
        else:
            out.extend(b" " * blank)
            blank = 0
            if not everywhere:
                return bytes(out) + line[i:]
            out.append(c)
            if c == 8:
                column = max(column - 1, 0)
            elif c & 0xC0 != 0x80:
                column += 1
    return bytes(out) + b" " * blank
