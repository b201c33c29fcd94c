# Quoting: backslash escapes to bytes, as printf, its %b and $'...' have them; text to what the shell reads as the same
# text; and the words of a line.

from micropython import const

FORMAT = const(0)  # printf's format: \nnn, and \' \" \? are the characters
ARGUMENT = const(1)  # %b: \nnn and \0nnn
QUOTE = const(2)  # $'...': as FORMAT, and \cX
OUTPUT = const(3)  # as FORMAT, and \c ends it

_LETTERS = b"abeEfnrtv\\"
_BYTES = b"\a\b\x1b\x1b\f\n\r\t\v\\"

_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%^"


def expand(data, out, kind):
    r"""Append data to the bytearray out with its escapes replaced; True where \c (in ARGUMENT and OUTPUT) ended it.

    An unknown escape stands for itself.
    """
    i = 0
    while True:
        at = data.find(b"\\", i)
        if at < 0 or at + 1 == len(data):
            out.extend(data[i:])
            return False
        out.extend(data[i:at])
        i = at + 2
        c = data[at + 1]
        known = _LETTERS.find(bytes((c,)))
        if known >= 0:
            out.append(_BYTES[known])
        elif 48 <= c < 56:  # 0 to 7
            i, value = _number(data, at + 1, 4 if kind == ARGUMENT and c == 48 else 3, 8)
            out.append(value & 255)
        elif c in b"xuU":
            end, value = _number(data, i, 2 if c == 120 else 4 if c == 117 else 8, 16)
            if end == i:
                out.extend(data[at:end])
            elif c == 120:
                out.append(value)
            else:
                valid = value < 0x110000 and not 0xD800 <= value < 0xE000
                out.extend(chr(value if valid else 0xFFFD).encode())
            i = end
        elif c in b"'\"?" and kind != ARGUMENT:
            out.append(c)
        elif c == 99 and kind in (ARGUMENT, OUTPUT):
            return True
        elif c == 99 and kind == QUOTE and i < len(data):
            out.append(127 if data[i] == 63 else data[i] & 31)
            i += 1
        else:
            out.extend(data[at:i])


def _number(data, i, most, base):
    """(index behind, value) of up to `most` digits at i."""
    value = 0
    for c in data[i : i + most]:
        digit = c - 48
        if digit > 9:
            digit = (c | 32) - 87
            if digit < 10:
                break
        if not 0 <= digit < base:
            break
        value = value * base + digit
        i += 1
    return i, value


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


def backslashed(text):
    """The same with backslashes, as printf %q has it."""
    if not text:
        return "''"
    out = []
    for c in text:
        if is_hidden(c):
            return on_a_line(text)
        out.append("\\" + c if c in " '\"\\|&;()<>!{}*[?]^$`," or (not out and c in "#~") else c)
    return "".join(out)


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
