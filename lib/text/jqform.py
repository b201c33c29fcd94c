# The formats of jq that begin with @.

from text.jqfun import need, tostring
from text.jqvalue import Error, kind

_HTML = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ('"', "&quot;"))


def formatted(form, value):
    """value as text in the format: see text.jqfun."""
    if form in ("@csv", "@tsv"):
        cell = csv if form == "@csv" else tsv
        return ("," if form == "@csv" else "\t").join([cell(item) for item in need(value, "array")])
    if form == "@sh":
        return " ".join([sh(item) for item in (value if isinstance(value, list) else [value])])
    text = tostring(value)
    if form == "@html":
        for char, name in _HTML:
            text = text.replace(char, name)
        return text
    if form == "@uri":
        safe = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
        return "".join([chr(c) if c in safe else f"%{c:02X}" for c in text.encode()])
    if form in ("@base64", "@base64d"):
        from binascii import a2b_base64, b2a_base64

        if form == "@base64d":
            text = text.rstrip("=")
            text += "=" * (-len(text) % 4)

        try:
            return (b2a_base64(text.encode())[:-1] if form == "@base64" else a2b_base64(text)).decode()
        except (ValueError, UnicodeError):
            raise Error("not base64: " + text)
    if form in ("@base32", "@base32d"):
        return base32(text) if form == "@base32" else unbase32(text)
    raise Error(form[1:] + " is not a valid format")


def csv(item):
    if isinstance(item, str):
        return '"' + item.replace('"', '""') + '"'
    return tsv(item)


def tsv(item):
    if isinstance(item, str):
        for char, name in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            item = item.replace(char, name)
        return item
    if kind(item) in ("array", "object"):
        raise Error(f"{kind(item)} cannot be a cell")
    return "" if item is None else tostring(item)


def sh(item):
    if kind(item) in ("array", "object"):
        raise Error(f"{kind(item)} cannot be a word")
    return "'" + item.replace("'", "'\\''") + "'" if isinstance(item, str) else tostring(item)


_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def base32(text):
    data = text.encode()
    bits = 0
    for byte in data:
        bits = bits << 8 | byte
    count = (len(data) * 8 + 4) // 5
    bits <<= count * 5 - len(data) * 8
    digits = "".join([_BASE32[bits >> 5 * (count - 1 - i) & 31] for i in range(count)])
    return digits + "=" * (-count % 8)


def unbase32(text):
    bits = 0
    digits = text.rstrip("=")
    for c in digits:
        value = _BASE32.find(c)
        if value < 0:
            raise Error("not base32: " + text)
        bits = bits << 5 | value
    size = len(digits) * 5 // 8
    try:
        return (bits >> len(digits) * 5 - size * 8).to_bytes(size, "big").decode()
    except UnicodeError:
        raise Error("not base32: " + text)
