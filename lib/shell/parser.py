# The parser of the shell: tokens to a tree, one complete command at a time (POSIX 2.10 and the upyOS dialect).
#
# Grammar rules are generators for execute.run(), so nested constructs cost no stack. shell/ast.py has the kinds of nodes.
# What is rare stands in modules of its own: assignment, bashisms, brace, compound, conditional, dialect.

from shell import simple
from shell.lexer import Lexer, More

_RESERVED = (
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "while",
    "until",
    "for",
    "do",
    "done",
    "case",
    "esac",
    "{",
    "}",
    "[[",
)
_OPTIONAL = ("function", "select", "coproc")  # reserved only where what follows fits
_CLOSERS = ("then", "else", "elif", "fi", "do", "done", "esac", "}")


class Parser:
    """Parses what read() gives: a coroutine that returns the next line, or "" at the end."""

    def __init__(self, read=None, text="", line=1, interactive=False):
        self.lexer = Lexer(text, line)
        self.read = read
        self.interactive = interactive
        self.heredocs = []
        self.alias = None  # called with a command's name: the text of its alias, or None

    # --- tokens

    def next(self):
        """Advance one token. True where a line is needed first: `if self.next(): yield self.more()`."""
        try:
            self.lexer.next()
            if self.lexer.marks:
                from shell.builtins import names  # loaded already

                names.follow(self)
        except More:
            return True
        return self.lexer.kind == "end" and self.read is not None

    def more(self):
        """Read lines until there is a token (an "end" at the end of the input)."""
        while True:
            line = ""
            if self.read:
                line = yield self.read()
            if not line:
                self.read = None
                self.lexer.next_or_fail()
                return
            self.lexer.add(line)
            if not self.next():
                return

    def unexpected(self, expected):
        found = self.lexer.value
        if self.lexer.kind == "end":
            found = "end of file"
        elif self.lexer.kind == "newline":
            found = "newline"
        else:
            found = "'" + (simple.plain(found)[0] or "word") + "'"
        return self.lexer.error(f"expected {expected}, found {found}")

    def is_op(self, value):
        return self.lexer.kind == "operator" and self.lexer.value == value

    def is_word(self, value):
        return self.lexer.kind == "word" and self.lexer.value == value

    def newlines(self):
        """Skip newlines, and read the here-documents that begin after the first."""
        while self.lexer.kind == "newline":
            if self.heredocs:
                yield self.documents()
            if self.next():
                yield self.more()

    def expect(self, word):
        if not self.is_word(word):
            raise self.unexpected(f"'{word}'")
        if self.next():
            yield self.more()

    # --- grammar

    def command(self):
        """One complete command, up to its newline; None at the end of the input."""
        lexer = self.lexer
        if self.read and lexer.pos >= len(lexer.text) and not self.interactive:
            line = yield self.read()
            lexer.add(line)
            words = simple.words(line)
            if words and words[0] not in _RESERVED and (not self.alias or self.alias(words[0]) is None):
                lexer.line += 1
                lexer.pos = len(lexer.text)
                return ("simple", lexer.line - 1, (), tuple(words), ())
        if self.next():
            yield self.more()
        while self.lexer.kind == "newline":
            if self.interactive:
                return ("list", self.lexer.line, ())
            if self.next():
                yield self.more()
        if self.lexer.kind == "end":
            return None
        node = yield self.list("line")
        if self.lexer.kind != "newline" and self.lexer.kind != "end":
            raise self.unexpected("a command")
        if self.heredocs:
            yield self.documents()
        return node

    def program(self):
        """All commands up to the end of the input, as one node (for $( ), eval and functions read from text)."""
        if self.next():
            yield self.more()
        node = yield self.list("lines")
        if self.lexer.kind != "end":
            raise self.unexpected("a command")
        if self.heredocs:
            yield self.documents()
        return node

    def list(self, mode):
        """Commands separated by ; and & up to what cannot begin a command.

        mode: "line", "lines" (newlines separate, too) or "one" (only the first).

        Takes && and || too: one generator for both keeps deep nesting small.
        """
        line = self.lexer.line
        items = []
        lexer = self.lexer
        if mode == "lines":
            yield self.newlines()
        while self.begins():
            node = yield self.pipeline()
            if not node:
                break  # an alias has become do, fi or the like
            rest = None
            while lexer.kind == "operator" and lexer.value in ("&&", "||"):
                op = lexer.value
                number = self.number() if op == "&&" else None
                if self.next():
                    yield self.more()
                if number is not None or (op == "&&" and self.input_ends()):
                    node = ("every", line, self.joined(node, rest), number or 0, True)
                    rest = None
                    break
                yield self.newlines()
                if rest is None:
                    rest = []
                item = yield self.pipeline()
                if not item:
                    raise self.unexpected("a command")
                rest.append((op, item))
            node = self.joined(node, rest)
            if mode == "one":
                return node
            background = self.is_op("&")
            if background:
                number = self.number()
                if number is not None:
                    node = ("every", node[1], node, number, False)
            # what an "every" makes is a job already
            items.append((node, background and node[0] != "every"))
            if not background and not self.is_op(";"):
                if mode != "lines" or lexer.kind != "newline":
                    break
            elif self.next():
                yield self.more()
            if mode == "lines":
                yield self.newlines()
        if mode == "one":
            raise self.unexpected("a command")
        if len(items) == 1 and not items[0][1]:
            return items[0][0]
        return ("list", line, tuple(items))

    def begins(self):
        """True where the token can begin a command."""
        lexer = self.lexer
        kind = lexer.kind
        if kind == "word":
            return not isinstance(lexer.value, str) or lexer.value not in _CLOSERS
        return kind == "number" or (
            kind == "operator"
            and (lexer.value == "(" or lexer.value[-1] in "<>-" or lexer.value[0] in "<>" or lexer.value[:2] == "&>")
        )

    def input_ends(self):
        """True at the end of the input, or of the line where a person types."""
        return self.lexer.kind == "end" or (self.interactive and self.lexer.kind == "newline")

    def joined(self, first, rest):
        return ("and_or", first[1], first, tuple(rest)) if rest else first

    def body(self, node, what):
        """node, which must not be an empty list."""
        if node[0] == "list" and not node[2]:
            raise self.unexpected(what)
        return node

    def number(self):
        """The number that stands right behind an operator (`&500`), or None."""
        lexer = self.lexer
        end = lexer.pos
        while lexer.text[end : end + 1].isdigit():
            end += 1
        digits = lexer.text[lexer.pos : end]
        if not digits or lexer.text[end : end + 1] not in ("", "\n", ";", " "):
            return None
        lexer.pos = end
        return int(digits)

    def pipeline(self, single=False):
        """[!] command [| command ...], each with its redirections; single: one command, the body of a function."""
        negate = timed = False
        line = self.lexer.line
        lexer = self.lexer
        nodes = None
        while not single and lexer.kind == "word":
            if self.is_alias():
                yield self.replace_alias()
                continue
            if lexer.value == "!":
                negate = not negate
            elif lexer.value != "time" or lexer.text[lexer.pos :].lstrip(" \t")[:1] == "-":
                break
            else:
                timed = True
            if self.next():
                yield self.more()
        while True:
            if not self.begins():
                if nodes or not (negate or timed or lexer.marks):
                    raise self.unexpected("a command")
                if lexer.kind == "word":
                    return None
                node = ("simple", line, (), (), ())
                break
            rule = self.rule()
            if rule:
                start = lexer.line
                node = yield rule(self)
                if node[0] != "compare" and lexer.kind != "newline" and lexer.kind != "end":
                    redirs = []
                    while (yield simple.redirection(self, redirs)):
                        pass
                    if redirs:
                        node = ("redirect", start, node, tuple(redirs))
            else:
                node = self.special()
                if node:
                    if self.next():
                        yield self.more()
                else:
                    node = yield simple.command(self)
            if single or lexer.kind != "operator" or (lexer.value != "|" and lexer.value != "|&"):
                break
            if lexer.value == "|&":
                node = ("redirect", line, node, ((">&", 2, "1"),))
            if nodes is None:
                nodes = []
            nodes.append(node)
            if self.next():
                yield self.more()
            yield self.newlines()
            while self.is_alias():
                yield self.replace_alias()
                yield self.newlines()
        if nodes or negate:
            node = ("pipe", line, tuple((nodes or []) + [node]), negate)
        return ("time", line, node, False) if timed else node

    def is_alias(self, behind=False):
        """True where the token, a command's name or a word behind an alias, is one."""
        word = self.lexer.value
        if not self.alias or self.lexer.kind != "word":
            return False
        if not isinstance(word, str):  # one with a ~ or [ in it
            if len(word) != 1 or not isinstance(word[0], str):
                return False
            word = word[0]
        if self.alias(word) is None or (word in _RESERVED and not behind):
            return False
        return word not in [m[1] for m in self.lexer.marks if m[0] > self.lexer.start]

    def replace_alias(self):
        """Go on with the text of the alias that the token is."""
        from shell.builtins import names  # late: rare

        names.replace(self)
        if self.next():
            yield self.more()

    def rule(self):
        """The grammar rule of the compound command that begins here, or None."""
        lexer = self.lexer
        word = lexer.value
        if lexer.kind == "word":
            if not isinstance(word, str) or (word not in _RESERVED and word not in _OPTIONAL):
                return None
        elif lexer.kind != "operator" or word != "(":
            return None
        from shell import compound  # the rules of compound commands: many sessions never need them

        rule = compound.rule(self, word)
        if not rule and word not in _OPTIONAL:
            raise self.unexpected("a command")
        return rule

    def special(self):
        """The node of `:label`, `> code` or `< expression`, with the last token of it; or None."""
        word = self.lexer.value
        if self.lexer.kind == "word":
            if not isinstance(word, str) or word[:1] != ":" or len(word) == 1:
                return None
        elif self.lexer.kind != "operator" or (word != "<" and word != ">"):
            return None
        from shell import dialect  # late: rare

        return dialect.special_form(self.lexer)

    def documents(self):
        """Read the bodies of the here-documents, which begin behind the newline just read."""
        from shell import redirect  # late: rare

        return redirect.read_documents(self)
        yield
