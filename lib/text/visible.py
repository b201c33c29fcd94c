# Lines as `cat -n -v -E ...` shows them, and names that a terminal can stand.


class Lines:
    """Edits blocks of whole lines; opts are the letters of cat."""

    def __init__(self, opts):
        self.number = 0
        self.empty = False  # the line before was empty
        self.cut = False  # the line before has no newline: what comes goes on with it
        self.squeeze = "s" in opts
        self.count = "n" in opts or "b" in opts
        self.filled = "b" in opts
        every = "A" in opts
        self.end = b"$\n" if every or "E" in opts or "e" in opts else b"\n"
        self.tabs = every or "T" in opts or "t" in opts
        self.control = every or "v" in opts or "e" in opts or "t" in opts

    def block(self, data):
        """The edited form of whole lines (the last may lack its newline)."""
        lines = data.split(b"\n")
        last = lines.pop()
        out = [self.line(line, self.end) for line in lines]
        if last:
            out.append(self.line(last, b""))
            self.cut = True
        return b"".join(out)

    def line(self, line, end):
        """One line with its number and its end; nothing where it is left out."""
        cut, self.cut = self.cut, False
        if self.squeeze:
            again = self.empty and not line
            self.empty = not line and not cut
            if again:
                return b""
        if self.control:
            line = visible(line)
        if self.tabs:
            line = line.replace(b"\t", b"^I")
        if self.count and not cut and (line or not self.filled):
            self.number += 1
            return b"%6d\t%s%s" % (self.number, line, end)
        return line + end


def visible(data):
    """data with control characters as ^X and bytes above 127 as M-x; tabs stay."""
    if not data or (min(data) > 31 and max(data) < 127):
        return data
    out = bytearray()
    for byte in data:
        if byte == 9:
            out.append(9)
            continue
        if byte > 127:
            out.extend(b"M-")
            byte &= 127
        if byte == 127:
            out.extend(b"^?")
        elif byte < 32:
            out.append(94)
            out.append(byte + 64)
        else:
            out.append(byte)
    return bytes(out)


def safe(name, escaped=False):
    """name with ? for control characters, or escaped as in C; ESC in a name must not reach a terminal.

    A name of bytes is one that is no UTF-8: it has ? for all that is not ASCII.
    """
    if isinstance(name, bytes):
        name = "".join([chr(byte) if byte < 128 else "?" for byte in name])
    data = name.encode()
    if not data or min(data) > 31 and 127 not in data and not (escaped and (32 in data or 92 in data)):
        return name
    out = []
    for c in name:
        if " " <= c != "\x7f":
            out.append("\\" + c if escaped and c in " \\" else c)
        elif not escaped:
            out.append("?")
        else:
            at = "\a\b\f\n\r\t\v".find(c)
            out.append("\\" + "abfnrtv"[at] if at >= 0 else f"\\{ord(c):03o}")
    return "".join(out)
