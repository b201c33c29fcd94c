# What printf and sprintf of awk print.

import math

from text.digits import count, float_digits, integer_digits


def format(m, values):
    """What printf prints."""
    data = m.text(values[0])
    used = 1
    out = []
    i = 0
    while True:
        at = data.find(b"%", i)
        if at < 0 or at + 1 == len(data):
            out.append(data[i:])
            break
        out.append(data[i:at])
        i = at + 1
        while i < len(data) and data[i] in b"-+ #0":
            i += 1
        flags = data[at + 1 : i].decode()
        i, width = count(data, i)
        precision = -1
        if width == -2:
            width = int(m.num(values[used])) if used < len(values) else 0
            used += 1
            if width < 0:
                flags += "-"
                width = -width
        if data[i : i + 1] == b".":
            i, precision = count(data, i + 1)
            if precision == -2:
                precision = int(m.num(values[used])) if used < len(values) else 0
                used += 1
        while data[i : i + 1] in (b"l", b"h"):
            i += 1
        conversion = chr(data[i]) if i < len(data) else ""
        i += 1
        if conversion == "%":
            out.append(b"%")
            continue
        if not conversion or conversion not in "diouxXcsfFeEgG":
            out.append(data[at:i])
            continue
        value = values[used] if used < len(values) else None
        used += 1
        out.append(converted(m, value, conversion, flags, width, precision))
    return m.limited(b"".join(out))


def converted(m, value, conversion, flags, width, precision):
    zero = False
    sign = ""
    if conversion == "c":
        if isinstance(value, m.input):
            value = value.value
        if type(value) is bytes:
            text = m.decoded(value)[:1].encode() or b"\0"
        else:
            text = chr(int(m.num(value)) & 0x1FFFFF).encode()
    elif conversion == "s":
        text = m.text(value)
        if 0 <= precision < len(text):
            text = m.cut(text, 0, precision)
    else:
        value = m.num(value)
        zero = "0" in flags and "-" not in flags
        if conversion in "fFeEgG" or (type(value) is float and not math.isfinite(value)):
            kind = conversion if conversion in "fFeEgG" else "f"
            sign, text = float_digits(value, kind, precision, "#" in flags)
            zero = zero and text[0].isdigit()
        else:
            sign, text = integer_digits(int(value), "d" if conversion == "i" else conversion, precision, "#" in flags)
            zero = zero and precision < 0
        if not sign and conversion not in "uoxX":
            sign = "+" if "+" in flags else " " if " " in flags else ""
        text = text.encode()
    fill = width - m.length(text) - len(sign)
    if fill <= 0:
        return sign.encode() + text
    if zero:
        return sign.encode() + b"0" * fill + text
    if "-" in flags:
        return sign.encode() + text + b" " * fill
    return b" " * fill + sign.encode() + text
