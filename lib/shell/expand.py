# Expansion: words to fields (POSIX 2.6), without recursion.
#
# Words whose parts need no waiting are expanded by plain calls; the others by generators for execute.run().

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
            part = tilde(f, part)
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


def tilde(f, text):
    """~, ~/... and ~user at the start of a word: the home directory. Returns the rest of the word."""
    head, slash, tail = text.partition("/")
    if head != "~":
        if head == "~+" or head == "~-":
            f.add(text_of(f.shell.lookup("PWD" if head == "~+" else "OLDPWD") or head), True)
            return slash + tail
        from base import users  # late: rare

        user = users.find(head[1:]) or (head[1:] == users.ROOT and users.User(users.ROOT))
        if not user:
            return text
        f.add(user.home, True)
        return slash + tail
    f.add(text_of(f.shell.lookup("HOME") or "/"), True)
    return slash + tail


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
            f.split(tilde(f, part) if first and part[0] == "~" else part)
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
                text = yield param(f, part)
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
    return str(shell.arith(text))


def nested(part):
    """The parsed word of a ${...}, parsed once."""
    if isinstance(part[4], str):
        from shell.substitution import parse_word  # late: only for nested words

        part[4] = parse_word(part[4], part[1] and part[3][-1] not in "#%/^,~", part[5])
        if isinstance(part[4], str):
            part[4] = [part[4]] if part[4] else []
    return part[4]


def param(f, part):
    """${name op word}: the text to add, or None where the fields have been added already; a generator."""
    shell = f.shell
    name, op = part[2], part[3]
    if len(part) > 6:
        from shell import arrays  # late: rare

        return arrays.param(f, part)
    value = shell.lookup(name)
    if name in "@*":
        if op[-1] not in "-=?+n":  # n: len
            from shell import arrays  # late: rare

            return arrays.all_of(f, part, shell.args, name)
        if name == "@" or not shell.args:
            value = " ".join(shell.args) if shell.args else None
    elif hasattr(value, "keyed"):  # an array: its element 0
        value = value.get(0)
    return param_of(f, part, value)


def param_of(f, part, value):
    """The same for a value that is known (None: not set)."""
    shell = f.shell
    quoted, name, op = part[1], part[2], part[3]
    if op == "len":
        if name in "@*":
            return str(len(shell.args))
        if value is None and shell.flag("u"):
            raise Unset(name, "parameter not set")
        return str(len(text_of(value))) if value is not None else "0"
    kind = op[-1]
    if kind in "-=?+":
        missing = value is None or (op[0] == ":" and text_of(value) == "")
        if missing == (kind == "+"):  # the parameter itself, or nothing
            if kind == "+":
                return None if not quoted else ""
            if name in "@*":
                add_simple(f, ["var", quoted, name], None)
                return None
            return text_of(value)
        if kind == "-" or kind == "+":
            word = nested(part)
            yield add_parts(f, word, not quoted and not f.single)
            if quoted and not word:
                f.add("", True)
            return None
        word = nested(part)
        if kind == "=":
            if not (name[0].isalpha() or name[0] == "_"):
                raise Failure(name, "cannot assign in this way")
            text = yield slow_single(shell, word)
            shell.assign(name, text)
            return text
        text = yield slow_single(shell, word)
        raise Unset(name, text or "parameter " + ("null or not set" if op[0] == ":" else "not set"))
    if value is None:
        if shell.flag("u"):
            raise Unset(name, "parameter not set")
        if kind == "Q":
            return ""
        value = ""
    from shell import parameters  # late: the rarer forms
    from text import pattern  # noqa: F401  (leaves first: an import inside another needs much stack)

    return (yield parameters.apply(shell, part, text_of(value)))
