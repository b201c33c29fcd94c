# Values of awk: int and float, bytes, None for a variable that has none, and Input for what looks like a number but
# came as text, which compares as a number and prints as the text.

import math


class Input:
    """Text from outside that is a number."""

    def __init__(self, text, value):
        self.text = text
        self.value = value


def number(data, i=0):
    """(the number that begins at i, index behind it); (0, i) where none does."""
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
    """A value as a number."""
    kind = type(value)
    if kind is int or kind is float:
        return value
    if value is None:
        return 0
    if kind is Input:
        return value.value
    if value.isdigit():
        return int(value)
    return number(value.lstrip())[0] if value else 0


def look(data):
    """Text from outside as a value: Input where it is a number, with blanks around it perhaps."""
    if data.isdigit():
        return Input(data, int(data))
    if not data or data[0] not in b"0123456789+-. \t\n":
        return data
    body = data.strip()
    value, end = number(body)
    return Input(data, value) if end == len(body) and end else data


def text(value, form="%.6g"):
    """A value as bytes; form is CONVFMT."""
    kind = type(value)
    if kind is bytes:
        return value
    if kind is int:
        return b"%d" % value
    if value is None:
        return b""
    if kind is Input:
        return value.text
    if kind is float:
        if not math.isfinite(value):
            return (b"-" if value < 0 or math.copysign(1, value) < 0 else b"") + (b"nan" if value != value else b"inf")
        if abs(value) < 1e16 and value == int(value):
            return b"%d" % int(value)
        return (form % value).encode()
    raise TypeError


def true(value):
    """The truth of a value."""
    kind = type(value)
    if kind is bytes:
        return len(value) > 0
    return num(value) != 0


def short(value):
    """A float as an int where that is the same, so that small boards do not lose digits."""
    return int(value) if type(value) is float and -1e9 < value < 1e9 and value == int(value) else value
