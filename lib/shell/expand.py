# Expansion: words to fields (POSIX 2.6), without recursion.
#
# Words whose parts need no waiting are expanded by plain calls; the others by generators for execute.run().

import sys

from base.errors import Failure

_PLAIN = ("quoted", "var")  # parts that need no waiting
_MAGIC = "*?[("
_BLANKS = " \t\n"


class Unset(Failure):
    """A parameter that must be set is not: ends a script (POSIX 2.8.1)."""


class Fields:
    """Builds fields from pieces of text; splits and globs unquoted ones."""

    def __init__(self, shell, single=False):
        self.shell = shell
        self.single = single  # one field, neither split nor globbed: assignments, redirections, case
        self.out = []
        self.pieces = None  # [text, quoted, text, quoted ...] of the field that is being built
        self.magic = False

    def add(self, text, quoted):
        """Text that belongs to the current field."""
        if self.pieces is None:
            self.pieces = [text, quoted]
        else:
            self.pieces.append(text)
            self.pieces.append(quoted)
        if not quoted and not self.magic:
            for c in _MAGIC:
                if c in text:
                    self.magic = True

    def split(self, text):
        """The text of an unquoted expansion: split by IFS."""
        if self.single:
            self.add(text, False)
            return
        if not text:
            return
        ifs = self.shell.ifs()
        if ifs == _BLANKS and "\r" not in text:
            words = text.split()
            if text[0] in _BLANKS:
                self.end()
            for i in range(len(words)):
                if i:
                    self.end()
                self.add(words[i], False)
            if words and text[-1] in _BLANKS:
                self.end()
            return
        if not ifs:
            self.add(text, False)
            return
        self.split_by(text, ifs)

    def split_by(self, text, ifs):
        """Split by any IFS: blanks in it are trimmed and merged, every other character delimits a field."""
        i = 0
        n = len(text)
        start = 0
        while i < n:
            c = text[i]
            if c not in ifs:
                i += 1
                continue
            if i > start:
                self.add(text[start:i], False)
            hard = c not in _BLANKS
            i += 1
            while i < n and text[i] in ifs and (text[i] in _BLANKS or not hard):
                hard = hard or text[i] not in _BLANKS
                i += 1
            if hard and self.pieces is None:
                self.add("", True)  # an empty field between two delimiters
            self.end()
            start = i
        if n > start:
            self.add(text[start:n], False)

    def params(self, quoted, args):
        """$@ : each positional parameter (or element of an array) a field of its own."""
        if not args:
            if quoted and self.pieces == ["", True]:
                self.pieces = None  # "$@" without parameters is no field at all
            return
        for i in range(len(args)):
            if i:
                self.end()
            if quoted:
                self.add(args[i], True)
            else:
                self.split(args[i])

    def end(self):
        """The current field is complete."""
        pieces = self.pieces
        if pieces is None:
            return
        self.pieces = None
        text = pieces[0] if len(pieces) == 2 else "".join(pieces[::2])
        if self.magic:
            self.magic = False
            if not self.shell.flag("f"):
                if self.shell.options:
                    from shell.builtins import options  # late: rare

                    if options.glob(self.shell, self.out, pieces):
                        return
                    self.out.append(text)
                    return
                from text import pattern  # late: a session without globs does without

                found = pattern.expand(escaped(pieces), self.shell.process.cwd)
                if found:
                    self.out.extend(found)
                    return
        self.out.append(text)

    def text(self):
        """All of it as one string."""
        pieces = self.pieces or []  # a tuple takes no step
        return "".join(pieces[::2])


def escaped(pieces):
    """The pieces as one pattern; quoted characters are literal."""
    out = []
    for i in range(0, len(pieces), 2):
        text = pieces[i]
        if pieces[i + 1]:
            for c in "\\*?[]-!^(|)":
                if c in text:
                    text = text.replace(c, "\\" + c)
        out.append(text)
    return "".join(out)


def text_of(value):
    """The text of a variable's value, which keeps its Python type until here."""
    return value if isinstance(value, str) else str(value)


def add_simple(f, part, first):
    """Add a part that needs no waiting; False where it does. first: the word, for its first part."""
    if isinstance(part, str):
        if first and part[0] == "~" and (len(first) == 1 or "/" in part):  # ~$X and ~"" are no home directories
            from shell import parameters  # late: only with a ~

            part = parameters.tilde(f, part)
        if part:
            f.add(part, False)
        return True
    kind = part[0]
    if kind == "quoted":
        f.add(part[1], True)
        return True
    if kind != "var":
        return False
    name = part[2]
    if name == "@" or (name == "*" and not part[1] and not f.single):
        if f.single:
            f.add(" ".join(f.shell.args), True)
        else:
            f.params(part[1], f.shell.args)
        return True
    value = f.shell.lookup(name)
    if value is None:
        if f.shell.flag("u") and name not in "@*":
            raise Unset(name, "parameter not set")
        value = ""
    value = text_of(value)
    if part[1]:
        f.add(value, True)
    else:
        f.split(value)
    return True


def fields(shell, words):
    """The fields of words: a list, or a generator that returns it where something must be waited for."""
    literal = True
    for word in words:
        if not isinstance(word, str):
            literal = False
            for part in word:
                if not isinstance(part, str) and part[0] not in _PLAIN:
                    return slow_fields(shell, words)
    if literal:
        return list(words)
    f = None
    out = []
    for word in words:
        if isinstance(word, str):
            out.append(word)
            continue
        if f is None:
            f = Fields(shell)
            f.out = out
        first = word
        for part in word:
            add_simple(f, part, first)
            first = None
        f.end()
    return out


def slow_fields(shell, words):
    f = Fields(shell)
    for word in words:
        if isinstance(word, str):
            f.out.append(word)
            continue
        yield add_parts(f, word, False)
        f.end()
    return f.out


def add_parts(f, word, inner):
    """Add all parts of a word; with inner, unquoted text is split too (the word of ${x:-word})."""
    first = word
    for part in word:
        if inner and isinstance(part, str):
            if first and part[0] == "~":
                from shell import parameters  # as above

                part = parameters.tilde(f, part)
            f.split(part)
        elif not add_simple(f, part, first):
            kind = part[0]
            if kind == "command":
                text = yield f.shell.capture(part)
            elif kind == "arith":
                text = yield arithmetic(f.shell, part)
            elif kind == "assign":
                if isinstance(part[3], tuple):
                    from shell import arrays  # late: rare

                    f.out.append((part[2], (yield arrays.items_of(f.shell, part[3]))))
                    return
                text = yield slow_single(f.shell, part[3])
                text = part[2] + text
            else:
                from shell import parameters  # late: only with ${ }

                text = yield parameters.param(f, part)
            if text is not None:
                if part[1]:
                    f.add(text, True)
                else:
                    f.split(text)
        first = None


def single(shell, word):
    """A word as one string: str, or a generator that returns it where something must be waited for."""
    if isinstance(word, str):
        return word
    if len(word) == 1 and not isinstance(word[0], str) and word[0][0] == "var":
        value = shell.vars.get(word[0][2])
        if isinstance(value, (str, int, float)):
            return text_of(value)
    f = Fields(shell, True)
    first = word
    for part in word:
        if not isinstance(part, str) and part[0] not in _PLAIN:
            return slow_single(shell, word)
    for part in word:
        add_simple(f, part, first)
        first = None
    return f.text()


def slow_single(shell, word):
    f = Fields(shell, True)
    yield add_parts(f, word, False)
    return f.text()


def pattern_of(shell, word):
    """A word as a pattern; quoted characters are literal. A generator."""
    if isinstance(word, str):
        return word
    f = Fields(shell, True)
    yield add_parts(f, word, False)
    return escaped(f.pieces or ())


def arithmetic(shell, part):
    """The value of $((...)) as text; a generator."""
    text = single(shell, part[2])
    if not isinstance(text, str):
        text = yield text
    try:
        return str(shell.arith(text))
    except MemoryError:
        if sys.modules.get("shell.expression"):
            raise  # it may have assigned something
    from process import memory  # late: only where memory is short

    yield memory.patiently(__import__, "shell.expression")
    return str(shell.arith(text))
