# Compile Perl's regular expressions, for grep -P, into instructions for regex.backtrack.
#
# Supported: . [...] [[:alpha:]] \d \w \s \h \b \A \z \Z \Q...\E \K \xHH \x{...}, groups of all kinds (also named, atomic,
# (?i)), alternatives, ^ $, * + ? {n,m} with a suffix ? or +, \1 \g{1} \k<name>, and (?=...) (?!...) (?<=...) (?<!...), the last
# two with alternatives of fixed length. Not supported: recursion, conditions, \p{...}, callouts.
#
# A fragment is (instructions, number of characters that it matches or None). Jumps are relative, so that fragments can be
# copied. Open groups are on a list, not on the C stack.

from micropython import const

from base.errors import Failure
from regex.backtrack import (
    AGAIN,
    ANY,
    ATOM,
    ATOMEND,
    BACK,
    CHECK,
    EDGE,
    JUMP,
    LOOK,
    LOOKEND,
    MARK,
    NOT,
    NOTEND,
    ONE,
    RUN,
    SAVE,
    SPLIT,
    Machine,
)
from regex.parser import _SETS as CLASSES

CODE_MAX = const(3000)  # instructions
REPEAT_MAX = const(1000)

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "e": "\x1b", "a": "\a", "v": "\v"}
_SHORT = {"d": "digit", "s": "space", "h": "blank", "w": "word"}


class Group:
    """An open group."""

    def __init__(self, kind, fold, number=0):
        self.kind = kind  # "(", ":", "=", "!", "<=", "<!", ">"
        self.fold = fold
        self.number = number
        self.done = []  # its complete alternatives
        self.code, self.width = [], 0  # the current one
        self.last = None  # (index of the last atom in code, width before it)

    def add(self, code, width):
        self.last = len(self.code), self.width
        self.code = self.code + code
        self.width = None if width is None or self.width is None else self.width + width

    def another(self):
        if self.kind in ("<=", "<!"):
            if self.width is None:
                raise _bad("lookbehind assertion is not fixed length")
            self.code = [(BACK, self.width)] + self.code
        self.done.append((self.code, self.width))
        self.code, self.width, self.last = [], 0, None

    def finish(self):
        """Return the fragment of the whole group."""
        self.another()
        code, width = self.done.pop()
        while self.done:
            first, size = self.done.pop()
            code = [(SPLIT, 1, len(first) + 2)] + first + [(JUMP, len(code) + 1)] + code
            width = width if width == size else None
        if self.kind == "(":
            code = [(SAVE, 2 * self.number)] + code + [(SAVE, 2 * self.number + 1)]
        elif self.kind == ">":
            code = [(ATOM,)] + code + [(ATOMEND,)]
        elif self.kind in ("=", "<="):
            code, width = [(LOOK,)] + code + [(LOOKEND,)], 0
        elif self.kind in ("!", "<!"):
            code, width = [(NOT, len(code) + 2)] + code + [(NOTEND,)], 0
        return code, width


class Parser:
    """Compiles a pattern to instructions."""

    def __init__(self, pattern, fold):
        self.pattern = pattern
        self.at = 0
        self.groups = 0
        self.names = {}
        self.marks = 0  # marks used by loops
        self.stack = [Group(":", fold)]
        self.size = 0

    def parse(self):
        while self.at < len(self.pattern):
            c = self.pattern[self.at]
            self.at += 1
            group = self.stack[-1]
            if c == "(":
                self.open(group)
            elif c == ")":
                if len(self.stack) == 1:
                    raise _bad("unmatched closing parenthesis")
                code, width = self.stack.pop().finish()
                self.stack[-1].add(code, width)
            elif c == "|":
                group.another()
            elif c in "*+?" or (c == "{" and self.interval()):
                self.repeat(group, c)
            elif c in "^$":
                group.add([(EDGE, c)], 0)
            elif c == "\\":
                self.escape(group)
            elif c == "[":
                group.add([(ONE, self.charset(), group.fold)], 1)
            else:
                group.add([(ANY,)] if c == "." else [(ONE, c, group.fold)], 1)
            if len(group.code) > CODE_MAX:
                raise _bad("regular expression is too large")
        if len(self.stack) > 1:
            raise _bad("missing closing parenthesis")
        return self.stack[0].finish()[0]

    def take(self, text):
        """Take text if it is next. Return whether it was."""
        if not self.pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def until(self, end):
        at = self.pattern.find(end, self.at)
        if at < 0:
            raise _bad("missing terminator " + end)
        text = self.pattern[self.at : at]
        self.at = at + len(end)
        return text

    def open(self, outer):
        """Open a group."""
        if not self.take("?"):
            self.groups += 1
            self.stack.append(Group("(", outer.fold, self.groups))
            return
        for kind in (":", "=", "!", ">", "<=", "<!"):
            if self.take(kind):
                self.stack.append(Group(kind, outer.fold))
                return
        if self.take("#"):
            self.until(")")
            return
        for start, end in (("P<", ">"), ("<", ">"), ("'", "'")):
            if self.take(start):
                self.groups += 1
                self.names[self.until(end)] = self.groups
                self.stack.append(Group("(", outer.fold, self.groups))
                return
        fold, on = outer.fold, True
        while (c := self.pattern[self.at : self.at + 1]) and c in "-imsx":
            self.at += 1
            if c == "-":
                on = False
            elif c == "i":
                fold = on
        if self.take(")"):
            outer.fold = fold
        elif self.take(":"):
            self.stack.append(Group(":", fold))
        else:
            raise _bad("unrecognized character after (?")

    def interval(self):
        """Return (least, most) of the interval after a {, or None if it is plain text."""
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at : max(end, self.at)].partition(",")
        if end < 0 or not low.isdigit() or (high and not high.isdigit()):
            return None
        self.counts = int(low), (int(high) if high else None) if comma else int(low)
        return self.counts

    def repeat(self, group, c):
        """Apply a quantifier to the last atom."""
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(c) or self.counts
        if c == "{":
            self.until("}")
        if group.last is None:
            raise _bad("quantifier does not follow a repeatable item")
        if max(least, most or 0) > REPEAT_MAX or (most is not None and most < least):
            raise _bad("invalid numbers in {}")
        start, width = group.last
        atom = group.code[start:]
        lazy = self.take("?")
        hold = not lazy and self.take("+")
        code = self.repeated(atom, least, most, lazy)
        if hold:
            code = [(ATOM,)] + code + [(ATOMEND,)]
        size = None if group.width is None or width is None else group.width - width
        group.code = group.code[:start]
        group.width = width
        group.add(code, size * least if size is not None and least == most else None)
        group.last = None

    def repeated(self, atom, least, most, lazy):
        if len(atom) == 1 and atom[0][0] in (ONE, ANY) and not lazy:
            return [(RUN, atom[0], least, most)]
        if len(atom) * max(least, most or 1) > CODE_MAX:
            raise _bad("regular expression is too large")
        code = atom * least

        def either(far):
            return (SPLIT, far, 1) if lazy else (SPLIT, 1, far)

        if most is None:
            self.marks += 1
            body = [(MARK, -self.marks)] + atom + [(CHECK, -self.marks)]
            return code + [either(len(body) + 2)] + body + [(JUMP, -len(body) - 1)]
        for left in range(most - least, 0, -1):
            code = code + [either(left * (len(atom) + 1))] + atom
        return code

    def escape(self, group):
        """Parse an escape after its backslash."""
        c = self.pattern[self.at : self.at + 1]
        if not c:
            raise _bad("\\ at end of pattern")
        self.at += 1
        if c in "bBAzZ":
            group.add([(EDGE, c)], 0)
        elif c == "K":
            group.add([(SAVE, 0)], 0)  # the match begins here
        elif c == "Q":
            end = self.pattern.find("\\E", self.at)
            text = self.pattern[self.at : end if end >= 0 else len(self.pattern)]
            self.at = end + 2 if end >= 0 else len(self.pattern)
            for letter in text:
                group.add([(ONE, letter, group.fold)], 1)
        elif c == "E":
            pass
        elif c.isdigit() and c != "0":
            while self.pattern[self.at : self.at + 1].isdigit() and len(c) < 2:
                c += self.pattern[self.at]
                self.at += 1
            group.add([(AGAIN, int(c), group.fold)], None)
        elif c in "gk":
            end = {"{": "}", "<": ">", "'": "'"}.get(self.pattern[self.at : self.at + 1])
            if not end:
                raise _bad("invalid escape sequence")
            self.at += 1
            name = self.until(end)
            number = self.names.get(name) or (int(name) if name.isdigit() else 0)
            if not number:
                raise _bad("reference to non-existent subpattern")
            group.add([(AGAIN, number, group.fold)], None)
        elif c == "N" or c == "R":
            group.add([(ANY,)] if c == "N" else [(ONE, "\n", False)], 1)
        else:
            group.add([(ONE, self.single(c), group.fold)], 1)

    def single(self, c):
        """Return the character or set (negated, characters, pairs) of the escape \\c."""
        if c.lower() in _SHORT:
            return (c.isupper(), (), class_of(_SHORT[c.lower()]))
        if c == "x":
            if self.take("{"):
                digits = self.until("}")
            else:
                digits = self.pattern[self.at : self.at + 2]
                while digits and not all(d in "0123456789abcdefABCDEF" for d in digits):
                    digits = digits[:-1]
                self.at += len(digits)
            try:
                return chr(int(digits or "0", 16))
            except ValueError:
                raise _bad("invalid \\x")
        if c == "0":
            return "\0"
        if c in _ESCAPES:
            return _ESCAPES[c]
        if c.isalpha() and ord(c) < 128:
            raise _bad("unrecognized character follows \\")
        return c

    def charset(self):
        """Parse a set after its [: (negated, characters, pairs)."""
        negated = self.take("^")
        singles, pairs = [], []
        first = True
        while first or not self.take("]"):
            low = self.member()
            if low is None:
                raise _bad("missing terminating ] for character class")
            first = False
            if isinstance(low, tuple):
                if low[0]:
                    raise _bad("a negated class inside [] is not supported")
                pairs.extend(low[2])
                continue
            if self.pattern[self.at : self.at + 1] == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self.member()
                if isinstance(high, tuple) or high < low:
                    raise _bad("invalid range in character class")
                pairs.append(low + high)
            else:
                singles.append(low)
        return (negated, tuple(singles), tuple(pairs))

    def member(self):
        """Return a character of a set, or the set of a class; None at the end of the pattern."""
        c = self.pattern[self.at : self.at + 1]
        if not c:
            return None
        self.at += 1
        if c == "[" and self.take(":"):
            return (False, (), class_of(self.until(":]")))
        if c == "\\":
            c = self.pattern[self.at : self.at + 1]
            self.at += 1
            return "\b" if c == "b" else self.single(c) if c else None
        return c


def class_of(name):
    """Return the pairs of a class."""
    if name == "word":
        return ("az", "AZ", "09", "__", "\u00c0\uffff")
    if name not in CLASSES:
        raise _bad("unknown POSIX class name")
    return tuple(CLASSES[name])


def _bad(why):
    return Failure("", why, 2)


class PerlMatcher:
    """The counterpart of regex.matcher.Matcher for Perl's patterns."""

    needle = None  # no text is common to all matches
    sure = False

    def __init__(self, patterns, fold=False, word=False, whole=False):
        self.machines = []
        for pattern in patterns:
            for line in pattern.split("\n"):
                if word or whole:
                    line = f"^(?:{line})$" if whole else f"(?<!\\w)(?:{line})(?!\\w)"
                parser = Parser(line, fold)
                self.machines.append(Machine(parser.parse(), parser.groups, parser.marks))

    def may(self, text):
        return True

    def test(self, line):
        return self.span(line) is not None

    def span(self, line, start=0):
        """Return (start, end) of the leftmost match at or after start, or None."""
        best = None
        for machine in self.machines:
            found = machine.search(line, start)
            if found and (best is None or found < best):
                best = found
        return best
