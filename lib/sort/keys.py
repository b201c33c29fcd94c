# Sort keys: which part of a line is compared, and how.

from hashlib import sha256

from base.errors import Usage

_FLAGS = "bdfghiMnrV"
_MONTHS = b"JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_UNITS = b"KMGTPEZY"


def values(line, keys, mark, backwards):
    """Return the sort keys of a line for a list sorted in descending order or not. mark: field separator, or None."""
    found = []
    for key in keys:
        flags = key[4]
        value = _value(_part(line, key, mark), flags)
        found.append(_inverted(value) if ("r" in flags) != backwards else value)
    return found


def _part(line, key, mark):
    """Return the part of a line that a key compares."""
    first, first_char, last, last_char, _, skip, skip_end = key
    if first == 1 and not first_char and last is None and not skip:
        return line
    start = _place(line, first, skip, mark)[0] + max(first_char - 1, 0)
    if last is None:
        return line[start:]
    if last_char:
        end = _place(line, last, skip_end, mark)[0] + last_char
    else:
        end, passed = _place(line, last + 1, False, mark)
        if mark and end <= len(line) and line[end - 1 : end] == mark and passed >= last:
            end -= 1
    return line[start:end]


def _place(line, field, skip, mark):
    """Return (index of a field, separators before it), or the end of the line if there are fewer fields."""
    at = passed = 0
    if mark:
        while passed < field - 1:
            end = line.find(mark, at)
            if end < 0:
                return len(line), passed
            at = end + len(mark)
            passed += 1
    else:
        for _ in range(field - 1):
            at = _blanks(line, at)
            while at < len(line) and line[at] not in b" \t":
                at += 1
    return (_blanks(line, at) if skip else at), passed


def _blanks(line, at):
    while at < len(line) and line[at] in b" \t":
        at += 1
    return at


def key(text, common):
    """Parse a key: (field, character, last field, last character, flags, skip blanks at the start, at the end)."""
    begin, comma, end = text.partition(",")
    first, first_char, flags = _position(begin, text)
    if "." in begin and not first_char:  # zero is the end of a field, which only a second position can be
        raise Usage("wrong key", text)
    last, last_char, more = _position(end, text) if comma else (None, 0, "")
    if not flags and not more:
        flags = more = common
    return first, first_char, last, last_char, flags + more, "b" in flags, "b" in more


def _position(text, whole):
    number = text.rstrip(_FLAGS)
    field, _, char = number.partition(".")
    try:
        values = int(field), int(char or 0)
    except ValueError:
        raise Usage("wrong key", whole)
    if values[0] < 1:
        raise Usage("wrong key", whole)
    return values[0], values[1], text[len(number) :]


def _value(part, flags):
    """Return the comparable value of a part: bytes, a number, or a tuple."""
    if "n" in flags:
        return _number(part)[0]
    if "g" in flags:
        return _float(part)
    if "h" in flags:
        value, rest = _number(part)
        return (_UNITS.find(rest[:1].replace(b"k", b"K")) + 1 if rest else 0) * (-1 if value < 0 else 1), value
    if "M" in flags:
        at = _MONTHS.find(part.strip()[:3].upper())
        return at // 3 + 1 if at >= 0 and not at % 3 and part.strip() else 0
    if "V" in flags:
        return _version(part)
    if "R" in flags:
        return int.from_bytes(sha256(flags.encode() + part).digest()[:4], "big") >> 2  # a small int needs no heap
    if "f" in flags:
        part = part.upper()
    if "d" in flags or "i" in flags:
        words = "d" in flags
        part = bytes([c for c in part if (_is_word(c) if words else 31 < c < 127)])
    return part


def _version(part):
    """Return bytes that compare as versions do: ~ first, then the end, numbers by value, letters, everything else.

    File suffixes (.tar.gz) are ignored. Names with a leading dot come first.
    """
    if not part:
        return part
    end = len(part)
    while (dot := part.rfind(b".", 0, end)) > 0 and _is_suffix(part[dot + 1 : end]):
        end = dot
    out = bytearray(1 if part[0] == 46 else 0)
    at = 0
    while at < end:
        c = part[at]
        if 48 <= c <= 57:
            start = at
            while at < end and 48 <= part[at] <= 57:
                at += 1
            digits = part[start:at].lstrip(b"0")
            out.extend(b"\2" + len(digits).to_bytes(2, "big") + digits)
            continue
        if c != 126:
            out.append(3 if 65 <= c <= 90 or 97 <= c <= 122 else 4)
        out.append(1 if c == 126 else c)
        at += 1
    return bytes(out) + b"\2\0\0"


def _is_suffix(part):
    """Return whether part is letters, digits and ~ without a leading digit."""
    if not part or 48 <= part[0] <= 57:
        return False
    return all(c == 126 or (c > 32 and _is_word(c)) for c in part)


def _is_word(c):
    return c in b" \t" or 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122


def _inverted(value):
    """Return a value that compares in reverse."""
    if isinstance(value, bytes):
        return bytes([255 - c for c in value]) + b"\xff"
    if isinstance(value, tuple):
        return tuple([-part for part in value])
    return -value


def _number(part):
    """Return (the leading number of part, or 0, the rest)."""
    try:
        return int(part), b""
    except ValueError:
        pass
    start = at = len(part) - len(part.lstrip())
    if part[at : at + 1] == b"-":
        at += 1
    point = False
    while at < len(part) and (48 <= part[at] <= 57 or (part[at] == 46 and not point)):
        point = point or part[at] == 46
        at += 1
    digits = part[start:at]
    if not digits.strip(b"-."):
        return 0, part[at:]
    return (float(digits.decode()) if point else int(digits)), part[at:]


def _float(part):
    """Return (rank, number): not a number first, then NaN, then the others."""
    text = bytes([min(c, 127) for c in part.strip()]).decode()
    while text:
        try:
            value = float(text)
            return (2, value) if value == value else (1, 0)
        except ValueError:
            text = text[:-1]
    return 0, 0
