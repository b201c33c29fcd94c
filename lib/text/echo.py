# What echo prints: shared by the program and the shell's built-in.

_LETTERS = "abefnrtv\\"
_BYTES = b"\a\b\x1b\f\n\r\t\v\\"


def echo_text(args):
    """The output for echo's arguments, with its newline: -n leaves that out, -e takes escapes, -E does not."""
    newline = True
    escapes = False
    i = 0
    while i < len(args):
        arg = args[i]
        if len(arg) < 2 or arg[0] != "-" or arg[1:].strip("neE"):
            break
        for letter in arg[1:]:
            if letter == "n":
                newline = False
            else:
                escapes = letter == "e"
        i += 1
    text = " ".join(args[i:])
    if not escapes or "\\" not in text:
        return text + "\n" if newline else text
    data, stopped = unescape(text)
    return data + b"\n" if newline and not stopped else data


def unescape(text):
    r"""(bytes, whether \c ended them) for text with the escapes \a \b \c \e \f \n \r \t \v \\ \0NNN \xHH."""
    out = bytearray()
    i = 0
    while True:
        at = text.find("\\", i)
        if at < 0 or at + 1 >= len(text):
            break
        out.extend(text[i:at].encode())
        c = text[at + 1]
        i = at + 2
        known = _LETTERS.find(c)
        if c == "c":
            return bytes(out), True
        if known >= 0:
            out.append(_BYTES[known])
        elif c == "0":
            i, value = _number(text, i, i + 3, 8)
            out.append((value or 0) & 255)
        elif c == "x":
            i, value = _number(text, i, i + 2, 16)
            if value is None:
                out.extend(b"\\x")
            else:
                out.append(value)
        else:
            out.extend(("\\" + c).encode())
    out.extend(text[i:].encode())
    return bytes(out), False


def _number(text, i, end, base):
    """(index behind, value) of the digits at i; the value is None where there are none."""
    value = None
    while i < min(end, len(text)):
        digit = "0123456789abcdef".find(text[i].lower())
        if not 0 <= digit < base:
            break
        value = (value or 0) * base + digit
        i += 1
    return i, value
