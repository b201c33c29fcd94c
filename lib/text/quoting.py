# Quoting: text from $'...', text to what the shell reads as the same text, and the words of a line.

from text.escapes import QUOTE, expand

_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%^"


def ansi_c(text):
    """What the inside of $'...' stands for."""
    out = bytearray()
    expand(text.encode(), out, QUOTE)
    if b"\0" in out:  # no word goes on behind a NUL
        out = out[: out.find(b"\0")]
    try:
        return str(out, "utf-8")
    except UnicodeError:
        from base.surrogates import loose  # late: rare

        return loose(out)


def quote(text):
    """text as a word of shell input: itself where that is safe, else in single quotes."""
    for c in text:
        if c not in _SAFE:
            break
    else:
        if text:
            return text
    return "'" + text.replace("'", "'\\''") + "'"


def is_hidden(c):
    """True for a control character, and for a byte that is no UTF-8."""
    return c < " " or c == "\x7f" or 0xDC80 <= ord(c) <= 0xDCFF


def on_a_line(text):
    """The same without a control character in it: $'...' where there are some."""
    for c in text:
        if is_hidden(c):
            break
    else:
        return quote(text)
    out = []
    for c in text:
        if c in "\\'":
            out.append("\\" + c)
        elif is_hidden(c):
            short = "\a\b\t\n\v\f\r".find(c)
            out.append("\\" + "abtnvfr"[short] if short >= 0 else f"\\{ord(c) & 255:03o}")
        else:
            out.append(c)
    return "$'" + "".join(out) + "'"


def split(line):
    """The words of a line: quotes group, a backslash takes the next character as it is."""
    words = []
    word = None
    quote = ""
    quoted = False
    for c in line:
        if quoted:
            word = (word or "") + c
            quoted = False
        elif c == "\\":
            quoted = True
        elif c == quote:
            quote = ""
        elif not quote and c in "'\"":
            quote = c
            word = word or ""
        elif not quote and c in " \t":
            if word is not None:
                words.append(word)
            word = None
        else:
            word = (word or "") + c
    if word is not None:
        words.append(word)
    return words
