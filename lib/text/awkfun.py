# The built-in functions of awk; text.awkform has printf.

import math
from time import time

from base.errors import Failure
from process import cpu
from text.awknum import short

_RSTART, _RLENGTH = 11, 12

MORE = ("and", "or", "xor", "compl", "lshift", "rshift", "gensub", "strtonum", "strftime", "mktime", "systime")

_random = [0, 0]  # seed, state


def call(m, name, values):
    """The value of a function, or a coroutine that leaves it on the stack."""
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
        return m.format(values)
    if name == "tolower":
        return m.text(values[0]).lower()
    if name == "toupper":
        return m.text(values[0]).upper()
    if name in ("system", "close", "fflush"):
        return outside(m, name, values)
    if name in ("rand", "srand"):
        return random(m, name, values)
    if name in MORE:
        from text.awkmore import more  # late: few programs use them

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
    if mark is None or isinstance(mark, (int, float, bytes, m.input)):
        mark = m.text(mark)
    elif not mark.needle and mark.plain:  # //
        mark = b""
    parts = m.parted(data, mark)
    array = values[1]
    array.clear()
    for i, part in enumerate(parts):
        array[b"%d" % (i + 1)] = m.look(part)
    return len(parts)


def match(m, values):
    data = m.text(values[0])
    found = m.finder(values[1]).search(data)
    begin, end = found[:2] if found else (0, 0)
    m.globals[_RSTART] = m.length(data[:begin]) + 1 if found else 0
    m.globals[_RLENGTH] = m.length(data[begin:end]) if found else -1
    if len(values) > 2:  # as gawk: the groups
        values[2].clear()
        for k in range(0, len(found or ()), 2):
            if found[k] >= 0:
                values[2][b"%d" % (k // 2)] = m.look(data[found[k] : found[k + 1]])
    return m.globals[_RSTART]


def random(m, name, values):
    if name == "srand":
        before = _random[0]
        _random[0] = m.num(values[0]) if values else int(time())
        _random[1] = int(_random[0])
        return before
    for _ in range(2):
        _random[1] = (_random[1] * 1103515245 + 12345) & 0x7FFFFFFF
    return (_random[1] >> 8) / 8388608


async def outside(m, name, values):
    """The functions that wait: system, close and fflush."""
    m.flush()
    result = 0
    if name == "system":
        if m.files:
            m.files.flush()
        result = await cpu.current.run(m.text(values[0]).decode())
    elif name == "close":
        result = await m.files.close(m.text(values[0]).decode()) if m.files else -1
    elif m.files:
        m.files.flush()
    m.stack.append(result)


def replace(m, finder, by, before, everywhere):
    """(how many, the text) for sub and gsub."""
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
    """The parts of a replacement: bytes, and the number of a group (0 is all that was found); groups: \\1 to \\9, too."""
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
