# The scripts of sed: text to a list of commands (text.sedrun runs them).
#
# A script is bytes while it is parsed, since an index into text costs more. Blocks are jumps: a { whose address does
# not match goes behind its }. What is parsed has no methods: it would keep all of this module while the script runs.

from micropython import const

from base.errors import Failure
from text.finder import Finder
from text.sedscan import ESCAPES, VALUES, Scanner

COMMANDS_MAX = const(500)


class Command:
    """One command: what it is for which lines."""

    name = ""
    first = None  # an address: (kind, value); kinds: n number, $ last line, / pattern, ~ (first, step)
    second = None  # the end of a range; + so many lines more, ~ up to a multiple, besides n $ /
    negated = False
    active = False  # within the range
    over = False  # the range has begun once: only then its first line, given by number, may have been missed
    until = 0  # the last line of the range, for a number
    text = b""  # of a i c; a label; a path
    number = 0  # of q l L, the count of s
    jump = 0  # where b t T { go


class Parser(Scanner):
    """Parses a script (bytes)."""

    def __init__(self, text, extended):
        Scanner.__init__(self, text)
        self.extended = extended
        self.files = []
        self.last = False

    def parse(self):
        """(commands, paths that w and s///w write, True where some address asks for the last line)."""
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
                raise self.wrong("a label needs a name")
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
        """A command ends here."""
        self.skip(b" \t")
        if self.at < len(self.text) and self.text[self.at] not in b"\n;}#":
            raise self.wrong("extra characters behind a command")

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
        """What finds a pattern; None for the empty one, which is the last that was used."""
        return Finder(pattern.decode(), self.extended, fold, many) if pattern else None

    def lines(self, command):
        """The text of a, i and c."""
        self.skip(b" \t")
        escapes = False  # the first character of the text may be one
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
                    raise self.wrong("the count is 0")
            else:
                self.at -= 1
                self.end()
                break
        command.finder = self.finder(pattern, fold, many)
        command.parts = parts
        groups = max([part for part in parts if isinstance(part, int)] or [0])
        if command.finder and groups > command.finder.groups:
            raise self.wrong(f"no group \\{groups} in the pattern")

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
            raise self.wrong("the texts of y have different lengths")
        command.table = {c: texts[1][i] for i, c in enumerate(texts[0])}
        self.end()
