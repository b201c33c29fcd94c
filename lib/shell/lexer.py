# The lexer of the shell: text to tokens (POSIX shell language, 2.3), restartable wherever the text ends too early.
#
# A token is left in `kind` (word, number, operator, newline or end) and `value`; shell/ast.py says what a word is made of.
# What is nested in $( ) and ${ } is kept as text and parsed when it is first used: its end is found by a flat scan,
# so nesting costs no stack here.

from micropython import const

_RUN = const(24)  # characters that are looked at in one step

_BREAK = b" \t\n;&|<>()"  # ends a word
_SPECIAL = b" \t\n;&|<>()$`'\"\\*?[~"  # all that is not plain text in a word
_OPERATORS3 = ("<<-", "<<<", "&>>", ";;&")
_OPERATORS2 = ("&&", "||", ";;", ">>", "<<", ">&", "<&", ">|", "&>", "<>", ";&", "|&")
NAME1 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
NAME = NAME1 + "0123456789"
_PARAM1 = "@*#?$!-0123456789"
SAFE = "etaoinsrhldcumfpgwybvkxjqz_-./0123456789ETAOINSRHLDCUMFPGWYBVKXJQZ:,@%^"  # special nowhere; the frequent first


class More(Exception):
    """The text ends inside a token: read another line and lex the token again."""


class ShellSyntaxError(Exception):
    """What is wrong, with the line."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


def is_name(text):
    """True for a variable's name."""
    if not text or text[0] not in NAME1:
        return False
    for c in text:
        if c not in NAME:
            return False
    return True


class Lexer:
    """Tokens from text; the parser adds lines to it."""

    def __init__(self, text="", line=1):
        self.text = text
        self.data = None  # text as bytes, a byte for each character; None: not yet
        self.pos = 0
        self.line = line
        self.kind = "end"
        self.value = None
        self.start = 0  # where the token began
        self.marks = ()  # [end, name, more] of each alias whose text has not been read to its end; see shell/builtins/names.py

    def error(self, text):
        return ShellSyntaxError(self.line, text)

    def add(self, text):
        """Append text and drop what has been consumed."""
        for mark in self.marks:
            mark[0] -= self.pos
        self.change(self.text[self.pos :] + text if self.pos < len(self.text) else text)
        self.pos = 0

    def change(self, text):
        """Replace the text."""
        self.text = text
        self.data = None

    def cut(self, i):
        """Take out the line continuation at index i; More where nothing follows yet."""
        if i + 2 >= len(self.text):
            raise More
        for mark in self.marks:
            mark[0] -= 2
        self.change(self.text[:i] + self.text[i + 2 :])
        self.line += 1

    def scan(self):
        """The text as bytes: a character of a str is a str, for which MicroPython searches the names that it knows."""
        data = self.text.encode()
        if len(data) != len(self.text):
            data = bytes([min(ord(c), 128) for c in self.text])  # nothing beyond ASCII is special
        self.data = data
        return data

    def next_or_fail(self):
        """next() at the end of the input: an incomplete token is an error."""
        while True:
            try:
                return self.next()
            except More:
                if not self.text.endswith("\\\n"):
                    raise self.error("unterminated quote or substitution")
            self.change(self.text[:-2])  # a line that goes on, and nothing follows

    def next(self):
        """Read one token into kind and value. Raises More where it is cut off by the end of the text."""
        data = self.data or self.scan()
        n = len(data)
        i = self.pos
        while i < n:
            c = data[i]
            if c == 32 or c == 9 or c == 13:
                i += 1
            elif c == 35:  # #
                end = data.find(b"\n", i)
                i = n if end < 0 else end
            elif c == 92 and data[i + 1 : i + 2] == b"\n":
                if i + 2 >= n:
                    raise More
                i += 2
                self.line += 1
            else:
                break
        self.pos = self.start = i
        if i >= n:
            self.kind = "end"
            self.value = None
            return
        if c == 10:
            self.pos = i + 1
            self.line += 1
            self.kind = "newline"
            self.value = "\n"
        elif c in b";&|<>()":
            self.kind = "operator"
            self.value = self.operator(i)
            self.pos = i + len(self.value)
        else:
            line = self.line
            try:
                self.value = self.word(_SPECIAL)
            except More:
                self.pos = i
                self.line = line
                raise
            self.kind = "word"
            data = self.data
            i = self.pos
            if i < len(data) and data[i] in b"<>" and isinstance(self.value, str):
                if self.value.isdigit() or (self.value[0] + self.value[-1] == "{}" and is_name(self.value[1:-1])):
                    self.kind = "number"

    def operator(self, i):
        """The operator at i."""
        data = self.data
        for k in (i + 1, i + 2):
            while data[k : k + 2] == b"\\\n":
                self.cut(k)
                data = self.scan()
            if k >= len(data) or data[k] not in b"<>&|;-":
                break
        text = self.text
        if i + 1 < len(data) and data[i + 1] in b";&|<>":
            if text[i : i + 3] in _OPERATORS3:
                return text[i : i + 3]
            if text[i : i + 2] in _OPERATORS2:
                return text[i : i + 2]
        return text[i]

    def word(self, special, end=""):
        """Read a word from pos on. With special and end of its own: the inside of ${ } or of double quotes."""
        text = self.text
        data = self.data or self.scan()
        n = len(data)
        i = start = self.pos
        parts = None
        while i < n:
            c = data[i]
            if c not in special:
                i += 1
                continue
            if c in b"*?[~":
                parts = parts or []
                i += 1
                continue
            if not end and c in _BREAK:
                if c == 40 and i > start and data[i - 1] in b"?*+@!":
                    from shell import substitution  # late: rare

                    group = substitution.extended_pattern(self, start, i)
                    if group:
                        parts = (parts or []) + group
                        i = start = self.pos
                        continue
                break
            if parts is None:
                parts = []
            if i > start:
                parts.append(text[start:i])
            self.pos = i
            if c == 36:  # $
                self.dollar(parts, False)
            elif c == 39:  # '
                self.single(parts)
            elif c == 34:  # "
                self.pos = i + 1
                self.double(parts)
            elif c == 96:  # `
                self.backquote(parts, False)
            elif i + 2 < n and data[i + 1] == 10 and (not parts or (len(parts) == 1 and parts[0] == text[start:i])):
                parts = None  # nothing but text so far: it goes on behind the line continuation
                self.cut(i)
                self.pos = start
            else:
                self.escaped(parts, end)
            i = start = self.pos
            if self.text is not text:  # without some line continuations
                text = self.text
                data = self.scan()
                n = len(data)
        self.pos = i
        if i == start and parts:
            return parts
        value = text[start:i]
        if parts is None or (not parts and value in ("[", "[[")):
            return value
        if value:
            parts.append(value)
        return parts

    def single(self, parts):
        """Read a text in single quotes, from the first of them on."""
        start = self.pos + 1
        stop = self.text.find("'", start)
        if stop < 0:
            raise More
        parts.append(("quoted", self.text[start:stop]))
        self.line += self.text[start:stop].count("\n")
        self.pos = stop + 1

    def escaped(self, parts, end):
        """Read a backslash outside of quotes and what is behind it; end: as in word()."""
        i = self.pos + 1
        c = self.text[i : i + 1]
        if not end and (not c or (c == "\n" and i + 1 >= len(self.text))):
            raise More
        if c == "\n":
            self.line += 1
        else:
            parts.append(("quoted", c or "\\"))
        self.pos = i + 1 if c else i

    def double(self, parts, stop='"'):
        """Read a double-quoted text, from pos to behind the closing quote.

        stop "": to the end of the text, a here-document; "}": to the end as well, the inside of a ${ } in quotes.
        """
        text = self.text
        n = len(text)
        i = start = self.pos
        parts.append(("quoted", ""))
        while True:
            if i >= n:
                if stop == '"':
                    raise More
                break
            end = text.find("\n", i)
            if end < 0:
                end = n
            for c in ('"', "$", "`", "\\"):
                at = text.find(c, i, end)
                if at >= 0:
                    end = at
            i = end
            if i >= n:
                continue
            c = text[i]
            if c == "\n":
                self.line += 1
                i += 1
                continue
            if c == '"' and not stop:
                i += 1
                continue
            if i > start:
                parts.append(("quoted", text[start:i]))
            if c == '"':
                i += 1
                start = i
                if stop == '"':
                    break
                continue
            if c == "$":
                self.pos = i
                self.dollar(parts, True)
                i = self.pos
                if self.text is not text:  # without some line continuations
                    text = self.text
                    n = len(text)
            elif c == "`":
                self.pos = i
                self.backquote(parts, True)
                i = self.pos
            else:
                self.backslash(parts, text[i + 1 : i + 2], stop)
                i += 2
            start = i
        if i > start:
            parts.append(("quoted", text[start:i]))
        self.pos = i

    def backslash(self, parts, c, stop):
        """Add what a backslash and c are inside of double quotes."""
        if not c and stop == '"':
            raise More
        if c == "\n":
            self.line += 1
        elif c and (c in "$`\\" or c == stop or (c == '"' and stop)):
            parts.append(("quoted", c))
        else:
            parts.append(("quoted", "\\" + c))

    def backquote(self, parts, quoted):
        """Read a command substitution that begins with ` at pos."""
        from shell import substitution  # late: with the first backquote

        substitution.backquote(self, parts, quoted)

    def dollar(self, parts, quoted):
        """Read an expansion that begins with $ at pos."""
        text = self.text
        i = self.pos + 1
        c = text[i : i + 1]
        while c == "\\" and text[i + 1 : i + 2] == "\n":
            self.cut(i)
            text = self.text
            c = text[i]
        if c and c in NAME1:
            start = i
            while True:
                value = text[i : i + _RUN]
                n = len(value) - len(value.lstrip(NAME))
                i += n
                if n < _RUN:
                    if value[n : n + 2] != "\\\n" and value[n:] != "\\":
                        break
                    if text[i : i + 2] != "\\\n":
                        break
                    self.cut(i)
                    text = self.text
            parts.append(["var", quoted, text[start:i]])
            self.pos = i
        elif c and c in _PARAM1:
            parts.append(["var", quoted, c])
            self.pos = i + 1
        elif c == '"' and not quoted:  # $"..." is translated to itself
            self.pos = i
        elif c and (c in "({" or (c == "'" and not quoted)):
            from shell import substitution  # late: the longer forms

            substitution.dollar(self, parts, quoted)
        else:
            parts.append(("quoted", "$"))
            self.pos = i
