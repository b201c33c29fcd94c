# printf(1): a format with the conversions d i u o x X c s b q f F e E g G % (POSIX, and %q of other shells).
#
# What comes out is collected as bytes, for \377 is one byte and no character.

from micropython import const

from base.errors import Failure
from text.digits import count, float_digits, integer_digits
from text.quoting import ARGUMENT, OUTPUT, expand

_WIDTH_MAX = const(4096)  # columns of one field; also its precision
_OUT_MAX = const(262144)  # bytes from one call

_MASK = (1 << 64) - 1
_MAX = (1 << 63) - 1


class _Args:
    """The arguments, and what was wrong with them."""

    def __init__(self, args):
        self.args = args
        self.next = 0
        self.messages = []

    def text(self):
        """The next argument; "" where there is none."""
        if self.next >= len(self.args):
            return ""
        self.next += 1
        return self.args[self.next - 1]

    def count(self):
        """The next argument as a width or a precision."""
        value = self.integer(self.text(), _MAX)
        if abs(value) > _WIDTH_MAX:
            raise Failure("", f"{value}: wider than {_WIDTH_MAX}")
        return value

    def integer(self, text, top=_MASK):
        """A number from text: decimal, 0 octal, 0x hexadecimal, or the code of the character after a quote."""
        if text[:1] and text[0] in "'\"":
            return ord(text[1]) if len(text) > 1 else 0
        body = text.strip(" \t\n")
        sign = body[:1]
        if sign and sign in "+-":
            body = body[1:]
        base = 10
        if body[:1] == "0":
            base = 8
            if body[1:2] and body[1] in "xX":
                base = 16
                body = body[2:]
        value = 0
        good = 0
        for c in body:
            digit = "0123456789abcdef".find(c.lower())
            if not 0 <= digit < base:
                break
            good += 1
            if value <= _MASK:
                value = value * base + digit
        if good < len(body) or text[-1:] in (" ", "\t", "\n") or (text and not good):
            self.messages.append(f"{text}: invalid number" if not good else f"{text}: value not completely converted")
        else:
            if sign == "-":
                top = _MAX + 1
            if value > top:
                self.messages.append(f"{text}: out of range")
                value = top
        return -value if sign == "-" else value

    def floating(self, text):
        """A floating-point number from text."""
        body = text.strip(" \t\n").lower()
        start = 1 if body[:1] in ("+", "-") else 0
        if text[:1] in ("'", '"') or body[start : start + 2] == "0x":
            return float(self.integer(text))
        if body[start:] in ("inf", "infinity", "nan"):
            return float(body[:start] + body[start : start + 3])
        i = good = start
        seen = "."  # what may not come again: a point, later an exponent
        digits = False
        while i < len(body):
            c = body[i]
            i += 1
            if c.isdigit():
                digits = True
                good = i
            elif c == "." and seen == ".":
                seen = ""
                if digits:
                    good = i
            elif c == "e" and digits and seen != "e":
                seen = "e"
                if body[i : i + 1] in ("+", "-"):
                    i += 1
            else:
                break
        digits = good > start
        if good < len(body) or (text and not digits) or text[-1:] in (" ", "\t", "\n"):
            self.messages.append(f"{text}: value not completely converted" if digits else f"{text}: invalid number")
        return float(body[:good]) if digits else 0.0


def printf(format, args):
    """(output, messages): what printf prints, text or, where it is no UTF-8, bytes; and what it complains about.

    A message makes the status 1. It lacks the "printf: " in front.
    """
    items = _parse(format)
    source = _Args(args)
    out = bytearray()
    while True:
        before = source.next
        for item in items:
            if item is None:
                return _result(out), source.messages
            if isinstance(item, bytes):
                out.extend(item)
            elif not convert(out, item, source):
                return _result(out), source.messages
            if len(out) > _OUT_MAX:
                raise Failure("", f"more than {_OUT_MAX} bytes")
        if source.next >= len(args) or source.next == before:
            return _result(out), source.messages


def _result(out):
    try:
        return str(out, "utf-8")
    except UnicodeError:
        from base.surrogates import exact  # late: rare

        return exact(bytes(out))


def _parse(format):
    """The format as a list of bytes and of [flags, width, precision, conversion]; None where \\c ends the output."""
    data = format.encode()
    items = []
    i = 0
    while i < len(data):
        at = data.find(b"%", i)
        if at < 0:
            at = len(data)
        if at > i:
            text = bytearray()
            ended = expand(data[i:at], text, OUTPUT)
            items.append(bytes(text))
            if ended:
                items.append(None)
                break
        if at == len(data):
            break
        i = at + 1
        while i < len(data) and data[i] in b"-+ #0":
            i += 1
        flags = str(data[at + 1 : i], "utf-8")
        i, width = count(data, i)
        precision = -1
        if data[i : i + 1] == b".":
            i, precision = count(data, i + 1)
        while i < len(data) and data[i] in b"hlLjzt":
            i += 1
        conversion = str(data[i : i + 1], "utf-8") if i < len(data) and data[i] < 128 else ""
        i += 1
        if conversion == "%":
            items.append(b"%")
        elif conversion == "(" and (end := data.find(b")T", i)) >= 0:
            items.append([flags, width, precision, str(data[i:end], "utf-8") + "T"])
            i = end + 2
        elif conversion and conversion in "diuoxXcsbqfFeEgG":
            items.append([flags, width, precision, conversion])
        else:
            items.append([_clean(data[at:i]), 0, 0, ""])
            break
    return items


def _clean(data):
    return "".join(chr(c) for c in data if 32 <= c < 127)


def convert(out, item, source):
    """Append one conversion to out, its value from source (see _Args); False where the output ends with it."""
    flags, width, precision, conversion = item
    if not conversion:
        source.messages.append(f"{flags}: invalid conversion")
        return False
    if width == -2:
        width = source.count()
        if width < 0:
            width = -width
            flags += "-"
    if precision == -2:
        precision = max(-1, source.count())
    more = True
    zero = False
    if conversion[-1] == "T":  # %(...)T
        sign = ""
        text = _moment(conversion[:-1], source.text())
        text = text[:precision] if precision >= 0 else text
    elif conversion in "csbq":
        text = source.text()
        if conversion == "b":
            raw = bytearray()
            more = not expand(text.encode(), raw, ARGUMENT)
            text = _result(raw)
        elif conversion == "q":
            from text.quoting import backslashed  # late: rare

            text = backslashed(text)
        if conversion == "c":
            text = text.encode()[:1]  # a byte, as POSIX says
        elif precision >= 0:
            text = text[:precision]
        sign = ""
    else:
        zero = "0" in flags and "-" not in flags
        if conversion in "fFeEgG":
            sign, text = float_digits(source.floating(source.text()), conversion, precision, "#" in flags)
            zero = zero and text[0].isdigit()
        else:
            value = source.integer(source.text(), _MAX if conversion in "di" else _MASK)
            sign, text = integer_digits(value, conversion, precision, "#" in flags)
            zero = zero and precision < 0
        if not sign and conversion not in "uoxX":
            sign = "+" if "+" in flags else " " if " " in flags else ""
    if isinstance(text, str):
        size = len(sign) + len(text)
        text = text.encode()
    else:
        size = len(text)
    fill = width - size
    if fill > 0 and not zero and "-" not in flags:
        out.extend(b" " * fill)
    out.extend(sign.encode())
    if fill > 0 and zero:
        out.extend(b"0" * fill)
    out.extend(text)
    if fill > 0 and "-" in flags:
        out.extend(b" " * fill)
    return more


def _moment(form, when):
    """%(...)T: seconds since 1970 as strftime shows them; -1, -2 or nothing is now."""
    from base import clock  # late: rare
    from base.dates import from_unix, strftime
    from process import cpu

    try:
        seconds = int(when) if when else -1
    except ValueError:
        raise Failure(when, "not a number")
    moment = clock.now() if seconds < 0 else from_unix(seconds)
    return strftime(form or "%H:%M:%S", moment, cpu.current.getenv("TZ") or "")
