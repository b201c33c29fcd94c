# od - show the bytes of files
# usage: od [-aBbcDdeFfHhIiLlOosXxv] [-A BASE] [-j SKIP] [-N COUNT] [-t TYPE]... [-w WIDTH] [FILE...]
#
# Show the concatenated FILEs, or standard input; by default as octal words of two bytes.
#   -A BASE  offsets in d decimal, o octal, x hexadecimal, n none
#   -t TYPE  a characters with names, c characters, d u o x numbers of 1, 2, 4 or 8 bytes (-t x1), f of 4 or 8;
#            several types are shown one below the other, the suffix z adds the text
#   -a -b -c -d -f -i -l -o -s -x  types a o1 c u2 f4 d4 d8 o2 d2 x2      -B -h  types o2 x2
#   -D -e -F -H -I -L -O -X  types u4 f8 f8 x4 d8 d8 o4 x4      --traditional  no effect
#   -j SKIP, -N COUNT  skip bytes, show so many (0x10, 2k)      -w WIDTH  bytes in a line (16)
#   -v  all lines; otherwise * replaces repeated lines
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/od.html

import struct

from base.errors import Usage
from base.units import size
from dump.rows import Rows, character, printable
from program import options, status

proc = None

LETTERS = "A:aBbcDdeFfHhIij:LlN:Oost:vw:Xx"
LONG = (
    ("address-radix", "A"),
    ("skip-bytes", "j"),
    ("read-bytes", "N"),
    ("format", "t"),
    ("output-duplicates", "v"),
    ("width", "w"),
    "traditional",
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
        raise Usage("expected d, o, x or n", "-A")
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
    """Split the value of one -t into types: each begins with a letter."""
    out = []
    for c in value:
        if c in "acdfoux":
            out.append(c)
        elif not out:
            raise Usage("not a type", value)
        else:
            out[-1] += c
    return out


# --- The types that od shows.

_NAMES = "nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp"
_SIZES = (("C", 1), ("S", 2), ("I", 4), ("L", 8), ("F", 4), ("D", 8))
_WIDTHS = (  # columns of a number, by type and size in bytes
    ("o", ((1, 3), (2, 6), (4, 11), (8, 22))),
    ("d", ((1, 4), (2, 6), (4, 11), (8, 20))),
    ("u", ((1, 3), (2, 5), (4, 10), (8, 20))),
    ("x", ((1, 2), (2, 4), (4, 8), (8, 16))),
    ("f", ((4, 15), (8, 24))),
)


class Format:
    """One type: d4, x1z, c ..."""

    def __init__(self, text):
        self.text = text[-1:] == "z" and len(text) > 1
        self.kind = text[0]
        rest = text[1:-1] if self.text else text[1:]
        if self.kind in "ac":
            self.size, self.width = 1, 3
            if rest:
                raise Usage("not a type", text)
            return
        self.size = 8 if self.kind == "f" else 4
        for letter, count in _SIZES:
            if rest == letter:
                rest = str(count)
        if rest:
            self.size = int(rest) if rest.isdigit() else 0
        self.width = dict(dict(_WIDTHS)[self.kind]).get(self.size)
        if not self.width:
            raise Usage("not a type", text)

    def line(self, row, width, columns):
        """Return the text for a row. A full row has `width` bytes and takes `columns` columns."""
        texts = self.texts(row)
        count = width // self.size
        pad = left = columns - count * self.width  # blanks, distributed among the fields
        out = []
        for i, text in enumerate(texts):
            rest = pad * (count - 1 - i) // count
            out.append(" " * (left - rest + self.width - len(text)) + text)
            left = rest
        return "".join(out)

    def texts(self, row):
        """Return the fields of a row."""
        kind, count = self.kind, self.size
        if kind in "ac":
            show = _name if kind == "a" else character
            return [show(byte) for byte in row]
        code = {1: "b", 2: "h", 4: "i", 8: "q"}[count]
        if kind == "f":
            code = "f" if count == 4 else "d"
        elif kind != "d":
            code = code.upper()
        data = row + bytes(-len(row) % count)
        values = [struct.unpack_from("<" + code, data, i)[0] for i in range(0, len(data), count)]
        if kind == "f":
            return [_shortest(value, code) for value in values]
        form = "%d" if kind in "du" else f"%0{self.width}{kind}"
        return [form % value for value in values]


def _shortest(value, code):
    """Return the shortest text that reads back as the same number."""
    data = struct.pack(code, value)
    for digits in range(6, 18):
        text = f"%.{digits}g" % value
        if struct.pack(code, float(text)) == data:
            break
    return text


def _name(byte):
    byte &= 127
    return _NAMES.split()[byte] if byte <= 32 else "del" if byte == 127 else chr(byte)
