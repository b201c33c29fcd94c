# The tokens of an awk program.
#
# A token is (kind, value): "n" number, "s" string and "r" regular expression (bytes in a tuple), "v" name, "f" name followed
# directly by (, "b" built-in function, "k" keyword, "o" operator or "\n", "e" end.

from awk.values import number, unescape
from base.errors import Failure

KEYWORDS = (
    "BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf"
).split()
# The built-in functions, by the least and the greatest number of their arguments.
ARGUMENTS = (
    (1, 1, "sin cos exp log sqrt int tolower toupper system close compl strtonum mktime"),
    (2, 2, "index lshift rshift"),
    (2, 3, "substr split sub gsub match"),
    (3, 4, "gensub"),
    (2, 99, "and or xor"),
    (0, 99, "length sprintf atan2 rand srand fflush systime strftime"),
)
FUNCTIONS = " ".join([names for _, _, names in ARGUMENTS]).split()
OPERATORS = (
    "**= ** += -= *= /= %= ^= == <= >= != ++ -- && || >> !~ { } ( ) [ ] ; , + - * / % ^ ! < > | ? : ~ $ ="
).split()


def arity(name):
    """(least, greatest) number of arguments of a built-in function."""
    for least, most, names in ARGUMENTS:
        if name in names.split():
            return least, most


class Lexer:
    """Returns tokens one by one; peek(n) looks ahead."""

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.line = 1
        self.waiting = []
        self.operand = False  # the previous token ends an operand, so / divides

    def wrong(self, why):
        return Failure("", f"{why}, in line {self.line} of the program", 2)

    def unexpected(self, token):
        text = token[1] if isinstance(token[1], str) else "constant"
        return self.wrong("unexpected " + ("newline" if text == "\n" else text or "end"))

    def peek(self, n=0):
        while len(self.waiting) <= n:
            self.waiting.append(self._token())
        return self.waiting[n]

    def next(self):
        return self.waiting.pop(0) if self.waiting else self._token()

    def take(self, value):
        """Skip a token that must be there."""
        token = self.next()
        if token[1] != value or token[0] not in "ok":
            raise self.unexpected(token)

    def skip_newlines(self):
        while self.peek()[1] == "\n":
            self.next()

    def _token(self):
        token = self._read()
        kind, value = token
        self.operand = kind in "nsrv" or value in (")", "]", "++", "--", "$", "getline") or kind == "b"
        if value == "$":
            self.operand = False
        return token

    def _read(self):
        text = self.text
        n = len(text)
        while self.at < n:
            c = text[self.at]
            if c == 35:  # a comment
                end = text.find(b"\n", self.at)
                self.at = n if end < 0 else end
            elif c == 92 and text[self.at + 1 : self.at + 2] in (b"\n", b"\r"):
                self.at = text.find(b"\n", self.at) + 1 or n
                self.line += 1
            elif c in b" \t\r":
                self.at += 1
            else:
                break
        if self.at >= n:
            return "e", ""
        start = self.at
        if c == 10:
            self.at += 1
            self.line += 1
            return "o", "\n"
        if c == 34:
            return "s", (self._quoted(34),)
        if c == 47 and not self.operand:
            return "r", (self._quoted(47),)
        if 48 <= c <= 57 or (c == 46 and text[start + 1 : start + 2].isdigit()):
            if c == 48 and text[start + 1 : start + 2] in (b"x", b"X"):
                end = start + 2
                while end < n and text[end] in b"0123456789abcdefABCDEF":
                    end += 1
                if end > start + 2:
                    self.at = end
                    return "n", int(text[start + 2 : end].decode(), 16)
            value, self.at = number(text, start)
            return "n", value
        if c == 95 or 65 <= c <= 90 or 97 <= c <= 122:
            return self._word(start)
        for operator in OPERATORS:
            if text.startswith(operator.encode(), start):
                self.at += len(operator)
                return "o", operator.replace("**", "^")
        raise self.wrong(f"unexpected {chr(c) if 32 < c < 127 else 'character'}")

    def _word(self, start):
        text = self.text
        end = start + 1
        while end < len(text) and (
            text[end] == 95 or 48 <= text[end] <= 57 or 65 <= text[end] <= 90 or 97 <= text[end] <= 122
        ):
            end += 1
        self.at = end
        word = text[start:end].decode()
        if word in KEYWORDS:
            return "k", "function" if word == "func" else word
        if word in FUNCTIONS:
            return "b", word
        return ("f" if text[end : end + 1] == b"(" else "v"), word

    def _quoted(self, mark):
        """Read a string, replacing its escapes, or a regular expression, keeping them."""
        text = self.text
        out = bytearray()
        i = self.at + 1
        bracket = 0  # index after the [ that is open
        while True:
            c = text[i] if i < len(text) else 10
            i += 1
            if c == 10:
                raise self.wrong("unterminated " + ("string" if mark == 34 else "regular expression"))
            if c == mark and not bracket:
                self.at = i
                return bytes(out)
            if c == 92 and i < len(text):
                if mark == 34:
                    i = unescape(text, i, out)
                    self.line += text[i - 1] == 10
                else:
                    if text[i] != 47:
                        out.append(c)
                    out.append(text[i])
                    i += 1
                continue
            out.append(c)
            if mark != 47:
                continue
            if c == 91 and not bracket:
                bracket = i + (text[i : i + 1] == b"^")
                end = text.find(b"]", bracket + 1)
                line = text.find(b"\n", i)
                if end < 0 or 0 <= line < end:
                    bracket = 0
            elif c == 91 and text[i : i + 1] == b":" and (end := text.find(b":]", i)) > 0:
                out.extend(text[i : end + 2])
                i = end + 2
            elif c == 93 and i - 1 > bracket:
                bracket = 0
