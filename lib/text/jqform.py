# The formats of jq that begin with @.

from base.errors import Failure
from text.jqfun import need, tostring
from text.jqrun import Error, kind

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

        try:
            return (b2a_base64(text.encode())[:-1] if form == "@base64" else a2b_base64(text)).decode()
        except (ValueError, UnicodeError):
            raise Error("not base64: " + text)
    raise Failure("", form + " is not defined")


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
