# The types of numbers and characters that od shows.

import struct

from base.errors import Usage
from text.dump import character

_NAMES = "nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp"
_SIZES = (("C", 1), ("S", 2), ("I", 4), ("L", 8), ("F", 4), ("D", 8))
_WIDTHS = {  # columns of a number, by type and bytes
    "o": {1: 3, 2: 6, 4: 11, 8: 22},
    "d": {1: 4, 2: 6, 4: 11, 8: 20},
    "u": {1: 3, 2: 5, 4: 10, 8: 20},
    "x": {1: 2, 2: 4, 4: 8, 8: 16},
    "f": {4: 15, 8: 24},
}


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
        for letter, size in _SIZES:
            if rest == letter:
                rest = str(size)
        if rest:
            self.size = int(rest) if rest.isdigit() else 0
        if self.size not in _WIDTHS[self.kind]:
            raise Usage("not a type", text)
        self.width = _WIDTHS[self.kind][self.size]

    def line(self, row, width, columns):
        """What stands for a row; a row of `width` bytes has so many columns."""
        texts = self.texts(row)
        count = width // self.size
        pad = left = columns - count * self.width  # blanks: spread over the fields
        out = []
        for i, text in enumerate(texts):
            rest = pad * (count - 1 - i) // count
            out.append(" " * (left - rest + self.width - len(text)) + text)
            left = rest
        return "".join(out)

    def texts(self, row):
        """The fields of a row."""
        kind, size = self.kind, self.size
        if kind in "ac":
            show = _name if kind == "a" else character
            return [show(byte) for byte in row]
        code = {1: "b", 2: "h", 4: "i", 8: "q"}[size]
        if kind == "f":
            code = "f" if size == 4 else "d"
        elif kind != "d":
            code = code.upper()
        data = row + bytes(-len(row) % size)
        values = [struct.unpack_from("<" + code, data, i)[0] for i in range(0, len(data), size)]
        if kind == "f":
            return [_shortest(value, code) for value in values]
        form = "%d" if kind in "du" else f"%0{self.width}{kind}"
        return [form % value for value in values]


def _shortest(value, code):
    """The shortest text that stands for a number."""
    data = struct.pack(code, value)
    for digits in range(6, 18):
        text = f"%.{digits}g" % value
        if struct.pack(code, float(text)) == data:
            break
    return text


def _name(byte):
    byte &= 127
    return _NAMES.split()[byte] if byte <= 32 else "del" if byte == 127 else chr(byte)
