# awk's built-in functions, including gawk's (bit operations, gensub, dates), and printf.

import math
from time import time

from awk.values import as_name, decoded, integer, number, short
from base.errors import Failure
from process import cpu
from text.digits import count, float_digits, integer_digits

_RSTART, _RLENGTH = 11, 12

MORE = ("and", "or", "xor", "compl", "lshift", "rshift", "gensub", "strtonum", "strftime", "mktime", "systime")

_random = [0, 0]  # seed, state


def call(m, name, values):
    """Call a function. Return its value, or a coroutine that pushes it on the stack."""
    if name == "length":
        value = values[0]
        return len(value) if type(value) is dict else m.length(m.text(value))
    if name == "substr":
        return substr(m, values)
    if name == "index":
        data = m.text(values[0])
        at = data.find(m.text(values[1]))
        return m.length(data[:at]) + 1 if at >= 0 else 0
    if name == "split":
        return split(m, values)
    if name == "match":
        return match(m, values)
    if name == "sprintf":
        return format(m, values)
    if name in ("tolower", "toupper"):
        from text import case  # late: few change letters

        return (case.lower if name == "tolower" else case.upper)(m.text(values[0]))
    if name in ("system", "close", "fflush"):
        return outside(m, name, values)
    if name in ("rand", "srand"):
        return random(m, name, values)
    if name in MORE:
        return more(m, name, values)
    value = m.num(values[0]) if values else 0
    if name == "int":
        return int(value) if type(value) is int or math.isfinite(value) else value
    try:
        if name == "atan2":
            return short(math.atan2(value, m.num(values[1])))
        return short(getattr(math, name)(value))
    except OverflowError:
        return float("inf")
    except (ValueError, ZeroDivisionError):
        return float("-inf") if name == "log" and not value else float("nan")
    except IndexError:
        raise Failure("", f"wrong number of arguments for {name}", 2)


def substr(m, values):
    data = m.text(values[0])
    first = rounded(m.num(values[1]))
    end = first + rounded(m.num(values[2])) if len(values) > 2 else 1 << 40
    first = max(first, 1) - 1
    end = max(end - 1, first)
    return m.cut(data, first, end)


def rounded(value):
    if type(value) is int:
        return value
    return int(math.floor(value + 0.5)) if math.isfinite(value) else (1 << 39 if value > 0 else 0)


def split(m, values):
    data = m.text(values[0])
    mark = m.globals[3] if len(values) < 3 else values[2]
    if mark is None or isinstance(mark, (int, float, bytes, m.Strnum)):
        mark = m.text(mark)
    elif not mark.needle and mark.plain:  # //
        mark = b""
    parts = m.parted(data, mark)
    array = values[1]
    array.clear()
    for i, part in enumerate(parts):
        array[b"%d" % (i + 1)] = m.strnum(part)
    return len(parts)


def match(m, values):
    data = m.text(values[0])
    found = m.finder(values[1]).search(data)
    begin, end = found[:2] if found else (0, 0)
    m.globals[_RSTART] = m.length(data[:begin]) + 1 if found else 0
    m.globals[_RLENGTH] = m.length(data[begin:end]) if found else -1
    if len(values) > 2:  # gawk: store the capture groups
        values[2].clear()
        for k in range(0, len(found or ()), 2):
            if found[k] >= 0:
                values[2][b"%d" % (k // 2)] = m.strnum(data[found[k] : found[k + 1]])
    return m.globals[_RSTART]


def random(m, name, values):
    if name == "srand":
        before = _random[0]
        _random[0] = m.num(values[0]) if values else int(time())
        _random[1] = integer(_random[0])
        return before
    for _ in range(2):
        _random[1] = (_random[1] * 1103515245 + 12345) & 0x7FFFFFFF
    return (_random[1] >> 8) / 8388608


async def outside(m, name, values):
    """Run system, close or fflush, which wait."""
    m.flush()
    result = 0
    if name == "system":
        if m.files:
            m.files.flush()
        result = await cpu.current.run(as_name(m.text(values[0])))
    elif name == "close":
        result = await m.files.close(as_name(m.text(values[0]))) if m.files else -1
    elif m.files:
        m.files.flush()
    m.stack.append(result)


def replace(m, finder, by, before, everywhere):
    """Replace matches, for sub and gsub. Return (count, text)."""
    parts = [by]
    if b"&" in by or b"\\" in by:
        parts = replacement(by)
    out = []
    copied = times = 0
    for found in finder.matches(before):
        begin, end = found[0], found[1]
        times += 1
        out.append(before[copied:begin])
        for part in parts:
            out.append(before[begin:end] if type(part) is int else part)
        if len(out) > 100:
            out = [b"".join(out)]
        copied = end
        if not everywhere:
            break
    out.append(before[copied:])
    return times, m.limited(b"".join(out))


def replacement(by, groups=False):
    """Parse a replacement into bytes and group numbers (0: the whole match). groups: support \\1 to \\9 as well."""
    parts = []
    text = bytearray()
    i = 0
    while i < len(by):
        c = by[i]
        i += 1
        group = -1
        if c == 38:
            group = 0
        elif c == 92 and i < len(by) and (groups or by[i] in b"&\\"):
            c = by[i]
            i += 1
            if groups and 48 <= c <= 57:
                group = c - 48
        if group < 0:
            text.append(c)
        else:
            parts += [bytes(text), group]
            text = bytearray()
    parts.append(bytes(text))
    return parts


def more(m, name, values):
    """Call one of the less common functions and return its value."""
    if name == "gensub":
        return gensub(m, *values)
    if name == "strtonum":
        return strtonum(m.text(values[0]))
    if name == "strftime":
        return strftime_of(m, values)
    if name == "systime":
        return now()
    if name == "mktime":
        return mktime(m.text(values[0]))
    numbers = [integer(m.num(value)) for value in values]
    if min(numbers) < 0:
        raise Failure("", f"{name}: negative values are not allowed", 2)
    result = numbers[0]
    if name == "compl":
        return ~result & 0x1FFFFFFFFFFFFF  # 53 bits, as in gawk
    if name == "lshift":
        return result << min(numbers[1], 1023)
    if name == "rshift":
        return result >> numbers[1]
    for value in numbers[1:]:
        result = result & value if name == "and" else result | value if name == "or" else result ^ value
    return result


def gensub(m, what, by, how, target=None):
    """Return target with matches replaced. by may refer to groups; how is "g" or the number of the match to replace."""
    data = m.record() if target is None else m.text(target)
    parts = replacement(m.text(by), True)
    mode = m.text(how)
    which = 0 if mode[:1] in (b"g", b"G") else max(integer(m.num(how)), 1)
    out = []
    copied = count = 0
    for found in m.finder(what).matches(data):
        count += 1
        if which and count != which:
            continue
        out.append(data[copied : found[0]])
        for part in parts:
            if type(part) is int:
                begin, end = found[2 * part : 2 * part + 2] if 2 * part < len(found) else (-1, -1)
                part = data[begin:end] if begin >= 0 else b""
            out.append(part)
        copied = found[1]
        if which:
            break
    out.append(data[copied:])
    return m.limited(b"".join(out))


def strtonum(text):
    """Return the leading number of text, which may be hexadecimal or octal."""
    text = text.strip().lower()
    digits = text[2:] if text[:2] == b"0x" else text[1:] if text[:1] == b"0" else b""
    base = 16 if text[:2] == b"0x" else 8
    end = 0
    while end < len(digits) and 0 <= b"0123456789abcdef".find(digits[end : end + 1]) < base:
        end += 1
    if digits[end : end + 1] in (b".", b"e", b"8", b"9"):  # a decimal number with a leading 0
        end = 0
    return int(digits[:end].decode(), base) if end else number(text)[0]


def now():
    """Return the seconds since 1970."""
    from base.dates import from_unix  # late: rare

    return int(time()) - from_unix(0)


def strftime_of(m, values):
    """Implement strftime([FORMAT [, SECONDS [, UTC]]])."""
    from base.dates import from_unix, strftime  # late: rare

    form = decoded(m.text(values[0])) if values else "%a %b %e %H:%M:%S %Z %Y"
    when = from_unix(integer(m.num(values[1]))) if len(values) > 1 else int(time())
    zone = "" if len(values) > 2 and m.num(values[2]) else cpu.current.getenv("TZ") or ""
    return strftime(form, when, zone).encode()


def mktime(text):
    """Return the timestamp of "YYYY MM DD HH MM SS", or -1 if it is malformed."""
    from base.dates import from_unix, seconds, utc  # late: rare

    try:
        year, month, day, hour, minute, second = [int(part) for part in text.split()[:6]]
    except ValueError:
        return -1
    when = seconds(year, month, day, hour, minute, second)
    return utc(when, cpu.current.getenv("TZ") or "") - from_unix(0)


def format(m, values):
    """Format values as printf does."""
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
        flags = decoded(data[at + 1 : i])
        i, width = count(data, i)
        precision = -1
        if width == -2:
            width = integer(m.num(values[used])) if used < len(values) else 0
            used += 1
            if width < 0:
                flags += "-"
                width = -width
        if data[i : i + 1] == b".":
            i, precision = count(data, i + 1)
            if precision == -2:
                precision = integer(m.num(values[used])) if used < len(values) else 0
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
        if isinstance(value, m.Strnum):
            value = value.value
        if type(value) is bytes:
            text = decoded(value)[:1].encode() or b"\0"
        else:
            code = integer(m.num(value))
            text = chr(code).encode() if 0 <= code <= 0x10FFFF else bytes((code & 255,))  # as in gawk
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
