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
        text = self.text
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
            for k in (i + 1, i + 2):
                while data[k : k + 2] == b"\\\n":
                    self.cut(k)
                    text = self.text
                    data = self.scan()
                    n -= 2
                if k >= n or data[k] not in b"<>&|;-":
                    break
            value = text[i]
            if i + 1 < n and data[i + 1] in b";&|<>":
                more = text[i : i + 3]
                if more not in _OPERATORS3:
                    more = text[i : i + 2]
                if len(more) == 3 or more in _OPERATORS2:
                    value = more
            self.pos = i + len(value)
            self.kind = "operator"
            self.value = value
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
            if i < len(data) and data[i] in b"<>" and isinstance(self.value, str) and self.value.isdigit():
                self.kind = "number"

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
            if c == 36:  # $
                self.pos = i
                self.dollar(parts, False)
                i = self.pos
                if self.text is not text:  # without some line continuations
                    text = self.text
                    data = self.scan()
                    n = len(data)
            elif c == 39:  # '
                stop = text.find("'", i + 1)
                if stop < 0:
                    raise More
                parts.append(("quoted", text[i + 1 : stop]))
                self.line += text[i:stop].count("\n")
                i = stop + 1
            elif c == 34:  # "
                self.pos = i + 1
                self.double(parts)
                i = self.pos
            elif c == 92:  # backslash
                if i + 1 >= n:
                    if end:
                        parts.append(("quoted", "\\"))
                        i += 1
                        start = i
                        continue
                    raise More
                if data[i + 1] == 10:
                    if i + 2 >= n and not end:
                        raise More
                    if i + 2 < n and (not parts or (len(parts) == 1 and parts[0] == text[start:i])):
                        parts = None  # nothing but text so far: it goes on
                        self.cut(i)
                        text = self.text
                        data = self.scan()
                        n -= 2
                        i = start
                        continue
                    self.line += 1
                else:
                    parts.append(("quoted", text[i + 1]))
                i += 2
            else:  # `
                self.pos = i
                self.backquote(parts, False)
                i = self.pos
            start = i
        self.pos = i
        if i == start and parts:
            return parts
        value = text[start:i]
        if parts is None or (not parts and value in ("[", "[[")):
            return value
        if value:
            parts.append(value)
        return parts

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
                c = text[i + 1 : i + 2]
                if not c and stop == '"':
                    raise More
                if c == "\n":
                    self.line += 1
                elif c and (c in "$`\\" or c == stop or (c == '"' and stop)):
                    parts.append(("quoted", c))
                else:
                    parts.append(("quoted", "\\" + c))
                i += 2
            start = i
        if i > start:
            parts.append(("quoted", text[start:i]))
        self.pos = i

    def backquote(self, parts, quoted):
        """Read a command substitution that begins with ` at pos."""
        from shell import substitution

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
