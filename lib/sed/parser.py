# Parse sed scripts into commands for sed.editor.
#
# The script is parsed as bytes, since indexing str is slow in UTF-8. Blocks are jumps: a { whose address does not match
# jumps past its }. Commands have no methods, which would keep this module loaded while the script runs.

from micropython import const

from base.errors import Failure
from regex.finder import Finder

COMMANDS_MAX = const(500)
ESCAPES = b"afnrtv"
VALUES = b"\a\f\n\r\t\v"


class Command:
    """A command and its addresses."""

    name = ""
    first = None  # address: (kind, value); kinds: n number, $ last line, / pattern, ~ (first, step)
    second = None  # end of the range: n $ / or + (count of lines), ~ (multiple of)
    negated = False
    active = False  # inside the range
    over = False  # the range has started before; until then, a first line number that was skipped still starts it
    until = 0  # last line of a range that ends at a number
    text = b""  # text of a i c, a label, or a path
    number = 0  # operand of q l L, or the count of s
    jump = 0  # target of b t T {


class Parser:
    """Parses a script (bytes)."""

    def __init__(self, text, extended):
        self.text = text
        self.at = 0
        self.in_s = False  # in the pattern of s, which may contain newlines
        self.extended = extended
        self.files = []
        self.last = False

    def parse(self):
        """Return (commands, files of w and s///w, True if an address refers to the last line)."""
        commands = []
        blocks = []
        labels = {}
        while self.skip(b" \t\n;"):
            command = self.command()
            if command is None:
                continue
            name = command.name
            if name == "{":
                blocks.append(command)
            elif name == "}":
                if not blocks:
                    raise self.wrong("unexpected }")
                blocks.pop().jump = len(commands)
                continue
            elif name == ":":
                labels[command.text] = len(commands)
                continue
            commands.append(command)
            if len(commands) > COMMANDS_MAX:
                raise self.wrong("too many commands")
        if blocks:
            raise self.wrong("unmatched {")
        for command in commands:
            if command.name in "btT":
                if command.text and command.text not in labels:
                    raise Failure("", f"no label {command.text.decode()}")
                command.jump = labels.get(command.text, len(commands))
        return commands, self.files, self.last

    # --- addresses and commands

    def command(self):
        first = self.address()
        second = None
        if first:
            self.skip(b" \t")
            if self.peek() == b",":
                self.at += 1
                self.skip(b" \t")
                second = self.address(True)
                if not second:
                    raise self.wrong("unexpected ,")
        self.skip(b" \t")
        negated = self.peek() == b"!"
        self.skip(b"! \t")
        name = self.take().decode()
        if not name or name == "\n":
            raise self.wrong("missing command")
        if name == "#" and not first:
            self.rest()
            return None
        command = Command()
        command.name = name
        command.first, command.second, command.negated = first, second, negated
        if first and name in ":}":
            raise self.wrong(f"{name} takes no address")
        if name in "aic":
            self.lines(command)
        elif name in ":btT":
            self.skip(b" \t")
            start = self.at
            while (
                self.at < len(self.text) and self.text[self.at] not in b"\n;" and (name == ":" or self.peek() != b"}")
            ):
                self.at += 1
            command.text = self.text[start : self.at].strip()
            if name == ":" and not command.text:
                raise self.wrong("label requires a name")
        elif name in "rRwW":
            self.skip(b" \t")
            self.path(command)
        elif name == "s":
            self.substitute(command)
        elif name == "y":
            self.translate(command)
        elif name in "qQlL":
            self.skip(b" \t")
            command.number = self.digits()
            self.end()
        elif name not in "{}=dDgGhHnNpPxzF":
            raise self.wrong(f"unknown command {name}")
        elif name != "{":
            self.end()
        return command

    def end(self):
        """Require the end of a command."""
        self.skip(b" \t")
        if self.at < len(self.text) and self.text[self.at] not in b"\n;}#":
            raise self.wrong("extra characters after command")

    def address(self, second=False):
        c = self.peek()
        if second and c and c in b"+~":
            self.at += 1
            return c.decode(), self.digits() or 0
        number = self.digits()
        if number is not None:
            if self.peek() == b"~" and not second:
                self.at += 1
                return "~", (number, self.digits() or 0)
            return "n", number
        if c == b"$":
            self.at += 1
            self.last = True
            return "$", None
        if c == b"\\":
            self.at += 1
            c = self.peek()
        elif c != b"/":
            return None
        self.at += 1
        pattern = self.delimited(c, True)
        flags = b""
        while self.peek() and self.peek() in b"IM":
            flags += self.take()
        return "/", self.finder(pattern, b"I" in flags, b"M" in flags)

    def finder(self, pattern, fold, many):
        """Compile a pattern. The empty one, which repeats the last one used, is None."""
        return Finder(pattern.decode(), self.extended, fold, many) if pattern else None

    def lines(self, command):
        """Parse the text of a, i or c."""
        self.skip(b" \t")
        if self.peek() in (b"", b"\n"):
            raise self.wrong("expected \\ after a, c or i")
        escapes = False  # the text may begin with an escape sequence
        if self.peek() == b"\\":
            self.at += 1
            at = self.at
            escapes = self.peek() in (b"\\", b"\n")
            self.skip(b" \t")
            if self.peek() == b"\n":
                self.at += 1
            else:
                self.at = at
        out = bytearray()
        while c := self.take():
            if c == b"\n":
                break
            if c == b"\\":
                c = self.take()
                at = ESCAPES.find(c) if c and (out or escapes) else -1
                if at >= 0:
                    c = VALUES[at : at + 1]
            out.extend(c)
        if out or command.name == "c":
            command.text = bytes(out) + b"\n"

    def path(self, command):
        command.text = self.rest().strip()
        if not command.text:
            raise self.wrong("missing file name")
        command.text.decode()  # report invalid UTF-8 now, not in the middle of a file
        if command.name in "wWs":
            self.files.append(command.text)

    def substitute(self, command):
        mark = self.take()
        if not mark or mark in b"\n\\":
            raise self.wrong("unterminated command")
        self.in_s = True
        pattern = self.delimited(mark, True)
        self.in_s = False
        parts = self.replacement(self.delimited(mark, False))
        command.everywhere = command.shown = fold = many = False
        command.path = None
        command.number = 1
        while c := self.peek():
            self.at += 1
            if c == b"g":
                command.everywhere = True
            elif c == b"p":
                command.shown = True
            elif c in b"iI":
                fold = True
            elif c in b"mM":
                many = True
            elif c == b"w":
                self.skip(b" \t")
                self.path(command)
                command.path = command.text
                break
            elif 48 <= c[0] <= 57:
                self.at -= 1
                command.number = self.digits()
                if not command.number:
                    raise self.wrong("number option to s command may not be zero")
            else:
                self.at -= 1
                self.end()
                break
        command.finder = self.finder(pattern, fold, many)
        command.parts = parts
        groups = max([part for part in parts if isinstance(part, int)] or [0])
        if command.finder and groups > command.finder.groups:
            raise self.wrong(f"invalid reference \\{groups} in s command")

    def translate(self, command):
        mark = self.take()
        texts = []
        for _ in range(2):
            data = self.delimited(mark, False).decode()
            out = []
            quoted = False
            for c in data:
                if quoted:
                    quoted = False
                    out.append("\n" if c == "n" else c if c == "\\" else "\\" + c)
                elif c == "\\":
                    quoted = True
                else:
                    out.append(c)
            texts.append(out)
        if len(texts[0]) != len(texts[1]):
            raise self.wrong("strings for y command are different lengths")
        command.table = {c: texts[1][i] for i, c in enumerate(texts[0])}
        self.end()

    # --- characters: numbers, texts between delimiters, the parts of a replacement

    def wrong(self, why):
        return Failure("", f"{why}, at character {self.at} of the script")

    def peek(self):
        return self.text[self.at : self.at + 1]

    def take(self):
        c = self.text[self.at : self.at + 1]
        self.at += 1
        return c

    def skip(self, chars):
        """Skip the characters in chars. Return False at the end of the script."""
        while self.at < len(self.text) and self.text[self.at] in chars:
            self.at += 1
        return self.at < len(self.text)

    def digits(self):
        start = self.at
        while self.at < len(self.text) and 48 <= self.text[self.at] <= 57:
            self.at += 1
        return int(self.text[start : self.at]) if self.at > start else None

    def rest(self):
        """Return the rest of the line."""
        end = self.text.find(b"\n", self.at)
        end = len(self.text) if end < 0 else end
        data = self.text[self.at : end]
        self.at = end
        return data

    def delimited(self, mark, pattern):
        """Return the text up to the delimiter mark. In a pattern, brackets quote it and escapes are replaced."""
        out = bytearray()
        text = self.text
        bracket = -1  # index in out after the [ or [^ that is open
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
                    self.at -= bracket >= 0 and len(c)  # literal inside brackets
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

    def closing(self):
        """Return the index of a ] that could close the bracket opened here, or -1."""
        start = self.at + 1 + (self.peek() == b"^")
        return self.text.find(b"]", start)

    def code(self, kind):
        """Parse the digits of \\xHH, \\dNNN or \\oNNN and return the byte, or None if there are none."""
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
        """Parse a replacement into parts: bytes, group numbers, and the letters of \\U \\L \\u \\l \\E."""
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
