# Escapes in the texts and regular expressions of awk.

_ESCAPES = b"abfnrtv"
_VALUES = b"\a\b\f\n\r\t\v"
_DIGITS = b"0123456789abcdef"


def unescape(text, i, out):
    """Append what the escape whose backslash is before i stands for; the index behind it."""
    c = text[i]
    at = _ESCAPES.find(bytes((c,)))
    if at >= 0:
        out.append(_VALUES[at])
    elif 48 <= c <= 55:
        value = 0
        end = i
        while end < i + 3 and end < len(text) and 48 <= text[end] <= 55:
            value = value * 8 + text[end] - 48
            end += 1
        out.append(value & 255)
        return end
    elif c in b"xu":
        value = 0
        end = i + 1
        while end < i + (3 if c == 120 else 9) and (digit := _DIGITS.find(text[end : end + 1].lower() or b"?")) >= 0:
            value = value * 16 + digit
            end += 1
        if end == i + 1 or value > 0x10FFFF:
            out.append(92)
            out.append(c)
            return i + 1
        out.extend(bytes((value,)) if c == 120 else chr(value).encode())
        return end
    elif c == 10:
        pass  # the string goes on in the next line
    elif c in b'"\\/':
        out.append(c)
    else:
        out.append(92)
        out.append(c)
    return i + 1


def strings(text):
    """text with its escapes replaced, as in the value of -v."""
    if b"\\" not in text:
        return text
    out = bytearray()
    i = 0
    while i < len(text):
        c = text[i]
        i += 1
        if c == 92 and i < len(text):
            i = unescape(text, i, out)
        else:
            out.append(c)
    return bytes(out)


def pattern(text):
    """An extended regular expression of awk as text.regex takes it: with escapes replaced, also within brackets."""
    if b"\\" not in text:
        return text.decode()
    out = bytearray()
    i = 0
    n = len(text)
    inside = None  # what stands in the bracket that is open
    closing = False  # whether ] is in it
    while i < n:
        c = text[i]
        i += 1
        if c == 92 and i < n:
            c = text[i]
            special = c in b".[]()*+?{}|^$\\wWsSbB<>`'" and not 48 <= c <= 57
            data = bytearray()
            if special:
                data.append(c)
                i += 1
            else:
                i = unescape(text, i, data)
                data = data[1:] if data[:1] == b"\\" else data
                special = len(data) == 1 and data[0] in b".[]()*+?{}|^$"
            if inside is None:
                if c == 121:
                    out.extend(b"\\b")  # as gawk calls an edge of a word
                else:
                    out.extend(b"\\" + data if special else data)
            elif data == b"]":
                closing = True
            else:
                inside.extend(data)
        elif inside is None:
            out.append(c)
            if c == 91:
                inside = bytearray()
                closing = False
                if text[i : i + 1] == b"^":
                    out.append(94)
                    i += 1
                if text[i : i + 1] == b"]":
                    closing = True
                    i += 1
        elif c == 91 and text[i : i + 1] == b":" and (end := text.find(b":]", i)) > 0:
            inside.extend(text[i - 1 : end + 2])
            i = end + 2
        elif c == 93:
            if closing:
                out.append(93)
            if inside[:1] == b"^" and not closing and out[-1:] == b"[":
                inside = inside[1:] + b"^"
            out.extend(inside)
            out.append(93)
            inside = None
        else:
            inside.append(c)
    return out.decode()
