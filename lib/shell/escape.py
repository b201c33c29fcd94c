# Quoting: text from $'...', and text to what the shell reads as the same text.

from text.escapes import QUOTE, expand

_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%^"


def ansi_c(text):
    """What the inside of $'...' stands for. Bytes that are no UTF-8 become the characters of the same number."""
    out = bytearray()
    expand(text.encode(), out, QUOTE)
    try:
        return str(out, "utf-8")
    except UnicodeError:
        return "".join(chr(c) for c in out)


def quote(text):
    """text as a word of shell input: itself where that is safe, else in single quotes."""
    for c in text:
        if c not in _SAFE:
            break
    else:
        if text:
            return text
    return "'" + text.replace("'", "'\\''") + "'"
