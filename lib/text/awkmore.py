# The functions of awk that POSIX does not have and others do: bits, gensub, dates.

from time import time

from base.errors import Failure
from process import cpu
from text.awkfun import replacement
from text.awknum import number


def more(m, name, values):
    """The value of a function."""
    if name == "gensub":
        return gensub(m, *values)
    if name == "strtonum":
        return strtonum(m.text(values[0]))
    if name == "strftime":
        return moment_as_text(m, values)
    if name == "systime":
        return now()
    if name == "mktime":
        return mktime(m.text(values[0]))
    numbers = [int(m.num(value)) for value in values]
    if min(numbers) < 0:
        raise Failure("", f"{name} takes no negative numbers", 2)
    result = numbers[0]
    if name == "compl":
        return ~result & 0x1FFFFFFFFFFFFF  # 53 bits, as gawk
    if name == "lshift":
        return result << min(numbers[1], 1023)
    if name == "rshift":
        return result >> numbers[1]
    for value in numbers[1:]:
        result = result & value if name == "and" else result | value if name == "or" else result ^ value
    return result


def gensub(m, what, by, how, target=None):
    """gsub whose result is the value, with groups in the replacement; how is "g" or which match is meant."""
    data = m.record() if target is None else m.text(target)
    parts = replacement(m.text(by), True)
    mode = m.text(how)
    which = 0 if mode[:1] in (b"g", b"G") else max(int(m.num(how)), 1)
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
    """The number that a text begins with, which may be hexadecimal or octal."""
    text = text.strip().lower()
    digits = text[2:] if text[:2] == b"0x" else text[1:] if text[:1] == b"0" else b""
    base = 16 if text[:2] == b"0x" else 8
    end = 0
    while end < len(digits) and 0 <= b"0123456789abcdef".find(digits[end : end + 1]) < base:
        end += 1
    if digits[end : end + 1] in (b".", b"e", b"8", b"9"):  # a decimal number that begins with 0
        end = 0
    return int(digits[:end].decode(), base) if end else number(text)[0]


def now():
    """The seconds since 1970."""
    from base.dates import from_unix

    return int(time()) - from_unix(0)


def moment_as_text(m, values):
    """strftime([FORMAT [, SECONDS [, UTC]]])."""
    from base.dates import from_unix, strftime

    form = m.text(values[0]).decode() if values else "%a %b %e %H:%M:%S %Z %Y"
    when = from_unix(int(m.num(values[1]))) if len(values) > 1 else int(time())
    zone = "" if len(values) > 2 and m.num(values[2]) else cpu.current.getenv("TZ") or ""
    return strftime(form, when, zone).encode()


def mktime(text):
    """The seconds of "YYYY MM DD HH MM SS"; -1 for anything else."""
    from base.dates import from_unix, seconds, utc

    try:
        year, month, day, hour, minute, second = [int(part) for part in text.split()[:6]]
    except ValueError:
        return -1
    when = seconds(year, month, day, hour, minute, second)
    return utc(when, cpu.current.getenv("TZ") or "") - from_unix(0)
