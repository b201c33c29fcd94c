# The lexer of the shell: text to tokens (POSIX shell language, 2.3), restartable wherever the text ends too early.
#
# A token is left in `kind` and `value`. A word is a str where it is nothing but itself; otherwise it is a list of
# parts, each one of
#   str                          unquoted text, in which ~ * ? [ have their meaning
#   (QUOTED, text)               quoted text
#   [VAR, quoted, name]          $name
#   [PARAM, quoted, name, op, word, line]     ${name op word}; word is text until its first use, then a parsed word
#   [COMMAND, quoted, text, line]             $(text); text becomes the parsed list on its first use
#   [ARITH, quoted, word]        $((word)), word parsed as if in double quotes
# What is nested in $( ) and ${ } is kept as text and parsed when it is first used: its end is found by a flat scan,
# so nesting costs no stack here.

from micropython import const

_QUOTED = const(0)
_VAR = const(1)
_PARAM = const(2)
_COMMAND = const(3)
_ARITH = const(4)

# Kinds of token
_END = const(0)
_NEWLINE = const(1)
_OPERATOR = const(2)
_WORD = const(3)
_IO_NUMBER = const(4)

_WORD_MAX = const(65536)  # characters in one word

_BREAK = " \t\n;&|<>()"  # ends a word
_SPECIAL = " \t\n;&|<>()$`'\"\\*?[~"  # all that is not plain text in a word
_OPERATORS3 = ("<<-", "<<<", "&>>", ";;&")
_OPERATORS2 = ("&&", "||", ";;", ">>", "<<", ">&", "<&", ">|", "&>", "<>", ";&")
NAME1 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
NAME = NAME1 + "0123456789"
_PARAM1 = "@*#?$!-0123456789"


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


def closing(text, i, close, quoted=False):
    """The index of the `close` that matches what was opened before index i: for $( ), ${ } and ` `.

    Knows quotes, comments, nested substitutions and case patterns. Raises More where the text ends first.
    """
    stack = [close]  # what must be closed: ) } ` " and C for a case whose patterns end with a bare )
    word = i  # where the current word began, or -1
    n = len(text)
    while i < n:
        c = text[i]
        top = stack[-1]
        if c == "\\":
            i += 2
            continue
        if top == '"':
            if c == '"':
                stack.pop()
            elif c == "`":
                stack.append("`")
            elif c == "$" and i + 1 < n and text[i + 1] in "({":
                i += 1
                stack.append(")" if text[i] == "(" else "}")
            i += 1
            continue
        if c == top and top != "C":
            stack.pop()
            if not stack:
                return i
        elif c == "'" and not (quoted and top == "}" and len(stack) == 1):
            i = text.find("'", i + 1)
            if i < 0:
                raise More
        elif c == '"':
            stack.append('"')
        elif c == "`":
            stack.append("`")
        elif c == "(" or (c == "{" and i and text[i - 1] == "$"):
            stack.append(")" if c == "(" else "}")
        elif c == ")" and top == "C":
            pass  # the end of a pattern
        elif c == "#" and top in ")C" and (i == 0 or text[i - 1] in " \t\n;&|("):
            i = text.find("\n", i)
            if i < 0:
                raise More
        elif c in "ce" and top in ")C" and (i == 0 or text[i - 1] in " \t\n;&|("):
            if text[i : i + 5] in ("case ", "case\t"):
                stack.append("C")
                i += 4
            elif top == "C" and text[i : i + 4] == "esac" and (i + 4 >= n or text[i + 4] in _BREAK):
                stack.pop()
                i += 3
        i += 1
    raise More


class Lexer:
    """Tokens from text; the parser adds lines to it."""

    def __init__(self, text="", line=1):
        self.text = text
        self.pos = 0
        self.line = line
        self.kind = _END
        self.value = None
        self.start = 0  # where the token began

    def error(self, text):
        return ShellSyntaxError(self.line, text)

    def add(self, text):
        """Append text, dropping what has been read."""
        self.text = self.text[self.pos :] + text if self.pos < len(self.text) else text
        self.pos = 0

    def add_front(self, text):
        """Put text before what has not been read: the value of an alias."""
        self.text = text + " " + self.text[self.pos :]
        self.pos = 0

    def next_or_fail(self):
        """next() at the end of the input: what is cut off is an error."""
        try:
            self.next()
        except More:
            raise self.error("expected the end of a quote or substitution, found end of file")

    def next(self):
        """Read one token into kind and value. Raises More where it is cut off by the end of the text."""
        text = self.text
        n = len(text)
        i = self.pos
        while i < n:
            c = text[i]
            if c == " " or c == "\t" or c == "\r":
                i += 1
            elif c == "#":
                end = text.find("\n", i)
                i = n if end < 0 else end
            elif c == "\\" and text[i + 1 : i + 2] == "\n":
                if i + 2 >= n:
                    raise More
                i += 2
                self.line += 1
            else:
                break
        self.pos = self.start = i
        if i >= n:
            self.kind = _END
            self.value = None
            return
        if c == "\n":
            self.pos = i + 1
            self.line += 1
            self.kind = _NEWLINE
            self.value = "\n"
        elif c in ";&|<>()":
            value = text[i : i + 3]
            if value not in _OPERATORS3:
                value = text[i : i + 2]
                if value not in _OPERATORS2:
                    value = c
            self.pos = i + len(value)
            self.kind = _OPERATOR
            self.value = value
        else:
            line = self.line
            try:
                self.value = self.word(_SPECIAL)
            except More:
                self.pos = i
                self.line = line
                raise
            self.kind = _WORD
            if self.pos < n and text[self.pos] in "<>" and isinstance(self.value, str) and self.value.isdigit():
                self.kind = _IO_NUMBER

    def word(self, special, end=""):
        """Read a word from pos on. With special and end of its own: the inside of ${ } or of double quotes."""
        text = self.text
        n = len(text)
        i = start = self.pos
        parts = None
        while i < n:
            c = text[i]
            if c not in special:
                i += 1
                continue
            if c in "*?[~":
                parts = parts or []
                i += 1
                continue
            if not end and c in _BREAK:
                break
            if parts is None:
                parts = []
            if i > start:
                parts.append(text[start:i])
            if c == "$":
                self.pos = i
                self.dollar(parts, False)
                i = self.pos
            elif c == "'":
                stop = text.find("'", i + 1)
                if stop < 0:
                    raise More
                parts.append((_QUOTED, text[i + 1 : stop]))
                self.line += text[i:stop].count("\n")
                i = stop + 1
            elif c == '"':
                self.pos = i + 1
                self.double(parts)
                i = self.pos
            elif c == "\\":
                if i + 1 >= n:
                    if end:
                        parts.append((_QUOTED, "\\"))
                        i += 1
                        start = i
                        continue
                    raise More
                if text[i + 1] == "\n":
                    self.line += 1
                    if i + 2 >= n and not end:
                        raise More
                else:
                    parts.append((_QUOTED, text[i + 1]))
                i += 2
            elif c == "`":
                self.pos = i
                self.backquote(parts, False)
                i = self.pos
            else:
                parts.append(c)
                i += 1
            start = i
        self.pos = i
        if parts is None or (not parts and text[start:i] == "["):
            return text[start:i]
        if i > start:
            parts.append(text[start:i])
        return parts

    def double(self, parts, stop='"'):
        """Read what stands in double quotes, from pos to behind the closing one (stop "" : to the end of the text)."""
        text = self.text
        n = len(text)
        i = start = self.pos
        parts.append((_QUOTED, ""))
        while True:
            if i >= n:
                if stop:
                    raise More
                break
            c = text[i]
            if c not in '"$`\\\n':
                i += 1
                continue
            if c == "\n":
                self.line += 1
                i += 1
                continue
            if c == '"' and not stop:
                i += 1
                continue
            if i > start:
                parts.append((_QUOTED, text[start:i]))
            if c == '"':
                i += 1
                start = i
                break
            if c == "$":
                self.pos = i
                self.dollar(parts, True)
                i = self.pos
            elif c == "`":
                self.pos = i
                self.backquote(parts, True)
                i = self.pos
            else:
                c = text[i + 1 : i + 2]
                if not c and stop:
                    raise More
                if c == "\n":
                    self.line += 1
                elif c and (c in "$`\\" or (c == '"' and stop)):
                    parts.append((_QUOTED, c))
                else:
                    parts.append((_QUOTED, "\\" + c))
                i += 2
            start = i
        if i > start:
            parts.append((_QUOTED, text[start:i]))
        self.pos = i

    def backquote(self, parts, quoted):
        """Read `...`, in which a backslash keeps its meaning only before $ ` and itself (POSIX 2.6.3)."""
        text = self.text
        i = self.pos + 1
        out = []
        while True:
            c = text[i : i + 1]
            if not c:
                raise More
            if c == "`":
                break
            if c == "\\":
                c = text[i + 1 : i + 2]
                if c not in ("$", "`", "\\") and not (quoted and c == '"'):
                    c = "\\" + c
                i += 1
            out.append(c)
            i += 1
        parts.append([_COMMAND, quoted, "".join(out), self.line])
        self.pos = i + 1

    def dollar(self, parts, quoted):
        """Read what begins with $ at pos."""
        text = self.text
        i = self.pos + 1
        c = text[i : i + 1]
        if c and c in NAME1:
            start = i
            n = len(text)
            while i < n and text[i] in NAME:
                i += 1
            parts.append([_VAR, quoted, text[start:i]])
            self.pos = i
        elif c and c in _PARAM1:
            parts.append([_VAR, quoted, c])
            self.pos = i + 1
        elif c == "(":
            if text[i + 1 : i + 2] == "(":
                end = closing(text, i + 2, ")")
                if text[end + 1 : end + 2] == ")":
                    inner = Lexer(text[i + 2 : end], self.line)
                    word = []
                    inner.double(word, "")
                    parts.append([_ARITH, quoted, word])
                    self.line += text[i:end].count("\n")
                    self.pos = end + 2
                    return
            end = closing(text, i + 1, ")")
            parts.append([_COMMAND, quoted, text[i + 1 : end], self.line])
            self.line += text[i:end].count("\n")
            self.pos = end + 1
        elif c == "{":
            end = closing(text, i + 1, "}", quoted)
            self.brace(parts, quoted, text[i + 1 : end])
            self.line += text[i:end].count("\n")
            self.pos = end + 1
        elif c == "'" and not quoted:
            from shell.escape import ansi_c  # late: rare

            end = i + 1
            while True:
                end = text.find("'", end)
                if end < 0:
                    raise More
                back = 0
                while text[end - 1 - back] == "\\":
                    back += 1
                if back % 2 == 0:
                    break
                end += 1
            parts.append((_QUOTED, ansi_c(text[i + 1 : end])))
            self.pos = end + 1
        else:
            if not c and not quoted and i >= len(text):
                pass  # a $ at the very end is itself
            parts.append((_QUOTED, "$"))
            self.pos = i

    def brace(self, parts, quoted, text):
        """Take apart the inside of ${ }."""
        if text == "#" or (text[:1] == "#" and len(text) > 1 and text[1] not in "-=+?%#:"):
            name = text[1:] or "#"
            op = "len" if text != "#" else ""
            rest = ""
        else:
            i = 0
            if text[:1] and text[0] in NAME1:
                while i < len(text) and text[i] in NAME:
                    i += 1
            elif text[:1].isdigit():
                while i < len(text) and text[i].isdigit():
                    i += 1
            elif text[:1] and text[0] in _PARAM1:
                i = 1
            name = text[:i]
            rest = text[i:]
            op = ""
            if rest:
                op = rest[:2]
                if op not in (":-", ":=", ":?", ":+", "##", "%%", "//"):
                    op = rest[0]
                    if op not in "-=?+#%/:":
                        raise self.error("${" + text + "}: bad substitution")
                rest = rest[len(op) :]
        if not name or (op == "len" and not (is_name(name) or name in _PARAM1 or name.isdigit())):
            raise self.error("${" + text + "}: bad substitution")
        if op:
            parts.append([_PARAM, quoted, name, op, rest, self.line])
        else:
            parts.append([_VAR, quoted, name])


def parse_word(text, quoted, line):
    """The word that text is inside ${ }: unquoted, or as in double quotes."""
    lexer = Lexer(text, line)
    if quoted:
        parts = []
        lexer.double(parts, "")
        return parts
    return lexer.word("$`'\"\\*?[~", "}")
