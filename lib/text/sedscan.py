# The characters of a sed script: numbers, texts between delimiters, the parts of a replacement (text.sed has the rest).

from base.errors import Failure

ESCAPES = b"afnrtv"
VALUES = b"\a\f\n\r\t\v"


class Scanner:
    """A place in a script (bytes)."""

    def __init__(self, text):
        self.text = text
        self.at = 0

    def wrong(self, why):
        return Failure("", f"{why}, at character {self.at} of the script")

    def peek(self):
        return self.text[self.at : self.at + 1]

    def take(self):
        c = self.text[self.at : self.at + 1]
        self.at += 1
        return c

    def skip(self, chars):
        """Go on behind some characters; False at the end."""
        while self.at < len(self.text) and self.text[self.at] in chars:
            self.at += 1
        return self.at < len(self.text)

    def digits(self):
        start = self.at
        while self.at < len(self.text) and 48 <= self.text[self.at] <= 57:
            self.at += 1
        return int(self.text[start : self.at]) if self.at > start else None

    def rest(self):
        """The rest of the line."""
        end = self.text.find(b"\n", self.at)
        end = len(self.text) if end < 0 else end
        data = self.text[self.at : end]
        self.at = end
        return data

    def delimited(self, mark, pattern):
        """The text up to mark; in a pattern, brackets protect it, and escapes are replaced."""
        out = bytearray()
        text = self.text
        bracket = -1  # where the inside of [...] begins in out
        while True:
            c = self.take()
            if not c:
                raise self.wrong(f"unterminated {'pattern' if pattern else 'command'}")
            if c == b"\\":
                c = self.take()
                if c == mark and bracket < 0:
                    if not pattern and c == b"&":
                        out.extend(b"\\")
                    out.extend(c)
                elif not pattern:
                    out.extend(b"\\" + c)
                elif c == b"n" or (c and c in b"tfvar"):
                    out.append(VALUES[ESCAPES.find(c)])
                elif c and c in b"xdo" and bracket < 0 and (code := self.code(c)) is not None:
                    out.extend(b"\\" + code if code in b"\\.[]*^$/+?(){}|" else code)
                else:
                    out.extend(b"\\")
                    self.at -= bracket >= 0 and len(c)  # in brackets it stands for itself
                    out.extend(b"" if bracket >= 0 else c)
            elif c == mark and bracket < 0:
                return bytes(out)
            elif c == b"\n" and pattern and mark != b"\n" and bracket < 0 and not self.in_s:
                raise self.wrong("unterminated pattern")
            else:
                out.extend(c)
                if not pattern:
                    continue
                if bracket < 0:
                    if c == b"[":
                        bracket = len(out) + (self.peek() == b"^")
                        if self.closing() < 0:
                            bracket = -1
                elif c == b"[" and self.peek() and self.peek() in b":.=":
                    end = text.find(self.peek() + b"]", self.at + 1)
                    if end > 0:
                        out.extend(text[self.at : end + 2])
                        self.at = end + 2
                elif c == b"]" and len(out) - 1 > bracket:
                    bracket = -1

    in_s = False

    def closing(self):
        """Where a ] stands that may end the bracket here, or -1."""
        start = self.at + 1 + (self.peek() == b"^")
        return self.text.find(b"]", start)

    def code(self, kind):
        """The byte of \\xHH, \\dNNN or \\oNNN behind its letter; None where no digit follows."""
        base, most = (16, 2) if kind == b"x" else (10, 3) if kind == b"d" else (8, 3)
        value = 0
        count = 0
        while count < most:
            digit = b"0123456789abcdef".find(self.peek().lower() or b"?")
            if not 0 <= digit < base:
                break
            value = value * base + digit
            self.at += 1
            count += 1
        return bytes((value & 255,)) if count else None

    def replacement(self, data):
        """The parts of a replacement: bytes, numbers of groups, and the letters of \\U \\L \\u \\l \\E."""
        parts = []
        text = bytearray()
        i = 0
        while i < len(data):
            c = data[i : i + 1]
            i += 1
            part = None
            if c == b"&":
                part = 0
            elif c == b"\\" and i < len(data):
                c = data[i : i + 1]
                i += 1
                at = ESCAPES.find(c)
                if 48 <= c[0] <= 57:
                    part = c[0] - 48
                elif c in b"ULulE":
                    part = c.decode()
                elif at >= 0:
                    c = VALUES[at : at + 1]
                elif c in b"xdo":
                    self.at, at, self.text, text_of = i, self.at, data, self.text
                    code = self.code(c)
                    i, self.at, self.text = self.at, at, text_of
                    c = code or c
            if part is None:
                text.extend(c)
                continue
            if text:
                parts.append(bytes(text))
                text = bytearray()
            parts.append(part)
        if text or not parts:
            parts.append(bytes(text))
        return parts
