# hexdump - show the bytes of files
# usage: hexdump [-bcCdovx] [-e FORMAT]... [-f FILE] [-n COUNT] [-s SKIP] [FILE...]
#
# Show the concatenated FILEs, or standard input, 16 bytes a line, with offsets; by default as hexadecimal words of two
# bytes.
#   -C  bytes and text   -b  octal bytes   -c  characters   -d  decimal words   -o  octal words   -x  hexadecimal words
#   -e FORMAT  units of COUNT/BYTES "TEXT", for example '"%06_ax " 8/2 "%04x " "\n"'; in TEXT
#            %d %i %o %u %x %X numbers of 1, 2, 4 or 8 bytes, %e %f %g of 4 or 8, %c %s; %_a[dox] the offset,
#            %_A[dox] at the end of all, %_c %_p %_u a character with escapes, points or names
#   -f FILE  read FORMATs from FILE (except lines that begin with #)
#   -n COUNT  at most COUNT bytes      -s SKIP  skip bytes at the beginning (0x10, 2k)
#   -v  all lines; otherwise * replaces repeated lines

from base.units import size
from dump.rows import Rows, character, printable
from program import inputs, options, status

proc = None

WIDTH = 16


async def __main__(args):
    opts, files = options(
        args,
        "bcCde:f:n:os:vx",
        (
            ("canonical", "C"),
            ("format", "e"),
            ("format-file", "f"),
            ("length", "n"),
            ("skip", "s"),
            ("no-squeezing", "v"),
        ),
    )
    if "e" in opts or "f" in opts:
        from dump.format import USUAL, Dump  # late: rarely used

        dump = Dump(await formats(opts.order, USUAL))
        width, line, end = dump.width, dump.line, dump.end
    else:
        kinds = [letter for letter, _ in opts.order if letter in "bcCdox"] or [""]
        width = WIDTH

        def line(place, row):
            return "".join([shown(place, row, kind) for kind in kinds])

        def end(place):
            return f"{place:08x}\n" if kinds[-1] == "C" else f"{place:07x}\n"

    if status() or not width:
        return status()
    rows = Rows(files, width, size(opts["s"] or "0"), size(opts["n"]) if "n" in opts else -1)
    write = proc.stdout.write
    while True:
        place, row = await rows.unlike(write, "v" in opts)
        if not row:
            break
        write(line(place, row))
    if place:
        write(end(place))
    return status()


async def formats(order, usual):
    """Return the format strings of all options, in order."""
    forms = []
    for letter, value in order:
        forms.extend(usual.get(letter, ()))
        if letter == "e":
            forms.append(value)
        elif letter == "f":
            for _, stream in inputs([value]):
                while batch := await stream.lines():
                    texts = [text.decode().strip() for text in batch]
                    forms.extend([text for text in texts if text and text[0] != "#"])
    return forms


def shown(place, row, kind):
    """Return a line of the dump."""
    if kind == "C":
        cells = [f"{byte:02x}" for byte in row] + ["  "] * (WIDTH - len(row))
        return f"{place:08x}  {' '.join(cells[:8])}  {' '.join(cells[8:])}  |{printable(row)}|\n"
    if kind == "b":
        cells = [f"{byte:03o}" for byte in row]
        width = 3
    elif kind == "c":
        cells = [f"{character(byte):>3}" for byte in row]
        width = 3
    else:
        form, width = {"d": ("  %05d", 7), "o": (" %06o", 7), "x": ("   %04x", 7)}.get(kind, ("%04x", 4))
        data = row + b"\0" if len(row) & 1 else row
        cells = [form % (data[i] | data[i + 1] << 8) for i in range(0, len(data), 2)]
    count = WIDTH if width == 3 else WIDTH // 2
    cells += [" " * width] * (count - len(cells))
    return f"{place:07x} {' '.join(cells)}\n"
