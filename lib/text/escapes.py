# Backslash escapes, for printf, its %b and $'...'. On bytes, where an index costs the same everywhere.

from micropython import const

FORMAT = const(0)  # printf's format: \nnn, and \' \" \? are the characters
ARGUMENT = const(1)  # %b: \nnn and \0nnn
QUOTE = const(2)  # $'...': as FORMAT, and \cX
OUTPUT = const(3)  # as FORMAT, and \c ends it

_LETTERS = b"abeEfnrtv\\"
_BYTES = b"\a\b\x1b\x1b\f\n\r\t\v\\"


def expand(data, out, kind):
    r"""Append data to the bytearray out with its escapes replaced; True where \c (in ARGUMENT and OUTPUT) ended it.

    An unknown escape stands for itself.
    """
    i = 0
    while True:
        at = data.find(b"\\", i)
        if at < 0 or at + 1 == len(data):
            out.extend(data[i:])
            return False
        out.extend(data[i:at])
        i = at + 2
        c = data[at + 1]
        known = _LETTERS.find(bytes((c,)))
        if known >= 0:
            out.append(_BYTES[known])
        elif 48 <= c < 56:  # 0 to 7
            i, value = _number(data, at + 1, 4 if kind == ARGUMENT and c == 48 else 3, 8)
            out.append(value & 255)
        elif c in b"xuU":
            end, value = _number(data, i, 2 if c == 120 else 4 if c == 117 else 8, 16)
            if end == i:
                out.extend(data[at:end])
            elif c == 120:
                out.append(value)
            else:
                valid = value < 0x110000 and not 0xD800 <= value < 0xE000
                out.extend(chr(value if valid else 0xFFFD).encode())
            i = end
        elif c in b"'\"?" and kind != ARGUMENT:
            out.append(c)
        elif c == 99 and kind in (ARGUMENT, OUTPUT):
            return True
        elif c == 99 and kind == QUOTE and i < len(data):
            out.append(127 if data[i] == 63 else data[i] & 31)
            i += 1
        else:
            out.extend(data[at:i])


def _number(data, i, most, base):
    """(index behind, value) of up to `most` digits at i."""
    value = 0
    for c in data[i : i + most]:
        digit = c - 48
        if digit > 9:
            digit = (c | 32) - 87
            if digit < 10:
                break
        if not 0 <= digit < base:
            break
        value = value * base + digit
        i += 1
    return i, value
