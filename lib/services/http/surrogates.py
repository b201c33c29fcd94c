# JSON with surrogate pairs (\ud83d\ude00): MicroPython's json decodes them to two lone surrogates, which are invalid UTF-8.

from services.http.protocol import HTTPError


def joined(data):
    """The bytes of a JSON text without surrogate pairs; HTTPError for a lone surrogate."""
    out = []
    start = at = 0
    while (at := data.find(b"\\", at)) >= 0:
        high = unit(data, at)
        if not 0xD800 <= high < 0xE000:
            at += 2
            continue
        low = unit(data, at + 6)
        if high >= 0xDC00 or not 0xDC00 <= low < 0xE000:
            raise HTTPError(400, "lone surrogate")
        out.append(data[start:at])
        out.append(chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00).encode())
        start = at = at + 12
    out.append(data[start:])
    return b"".join(out)


def unit(data, at):
    """The code in an escape \\uXXXX at this place, or 0."""
    text = data[at + 2 : at + 6]
    if data[at : at + 2] != b"\\u" or len(text) < 4 or text.strip(b"0123456789abcdefABCDEF"):
        return 0
    return int(text, 16)
