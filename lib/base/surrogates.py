# Bytes that are no UTF-8 inside text: each is a character from U+DC80 to U+DCFF, which no other text has.
#
# Who makes text of bytes calls loose() where decode() fails; a stream writes the bytes again by exact().


def loose(data):
    """Text from bytes of which some are no UTF-8."""
    out = []
    i = 0
    while i < len(data):
        c = data[i]
        width = 1 if c < 0xC0 else 2 if c < 0xE0 else 3 if c < 0xF0 else 4
        try:
            out.append(str(data[i : i + width], "utf-8"))
            i += width
        except UnicodeError:
            out.append(chr(0xDC00 + c))
            i += 1
    return "".join(out)


def exact(data):
    """The bytes of a text from loose(): its characters that stand for bytes are these."""
    if b"\xed\xb2" not in data and b"\xed\xb3" not in data:
        return data
    out = bytearray()
    i = 0
    while True:
        at = data.find(b"\xed", i)
        if at < 0:
            break
        out.extend(data[i:at])
        i = at + 3
        if 0xB2 <= data[at + 1] <= 0xB3:
            out.append((data[at + 1] & 1) << 6 | data[at + 2])
        else:
            out.extend(data[at:i])
    out.extend(data[i:])
    return bytes(out)
