# hexdump - show the bytes of files
# usage: hexdump [-bcCdovx] [-n COUNT] [-s SKIP] [FILE...]
#
# Show each FILE one behind the other, or standard input, 16 bytes a line, with their place; words of two bytes,
# hexadecimal, unless an option says otherwise.
#   -C  bytes and text   -b  octal bytes   -c  characters   -d  decimal words   -o  octal words   -x  hexadecimal words
#   -n COUNT  at most so many bytes      -s SKIP  leave out so many at the beginning (0x10, 2k)
#   -v  all lines; otherwise * stands for lines that are equal to the one before

from program import options, status
from text.dump import Rows, printable
from text.sizes import size

proc = None

WIDTH = 16
ESCAPES = ((0, "\\0"), (7, "\\a"), (8, "\\b"), (9, "\\t"), (10, "\\n"), (11, "\\v"), (12, "\\f"), (13, "\\r"))


async def __main__(args):
    opts, files = options(
        args, "bcCdn:os:vx", (("canonical", "C"), ("length", "n"), ("skip", "s"), ("no-squeezing", "v"))
    )
    rows = Rows(files, WIDTH, size(opts["s"] or "0"), size(opts["n"]) if "n" in opts else -1)
    kinds = [letter for letter, _ in opts.order if letter in "bcCdox"] or [""]
    last = None
    starred = False
    while True:
        place, row = await rows.next()
        if not row:
            break
        if row == last and "v" not in opts:
            if not starred:
                proc.stdout.write("*\n")
            starred = True
            continue
        last, starred = row, False
        proc.stdout.write("".join([shown(place, row, kind) for kind in kinds]))
    if place:
        proc.stdout.write(f"{place:08x}\n" if "C" in opts else f"{place:07x}\n")
    return status()


def shown(place, row, kind):
    """A line of the dump."""
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


def character(byte):
    for code, text in ESCAPES:
        if code == byte:
            return text
    return chr(byte) if 32 <= byte < 127 else f"{byte:03o}"
