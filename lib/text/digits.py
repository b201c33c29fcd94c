# The digits of numbers, as the conversions of printf(1), of awk and of hexdump show them.

from micropython import const

from base.errors import Failure

_WIDTH_MAX = const(4096)  # columns of one field; also its precision
_DIGITS = const(30)  # behind the point, as many as MicroPython's % takes
_MASK = (1 << 64) - 1


def count(data, i):
    """(index behind, value) of the number at i, -2 for a *."""
    if data[i : i + 1] == b"*":
        return i + 1, -2
    value = 0
    while i < len(data) and 48 <= data[i] < 58:
        value = value * 10 + data[i] - 48
        i += 1
        if value > _WIDTH_MAX:
            raise Failure("", f"field wider than {_WIDTH_MAX}")
    return i, value


def integer_digits(value, conversion, precision, alternate):
    """(sign or prefix, digits)."""
    sign = ""
    if conversion in "di":
        if value < 0:
            sign = "-"
            value = -value
        text = str(value)
    else:
        value &= _MASK
        text = ("%d" if conversion == "u" else "%" + conversion) % value
        if alternate and value and conversion in "xX":
            sign = "0" + conversion
    if not value and precision == 0:
        text = ""
    if len(text) < precision:
        text = "0" * (precision - len(text)) + text
    if alternate and conversion == "o" and text[:1] != "0":
        text = "0" + text
    return sign, text


def _half_to_even(value, precision):
    """value, which MicroPython rounds up where it lies in the middle, moved to the even neighbour there, as C rounds."""
    part = abs(value)
    bits = 0
    while part % 1 and bits < 24:  # exact: what lies in the middle has few bits
        part *= 2
        bits += 1
    double = int(part) * 10**precision * 2
    if part % 1 or double & ((1 << bits) - 1) or not (double >> bits) & 1:
        return value
    whole = double >> bits + 1
    middle = (whole + (whole & 1)) / 10**precision
    return -middle if value < 0 else middle


def float_digits(value, conversion, precision, alternate):
    """(sign, digits); digits behind the point that MicroPython does not give are zeros."""
    if precision < 0:
        precision = 6
    if conversion in "fF" and precision < 10 and abs(value) < 1e9:
        value = _half_to_even(value, precision)
    text = f"%.{min(precision, _DIGITS)}{conversion}" % value
    sign = ""
    if text[0] == "-":
        sign = "-"
        text = text[1:]
    if conversion in "fF" and "e" in text.lower():  # MicroPython falls back to %e where the number is long
        text = str(int(abs(value)))
        if precision:
            text += "." + "0" * precision
    if text[0].isdigit() and conversion in "fF":
        if precision:
            text += "0" * (precision - (len(text) - text.find(".") - 1))
        elif alternate:
            text += "."
    elif alternate and conversion in "gG" and text[0].isdigit():
        head, e, tail = text.partition("e" if conversion == "g" else "E")
        digits = len(head.replace(".", "").lstrip("0")) or 1
        head += "" if "." in head else "."
        text = head + "0" * ((precision or 1) - digits) + e + tail
    return sign, text
