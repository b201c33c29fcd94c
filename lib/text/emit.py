# The tokens of text.regex as the bytes of a pattern for the module re of MicroPython.

_WIDE = b"[\xc0-\xff][\x80-\xbf]*"  # a character beyond ASCII in UTF-8


def quote(data):
    """The bytes of a pattern that matches data itself."""
    for c in b"\\.[]^$*+?()|":
        if c in data:
            break
    else:
        return data
    return b"".join([b"\\" + bytes((c,)) if c in b"\\.[]^$*+?()|" else bytes((c,)) for c in data])


def emit(tokens, wide):
    """The pattern for re; wide: for lines with characters beyond ASCII."""
    outer = []
    out = []
    for kind, value, least, most in tokens:
        if kind == "(":
            outer.append(out)
            out = []
            continue
        single = True  # one unit for a * behind it
        if kind == "c":
            data = value.encode()
            single = len(data) == 1
            data = quote(data)
        elif kind == ".":
            data, single = (b"[\x01-\x7f]|" + _WIDE, False) if wide else (b".", True)
        elif kind == "[":
            data, single = _emit_set(value, wide)
        elif kind == ")":
            data, single = b"".join(out), False
            out = outer.pop()
        elif kind in "|^$w":
            data = value.encode() or kind.encode()
        else:
            raise ValueError  # text.engine knows the rest
        if not single and (kind != "c" or (least, most) != (1, 1)):
            data = b"(?:" + data + b")"
        out.append(_repeat(data, least, most))
    return b"".join(out)


def _repeat(data, least, most):
    if most is None:
        return data * (least - 1) + data + b"+" if least else data + b"*"
    return data * least + (data + b"?") * (most - least)


def _emit_set(value, wide):
    negated, pairs, chars = value
    data = b"[^" if negated else b"["
    for pair in pairs:
        low, high = pair.encode()
        if low != high and high == 93:  # re takes "-]" for the end of the set
            data += b"\\]"
            high = 92
        low = bytes((low,))
        if low in b"\\]^-":
            low = b"\\" + low
        data += low if low[-1] == high else low + b"-" + bytes((high,))
    if negated:
        if wide:
            return data + b"\x80-\xff]|" + _WIDE, False
        return data + b"]", True
    parts = [data + b"]"] if pairs else []
    parts.extend([c.encode() for c in chars])
    return b"|".join(parts), not chars
