# od - show the bytes of files
# usage: od [-aBbcDdeFfHhIiLlOosXxv] [-A BASE] [-j SKIP] [-N COUNT] [-t TYPE]... [-w WIDTH] [FILE...]
#
# Show each FILE one behind the other, or standard input; octal words of two bytes unless an option says otherwise.
#   -A BASE  places in d decimal, o octal, x hexadecimal, n not at all
#   -t TYPE  a characters with names, c characters, d u o x numbers of 1, 2, 4 or 8 bytes (-t x1), f of 4 or 8;
#            several types are shown below each other, z behind one adds the text
#   -a -b -c -d -f -i -l -o -s -x  types a o1 c u2 f4 d4 d8 o2 d2 x2      -B -h  types o2 x2
#   -D -e -F -H -I -L -O -X  types u4 f8 f8 x4 d8 d8 o4 x4      --traditional  no effect
#   -j SKIP, -N COUNT  leave out bytes, show so many (0x10, 2k)      -w WIDTH  bytes in a line (16)
#   -v  all lines; otherwise * stands for lines that are equal to the one before
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/od.html

from base.errors import Usage
from program import options, status
from text.dump import Rows, printable
from text.sizes import size

proc = None

LETTERS = "A:aBbcDdeFfHhIij:LlN:Oost:vw:Xx!"
LONG = (
    ("address-radix", "A"),
    ("skip-bytes", "j"),
    ("read-bytes", "N"),
    ("format", "t"),
    ("output-duplicates", "v"),
    ("width", "w"),
    ("traditional", "!"),
)
SHORT = (
    ("a", "a"),
    ("B", "o2"),
    ("b", "o1"),
    ("c", "c"),
    ("D", "u4"),
    ("d", "u2"),
    ("e", "fD"),
    ("F", "fD"),
    ("f", "fF"),
    ("H", "x4"),
    ("h", "x2"),
    ("I", "d8"),
    ("i", "d4"),
    ("L", "d8"),
    ("l", "d8"),
    ("O", "o4"),
    ("o", "o2"),
    ("s", "d2"),
    ("X", "x4"),
    ("x", "x2"),
)
BASES = (("d", "%07d"), ("o", "%07o"), ("x", "%06x"), ("n", ""))


async def __main__(args):
    opts, files = options(args, LETTERS, LONG)
    address = None
    for letter, base in BASES:
        if letter == (opts["A"] or "o"):
            address = base
    if address is None:
        raise Usage("is d, o, x or n", "-A")
    from text.octal import Format  # late: after the options, where the stack is shallow

    formats = []
    for letter, value in opts.order:
        for short, meaning in SHORT:
            if letter == short:
                formats.append(Format(meaning))
        if letter == "t":
            for text in split(value):
                formats.append(Format(text))
    formats = formats or [Format("o2")]
    unit = max([form.size for form in formats])
    width = opts.number("w", 16)
    if width < 1 or width % unit:
        raise Usage("not a width", opts["w"])
    columns = max([(form.width + 1) * (width // form.size) for form in formats])
    rows = Rows(files, width, size(opts["j"] or "0"), size(opts["N"]) if "N" in opts else -1)
    while True:
        place, row = await rows.unlike(proc.stdout.write, "v" in opts)
        if not row:
            break
        title = address % place if address else ""
        for form in formats:
            text = form.line(row, width, columns)
            if form.text:
                text += " " * (columns - len(text)) + f"  >{printable(row)}<"
            proc.stdout.write(title + text + "\n")
            title = " " * len(title)
    if address:
        proc.stdout.write(address % place + "\n")
    return status()


def split(value):
    """The types of one -t: x1z2c is x1z, x2 ... no: each begins with a letter."""
    out = []
    for c in value:
        if c in "acdfoux":
            out.append(c)
        elif not out:
            raise Usage("not a type", value)
        else:
            out[-1] += c
    return out
