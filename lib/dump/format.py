# The format strings of hexdump -e: units [COUNT][/BYTES] "TEXT".

import struct

from micropython import const

from base.errors import Failure
from dump.rows import character
from text.digits import count
from text.printf import convert
from text.quoting import FORMAT, expand

_BLOCK_MAX = const(4096)  # limit for the bytes per line of output, and for its conversions

# The canned formats, as format strings: options that can be combined with -e.
USUAL = {
    "C": ('"%08.8_Ax\\n"', '"%08.8_ax  " 8/1 "%02x " "  " 8/1 "%02x "', '"  |" 16/1 "%_p" "|\\n"'),
    "b": ('"%07.7_Ax\\n"', '"%07.7_ax " 16/1 "%03o " "\\n"'),
    "c": ('"%07.7_Ax\\n"', '"%07.7_ax " 16/1 "%3_c " "\\n"'),
    "d": ('"%07.7_Ax\\n"', '"%07.7_ax " 8/2 "  %05u " "\\n"'),
    "o": ('"%07.7_Ax\\n"', '"%07.7_ax " 8/2 " %06o " "\\n"'),
    "x": ('"%07.7_Ax\\n"', '"%07.7_ax " 8/2 "   %04x " "\\n"'),
}

_NAMES = (
    "nul soh stx etx eot enq ack bel bs ht lf vt ff cr so si dle dcl dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us"
)


class Unit:
    """A unit: COUNT/BYTES "TEXT"."""

    def __init__(self, times, size, text):
        self.fixed = times >= 0
        self.times = times if self.fixed else 1
        self.parts = []  # [preceding text, what is shown, bytes it takes, an item of text.printf]
        self.blank = text[-1:] in (b" ", b"\t") or text[-2:] in (b"\\n", b"\\t")  # dropped at the end
        self.end = False  # shown once, after all data
        i = 0
        while i < len(text):
            i = self._part(text, i, size)
        if size and len([part for part in self.parts if part[2]]) > 1:
            raise Failure("", "byte count with multiple conversions")
        self.size = sum([part[2] for part in self.parts])

    def _part(self, text, i, size):
        """Parse a part of text at i, up to and including a conversion. Return the index after it."""
        at = text.find(b"%", i)
        before = bytearray()
        expand(text[i : at if at >= 0 else len(text)], before, FORMAT)
        if at < 0:
            self.parts.append([bytes(before), "", 0, None])
            return len(text)
        i = at + 1
        while text[i : i + 1] in (b"-", b"+", b" ", b"#", b"0"):
            i += 1
        flags = text[at + 1 : i].decode()
        i, width = count(text, i)
        precision = -1
        if text[i : i + 1] == b".":
            i, precision = count(text, i + 1)
        kind = text[i : i + 2 + (text[i + 1 : i + 2] in (b"a", b"A"))] if text[i : i + 1] == b"_" else text[i : i + 1]
        end = i + len(kind)
        kind = kind.decode()
        conversion = kind
        sizes = (1,)
        if kind in ("_ax", "_ao", "_ad", "_Ax", "_Ao", "_Ad"):
            self.end = self.end or kind[1] == "A"
            kind, conversion = "a", kind[2]
            size, sizes = 0, (0,)
        elif kind in ("_c", "_p", "_u", "c"):
            conversion = "s"
        elif kind and kind in "diouxX":
            sizes = (4, 1, 2, 8)
        elif kind and kind in "eEfgG":
            sizes = (8, 4)
        elif kind == "s":
            size = size or max(precision, 0)
            precision = size
            sizes = (size,)
            if not size:
                raise Failure("", "%s requires a byte count or a precision")
        else:
            raise Failure("", f"not a conversion: {text[at:end].decode()}")
        if size and size not in sizes:
            raise Failure("", f"not a count of bytes for %{kind}: {size}")
        if -2 in (width, precision):
            raise Failure("", "not a conversion: %*")
        self.parts.append([bytes(before), kind, size or sizes[0], [flags, width, precision, conversion]])
        return end


class Value:
    """The argument source for convert() of text.printf."""

    def __init__(self):
        self.value = None

    def text(self):
        return self.value

    def integer(self, value, top):
        return value

    def floating(self, value):
        return value


class Dump:
    """Formats lines of a dump; width: bytes per line."""

    def __init__(self, forms):
        self.forms = [list(units(form)) for form in forms]
        self.source = Value()
        sizes = [sum([unit.times * unit.size for unit in form]) for form in self.forms]
        self.width = max(sizes)
        parts = sum([unit.times * len(unit.parts) for form in self.forms for unit in form])
        if max(self.width, parts) > _BLOCK_MAX:
            raise Failure("", f"a line takes more than {_BLOCK_MAX} bytes or conversions")
        for form, size in zip(self.forms, sizes):  # noqa: B905
            if form and form[-1].size and not form[-1].fixed:
                form[-1].times += (self.width - size) // form[-1].size

    def line(self, place, row):
        """Return the text for a row."""
        out = bytearray()
        row = memoryview(row)
        for form in self.forms:
            at = 0
            for unit in form:
                if unit.end:
                    break
                for _ in range(unit.times):
                    for part in unit.parts:
                        self._show(out, part, place + at, row[at:], at >= len(row) < self.width)
                        at += part[2]
                if unit.blank and unit.times > 1:
                    out[-1:] = b""
        return bytes(out)

    def end(self, place):
        """Return the text after the data; place is the size of the data."""
        out = bytearray()
        for form in self.forms:
            for unit in form:
                if unit.end:
                    out = bytearray()  # only the last one counts
                    for part in unit.parts:
                        if part[1] in ("", "a"):
                            self._show(out, part, place, b"", False)
        return bytes(out)

    def _show(self, out, part, place, data, over):
        before, kind, size, item = part
        out.extend(before)
        if not kind:
            return
        flags, width, precision, conversion = item
        if over:
            out.extend(b" " * width)
            return
        if kind == "a":
            value = place
        elif conversion == "s":
            value = bytes(data[:size])
            if kind == "s":
                value = value.partition(b"\0")[0]
            elif kind == "_u":
                value, conversion = _named(value[0])
            elif kind != "c":
                value = character(value[0]) if kind == "_c" else chr(value[0]) if 32 <= value[0] < 127 else "."
        else:
            data = bytes(data[:size])
            data += bytes(size - len(data))
            code = ("f" if size == 4 else "d") if kind in "eEfgG" else {1: "b", 2: "h", 4: "i", 8: "q"}[size]
            value = struct.unpack("<" + (code if kind in "dieEfgG" else code.upper()), data)[0]
        self.source.value = value
        convert(out, [flags, width, precision, conversion], self.source)


def _named(byte):
    """Return (name or number, conversion) of a byte for %_u."""
    if byte < 32 or byte == 127:
        return (_NAMES.split()[byte] if byte < 32 else "del"), "s"
    return (chr(byte), "s") if byte < 127 else (byte, "x")


def units(form):
    """Parse the units of a format string."""
    data = form.encode()
    i = 0
    while True:
        i = _blanks(data, i)
        if i == len(data):
            return
        times = size = -1
        start = i
        i, number = count(data, i)
        if i > start:
            times = number
            if data[i : i + 1] not in (b" ", b"\t", b"/"):
                i = len(data)
        i = _blanks(data, i)
        if data[i : i + 1] == b"/":
            start = _blanks(data, i + 1)
            i, size = count(data, start)
            if i == start:
                i = len(data)
            i = _blanks(data, i)
        end = data.find(b'"', i + 1)
        if data[i : i + 1] != b'"' or end < 0 or -2 in (times, size):
            raise Failure("", f"not a format: {form}")
        yield Unit(times, max(size, 0), data[i + 1 : end])
        i = end + 1


def _blanks(data, i):
    while data[i : i + 1] in (b" ", b"\t", b"\n"):
        i += 1
    return i
