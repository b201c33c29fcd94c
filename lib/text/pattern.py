# Patterns of the shell (POSIX 2.14): * ? [...], where a backslash quotes the next character.
#
# A pattern is cut at its stars into segments of a fixed number of characters. Between stars a segment may stand at its
# leftmost (or rightmost) place, so every match here takes one pass over the text and never goes back behind a star.
# All this works on UTF-8, in which an index costs the same everywhere.

from micropython import const

from base.modules import preload

_KEPT = const(256)  # a pattern longer than that is not kept
_ANY = const(-1)  # ? in a segment; other parts are bytes, or lists for [...]

_last = [("", [b""])]  # the pattern used last, with its segments: loops and directories use one many times


def is_extended(pattern):
    """True where pattern has a group such as +(a|b)."""
    for c in "?*+@!":
        if c + "(" in pattern:
            return True
    return False


def has_magic(pattern):
    """True where pattern may match anything but itself."""
    if "(" in pattern and is_extended(pattern):
        return True
    if "*" not in pattern and "?" not in pattern and "[" not in pattern:
        return False
    if "\\" not in pattern and ("*" in pattern or "?" in pattern):
        return True
    return _segments(pattern) != [unescape(pattern).encode()]


def unescape(pattern):
    """The text that a pattern without magic matches."""
    if "\\" not in pattern:
        return pattern
    head, *parts = pattern.split("\\")
    out = [head]
    i = 0
    while i < len(parts):
        if parts[i] or i + 1 == len(parts):
            out.append(parts[i] or "\\")
            i += 1
        else:  # a quoted backslash
            out.append("\\" + parts[i + 1])
            i += 2
    return "".join(out)


def match(pattern, text):
    """True where pattern matches all of text."""
    if "(" in pattern and is_extended(pattern):
        from text import extglob  # late: rare

        return extglob.match(pattern, text)
    if "\\" not in pattern and "?" not in pattern and "[" not in pattern:
        at = pattern.find("*")
        if at < 0:
            return pattern == text
        if pattern.find("*", at + 1) < 0:
            return len(text) >= len(pattern) - 1 and text.startswith(pattern[:at]) and text.endswith(pattern[at + 1 :])
    return _match(_segments(pattern), text.encode())


def _match(segments, data):
    i = _at(segments[0], data, 0)
    if i < 0 or len(segments) == 1:
        return i == len(data)
    end = _before(segments[-1], data, i, len(data))
    if end < 0:
        return False
    for k in range(1, len(segments) - 1):
        i = _find(segments[k], data, i)
        if i < 0:
            return False
        i = _at(segments[k], data, i)
    return i <= end


def prefix(pattern, text, longest):
    """text without the shortest or longest beginning that pattern matches: ${x#p} and ${x##p}."""
    if "(" in pattern and is_extended(pattern):
        from text import extglob  # late: rare

        return extglob.prefix(pattern, text, longest)
    data = text.encode()
    i = _match_from(_segments(pattern), data, 0, longest)
    return text if i < 0 else str(data[i:], "utf-8")


def suffix(pattern, text, longest):
    """text without the shortest or longest end that pattern matches: ${x%p} and ${x%%p}."""
    if "(" in pattern and is_extended(pattern):
        from text import extglob  # late: rare

        return extglob.suffix(pattern, text, longest)
    data = text.encode()
    i = _match_to(_segments(pattern), data, longest)
    return text if i < 0 else str(data[:i], "utf-8")


def replace(pattern, text, by, all=False, anchor=""):
    """text with the first, or every, longest match replaced; anchor "#" or "%" ties it to the beginning or end."""
    if "(" in pattern and is_extended(pattern):
        from text import extglob  # late: rare

        return extglob.replace(pattern, text, by, all, anchor)
    segments = _segments(pattern)
    data = text.encode()
    by = by.encode()
    if anchor == "#":
        i = _match_from(segments, data, 0, True)
        return text if i < 0 else str(by + data[i:], "utf-8")
    if anchor:
        i = _match_to(segments, data, True)
        return text if i < 0 else str(data[:i] + by, "utf-8")
    if segments == [b""]:
        return text
    out = []
    i = 0
    n = len(data)
    while i < n or not n:
        start = _find(segments[0], data, i)
        end = _match_from(segments, data, start, True) if start >= 0 else -1
        if end < 0:
            break
        out.append(data[i:start])
        out.append(by)
        i = end
        if not all or not n:
            break
        if len(out) > 500:
            out = [b"".join(out)]
    out.append(data[i:])
    return str(b"".join(out), "utf-8")


def _match_from(segments, data, i, longest):
    """Where the shortest or longest match that begins at i ends, or -1."""
    i = _at(segments[0], data, i)
    last = len(segments) - 1
    for k in range(1, last + 1):
        if i < 0:
            break
        segment = segments[k]
        start = i
        i = _find_last(segment, data, i, len(data)) if longest and k == last else _find(segment, data, i)
        i = _at(segment, data, i) if i >= start else -1
    return i


def _match_to(segments, data, longest):
    """Where the shortest or longest match that ends with data begins, or -1."""
    last = len(segments) - 1
    i = _before(segments[last], data, 0, len(data))
    for k in range(last - 1, -1, -1):
        if i < 0:
            break
        segment = segments[k]
        if longest and not k:
            start = _find(segment, data, 0)
            return start if start >= 0 and _at(segment, data, start) <= i else -1
        i = _find_last(segment, data, 0, i)
    return i


def _at(segment, data, i):
    """Where segment ends if it stands at i, else -1."""
    if isinstance(segment, bytes):
        return i + len(segment) if data.startswith(segment, i) else -1
    n = len(data)
    for part in segment:
        if isinstance(part, bytes):
            if not data.startswith(part, i):
                return -1
            i += len(part)
        else:
            if i >= n:
                return -1
            code = data[i]
            i += 1
            if code >= 0xC0:
                code &= 0x1F if code < 0xE0 else 0xF if code < 0xF0 else 7
                while i < n and data[i] & 0xC0 == 0x80:
                    code = code << 6 | data[i] & 0x3F
                    i += 1
            if part != _ANY and not in_bracket(part, code):
                return -1
    return i


def _find(segment, data, i):
    """Where segment stands first from i on, or -1."""
    if isinstance(segment, bytes):
        return data.find(segment, i) if segment else i
    n = len(data)
    first = segment[0]
    while i <= n:
        if isinstance(first, bytes):
            i = data.find(first, i)
            if i < 0:
                return -1
        if _at(segment, data, i) >= 0:
            return i
        i += 1
        while i < n and data[i] & 0xC0 == 0x80:
            i += 1
    return -1


def _find_last(segment, data, start, end):
    """Where segment stands last between start and end, or -1."""
    if isinstance(segment, bytes):
        return data.rfind(segment, start, end) if segment else end
    i = end
    while i >= start:
        if i == len(data) or data[i] & 0xC0 != 0x80:
            stop = _at(segment, data, i)
            if 0 <= stop <= end:
                return i
        i -= 1
    return -1


def _before(segment, data, start, end):
    """Where segment begins if it ends at end, not before start, else -1."""
    if isinstance(segment, bytes):
        i = end - len(segment)
    else:
        i = end
        for k in range(len(segment) - 1, -1, -1):
            part = segment[k]
            if isinstance(part, bytes):
                i -= len(part)
            else:
                i -= 1
                while i > start and data[i] & 0xC0 == 0x80:
                    i -= 1
    return i if i >= start and _at(segment, data, i) == end else -1


def _segments(pattern):
    """The segments between the stars: bytes, or a list of bytes, _ANY and brackets."""
    last, out = _last[0]
    if last == pattern:
        return out
    data = pattern.encode()
    n = len(data)
    out = []
    parts = []
    plain = bytearray()
    closed = True  # a ] that ends a bracket may still come
    i = 0
    while i <= n:
        c = data[i] if i < n else 42  # the end is like a last star
        i += 1
        bracket = None
        if c == 91 and closed:  # [
            bracket, end = bracket_at(data, i)
            closed = end > 0
        if c == 42:
            if plain:
                parts.append(bytes(plain))
            if not parts:
                if not out or i > n:
                    out.append(b"")
            else:
                out.append(parts[0] if len(parts) == 1 and isinstance(parts[0], bytes) else parts)
            parts = []
            plain = bytearray()
        elif c == 63 or bracket:  # ?
            if plain:
                parts.append(bytes(plain))
                plain = bytearray()
            parts.append(bracket or _ANY)
            if bracket:
                i = end
        else:
            if c == 92 and i < n:
                c = data[i]
                i += 1
            plain.append(c)
    if n < _KEPT:
        _last[0] = (pattern, out)
    return out


def bracket_at(data, i):
    """([negated, low, high, low, high ... class ...], index behind) of the bracket whose [ is before i; (None, 0)."""
    n = len(data)
    out = [i < n and data[i] in b"!^"]
    if out[0]:
        i += 1
    first = i
    low = -1  # of a range that has had its -
    while i < n:
        c = data[i]
        if c == 93 and i > first:
            return out, i + 1
        i += 1
        if c == 91 and i < n and data[i] in b":.=":
            end = data.find(bytes((data[i], 93)), i + 1)
            if end < 0:
                pass
            elif end - i == 2 and data[i] != 58:
                c = data[i + 1]
                i = end + 2
            elif data[i] == 58 and data[i + 1 : end].isalpha():
                if low >= 0:
                    out.extend((45, 45))
                    low = -1
                out.append(str(data[i + 1 : end], "utf-8"))
                i = end + 2
                continue
        elif c == 92 and i < n:
            c = data[i]
            i += 1
        elif c == 45 and low < 0 and i - 1 > first and isinstance(out[-1], int) and i < n and data[i] != 93:
            low = out[-1]
            continue
        if c >= 0xC0:
            end = i
            while end < n and data[end] & 0xC0 == 0x80:
                end += 1
            c = ord(str(data[i - 1 : end], "utf-8"))
            i = end
        if low >= 0:
            out[-1] = c
            low = -1
        else:
            out.extend((c, c))
    return None, 0


def in_bracket(bracket, code):
    """True where the bracket matches a character."""
    i = 1
    n = len(bracket)
    while i < n:
        low = bracket[i]
        if isinstance(low, str):
            if _in_class(low, code):
                return not bracket[0]
            i += 1
        elif low <= code <= bracket[i + 1]:
            return not bracket[0]
        else:
            i += 2
    return bracket[0]


def _in_class(name, code):
    """True where a character is in [:name:]; beyond ASCII all are in print and graph, and in no other."""
    if name == "print" or name == "graph":
        return code >= (32 if name == "print" else 33) and code != 127
    if code > 127:
        return False
    c = chr(code)
    if name == "alpha":
        return c.isalpha()
    if name == "digit":
        return c.isdigit()
    if name == "alnum":
        return c.isalpha() or c.isdigit()
    if name == "upper":
        return c.isupper()
    if name == "lower":
        return c.islower()
    if name == "blank":
        return c in " \t"
    if name == "space":
        return c in " \t\n\r\v\f"
    if name == "cntrl":
        return code < 32 or code == 127
    if name == "xdigit":
        return c in "0123456789abcdefABCDEF"
    return name == "punct" and 32 < code < 127 and not (c.isalpha() or c.isdigit())


def expand(pattern, cwd="/"):
    """The sorted paths that match, seen from cwd; an empty list where none does."""
    preload("base.files")
    from text import glob  # late: case and ${x#p} do without

    return glob.expand(pattern, cwd)
