# Small and capital letters beyond ASCII, which MicroPython's str does not know: Latin, Greek, Cyrillic, Armenian.
#
# A capital and its small letter take as many bytes as each other in UTF-8. Text may be str or bytes.

# (first capital, last, step to the next, distance of the small letter)
_RANGES = (
    (0xC0, 0xD6, 1, 32),
    (0xD8, 0xDE, 1, 32),
    (0x100, 0x12E, 2, 1),
    (0x132, 0x136, 2, 1),
    (0x139, 0x147, 2, 1),
    (0x14A, 0x176, 2, 1),
    (0x178, 0x178, 1, -121),
    (0x179, 0x17D, 2, 1),
    (0x1CD, 0x1DB, 2, 1),
    (0x1DE, 0x1EE, 2, 1),
    (0x1F8, 0x21E, 2, 1),
    (0x386, 0x386, 1, 38),
    (0x388, 0x38A, 1, 37),
    (0x38C, 0x38C, 1, 64),
    (0x38E, 0x38F, 1, 63),
    (0x391, 0x3A1, 1, 32),
    (0x3A3, 0x3AB, 1, 32),
    (0x400, 0x40F, 1, 80),
    (0x410, 0x42F, 1, 32),
    (0x460, 0x480, 2, 1),
    (0x48A, 0x4BE, 2, 1),
    (0x4C1, 0x4CD, 2, 1),
    (0x4D0, 0x52E, 2, 1),
    (0x531, 0x556, 1, 48),
    (0x1E00, 0x1E94, 2, 1),
    (0x1EA0, 0x1EFE, 2, 1),
)
_FINAL_SIGMA = 0x3C2


def lower(text):
    """text in small letters."""
    plain = text.lower()
    return _changed(plain, False) if _is_wide(plain) else plain


def upper(text):
    """text in capital letters."""
    plain = text.upper()
    return _changed(plain, True) if _is_wide(plain) else plain


def _is_wide(text):
    if isinstance(text, str):
        return len(text) != len(text.encode())
    return len(text) > 0 and max(text) > 127


def _changed(text, capital):
    if not isinstance(text, str):
        try:
            return _changed(text.decode(), capital).encode()
        except UnicodeError:
            return text
    out = []
    for c in text:
        if len(c.encode()) == 1:
            out.append(c)
            continue
        try:
            code = ord(c)
        except TypeError:  # a byte that is no UTF-8
            out.append(c)
            continue
        out.append(chr(_capital(code) if capital else _small(code)))
    return "".join(out)


def _small(code):
    for first, last, step, far in _RANGES:
        if first <= code <= last:
            return code if (code - first) % step else code + far
    return code


def _capital(code):
    if code == _FINAL_SIGMA:
        return code + 1 - 32
    for first, last, step, far in _RANGES:
        if first <= code - far <= last:
            if not (code - far - first) % step:
                return code - far
    return code
