# awk's values: int and float, bytes, None for an unset variable, and Strnum for input that looks like a number (POSIX:
# numeric string), which compares as a number and prints as it was read.
#
# The escapes of strings and regular expressions are here, too, since -v and FS need them at run time.

import math

from micropython import const

from base.errors import Failure

_ENDLESS = const(1 << 53)  # stands for infinity where an int is needed: more than every limit


class Strnum:
    """A numeric string."""

    def __init__(self, text, value):
        self.text = text
        self.value = value


class Cell:
    """An unset variable passed to a function, which may use it as an array."""

    def __init__(self, values, slot):
        self.values = values
        self.slot = slot

    def array(self):
        cell = self
        while isinstance(cell.values[cell.slot], Cell):
            cell = cell.values[cell.slot]
        value = cell.values[cell.slot]
        if value is None:
            value = cell.values[cell.slot] = {}
        return value


def number(data, i=0):
    """Return (the number at index i, the index after it), or (0, i) if there is none."""
    n = len(data)
    start = i
    if i < n and data[i] in b"+-":
        i += 1
    digits = i
    while i < n and 48 <= data[i] <= 57:
        i += 1
    whole = i - digits
    end = i
    if i < n and data[i] == 46:
        i += 1
        while i < n and 48 <= data[i] <= 57:
            i += 1
        if whole or i - end > 1:
            end = i
    if end == digits:
        return 0, start
    if i < n and data[i] in b"eE":
        i += 1
        if i < n and data[i] in b"+-":
            i += 1
        if i < n and 48 <= data[i] <= 57:
            while i < n and 48 <= data[i] <= 57:
                i += 1
            end = i
    if end == digits + whole:
        return int(data[start:end]), end
    value = float(data[start:end].decode())
    if abs(value) < 1e15 and value == int(value):
        value = int(value)
    return value, end


def num(value):
    """Convert a value to a number."""
    kind = type(value)
    if kind is int or kind is float:
        return value
    if value is None:
        return 0
    if kind is Strnum:
        return value.value
    if value.isdigit():
        return int(value)
    return number(value.lstrip())[0] if value else 0


def strnum(data):
    """Return data as a value: a Strnum if it is a number, blanks around it allowed."""
    if data.isdigit():
        return Strnum(data, int(data))
    if not data or data[0] not in b"0123456789+-. \t\n":
        return data
    body = data.strip()
    value, end = number(body)
    return Strnum(data, value) if end == len(body) and end else data


def text(value, form="%.6g"):
    """Convert a value to bytes; form is CONVFMT."""
    kind = type(value)
    if kind is bytes:
        return value
    if kind is int:
        return b"%d" % value
    if value is None:
        return b""
    if kind is Strnum:
        return value.text
    if kind is float:
        if not math.isfinite(value):
            return (b"-" if value < 0 or math.copysign(1, value) < 0 else b"") + (b"nan" if value != value else b"inf")
        if abs(value) < 1e16 and value == int(value):
            return b"%d" % int(value)
        return (form % value).encode()
    raise TypeError


def true(value):
    """Return whether a value is true."""
    kind = type(value)
    if kind is bytes:
        return len(value) > 0
    return num(value) != 0


def short(value):
    """Return an integral float as an int: floats have few digits on small boards."""
    return int(value) if type(value) is float and -1e9 < value < 1e9 and value == int(value) else value


_ESCAPES = b"abfnrtv"
_VALUES = b"\a\b\f\n\r\t\v"
_DIGITS = b"0123456789abcdef"


def unescape(text, i, out):
    """Append the escape sequence whose backslash precedes i. Return the index after it."""
    c = text[i]
    at = _ESCAPES.find(bytes((c,)))
    if at >= 0:
        out.append(_VALUES[at])
    elif 48 <= c <= 55:
        value = 0
        end = i
        while end < i + 3 and end < len(text) and 48 <= text[end] <= 55:
            value = value * 8 + text[end] - 48
            end += 1
        out.append(value & 255)
        return end
    elif c in b"xu":
        value = 0
        end = i + 1
        while end < i + (3 if c == 120 else 9) and (digit := _DIGITS.find(text[end : end + 1].lower() or b"?")) >= 0:
            value = value * 16 + digit
            end += 1
        if end == i + 1 or value > 0x10FFFF:
            out.append(92)
            out.append(c)
            return i + 1
        out.extend(bytes((value,)) if c == 120 else chr(value).encode())
        return end
    elif c == 10:
        pass  # line continuation
    elif c in b'"\\/':
        out.append(c)
    else:
        out.append(92)
        out.append(c)
    return i + 1


def decoded(data):
    """Decode data; if it is not valid UTF-8, each byte becomes a character."""
    try:
        return data.decode()
    except UnicodeError:
        return "".join([chr(byte) for byte in data])


def integer(value):
    """Convert a number to int. Infinity becomes a value beyond every limit, NaN becomes 0."""
    try:
        return int(value)
    except OverflowError:
        return _ENDLESS if value > 0 else -_ENDLESS
    except ValueError:
        return 0


def as_name(data):
    """Decode a file name or command line, or raise Failure."""
    try:
        return data.decode()
    except UnicodeError:
        raise Failure("", "the name of a file or a command is not valid UTF-8", 2)


def strings(text):
    """Replace the escapes in text, as for -v."""
    if b"\\" not in text:
        return text
    out = bytearray()
    i = 0
    while i < len(text):
        c = text[i]
        i += 1
        if c == 92 and i < len(text):
            i = unescape(text, i, out)
        else:
            out.append(c)
    return bytes(out)


def pattern(text):
    """Convert awk's regular expression syntax to that of regex.parser: replace escapes, also in brackets."""
    if b"\\" not in text:
        return decoded(text)
    out = bytearray()
    i = 0
    n = len(text)
    inside = None  # content of the open bracket
    closing = False  # it contains ]
    while i < n:
        c = text[i]
        i += 1
        if c == 92 and i < n:
            c = text[i]
            special = c in b".[]()*+?{}|^$\\wWsSbB<>`'" and not 48 <= c <= 57
            data = bytearray()
            if special:
                data.append(c)
                i += 1
            else:
                i = unescape(text, i, data)
                data = data[1:] if data[:1] == b"\\" else data
                special = len(data) == 1 and data[0] in b".[]()*+?{}|^$"
            if inside is None:
                if c == 121:
                    out.extend(b"\\b")  # gawk's word boundary
                else:
                    out.extend(b"\\" + data if special else data)
            elif data == b"]":
                closing = True
            else:
                inside.extend(data)
        elif inside is None:
            out.append(c)
            if c == 91:
                inside = bytearray()
                closing = False
                if text[i : i + 1] == b"^":
                    out.append(94)
                    i += 1
                if text[i : i + 1] == b"]":
                    closing = True
                    i += 1
        elif c == 91 and text[i : i + 1] == b":" and (end := text.find(b":]", i)) > 0:
            inside.extend(text[i - 1 : end + 2])
            i = end + 2
        elif c == 93:
            if closing:
                out.append(93)
            if inside[:1] == b"^" and not closing and out[-1:] == b"[":
                inside = inside[1:] + b"^"
            out.extend(inside)
            out.append(93)
            inside = None
        else:
            inside.append(c)
    return decoded(bytes(out))
