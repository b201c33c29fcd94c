# The parser of the shell: tokens to a tree, one complete command at a time (POSIX 2.10 and the upyOS dialect).
#
# Grammar rules are generators for shell.trampoline, so nested constructs cost no stack. A node is a tuple whose first
# item is one of the kinds below and whose second is its line:
#   (CMD, line, assigns, words, redirs)       (PIPE, line, nodes, negate)       (AND_OR, line, first, ((op, node) ...))
#   (LIST, line, ((node, background) ...))    (IF, line, ((test, body) ...), other)
#   (LOOP, line, test, body, until)           (FOR, line, name, words, body)    (CASE, line, word, ((patterns, body, go) ...))
#   (GROUP, line, body)  (SUBSHELL, line, body)  (FUNCTION, line, name, body)   (REDIRECT, line, node, redirs)
# and of the dialect
#   (PYTHON, line, code, show)   (COMPARE, line, left, op, right, node)   (LABEL, line, name)   (EVERY, line, node, ms, again)
# A redirection is (op, fd, word); a here-document [op, fd, delimiter, quoted, body].

from micropython import const

from shell.lexer import Lexer, More, is_name

# As in shell.lexer; a constant costs nothing only in its own module.
_END = const(0)
_IO_NUMBER = const(4)
_NEWLINE = const(1)
_OPERATOR = const(2)
_QUOTED = const(0)
_WORD = const(3)

_CMD = const(0)
_PIPE = const(1)
_AND_OR = const(2)
_LIST = const(3)
_IF = const(4)
_LOOP = const(5)
_FOR = const(6)
_CASE = const(7)
_GROUP = const(8)
_SUBSHELL = const(9)
_FUNCTION = const(10)
_REDIRECT = const(11)
_PYTHON = const(12)
_COMPARE = const(13)
_LABEL = const(14)
_EVERY = const(15)

# How far list() goes.
_LINE = const(0)
_LINES = const(1)
_ONE = const(2)

_HEREDOC_MAX = const(65536)  # bytes in one here-document

_RESERVED = ("if", "then", "else", "elif", "fi", "while", "until", "for", "do", "done", "case", "esac", "{", "}", "!")
_CLOSERS = ("then", "else", "elif", "fi", "do", "done", "esac", "}")


def plain(word):
    """The text of a word and whether any of it was quoted; for delimiters and names."""
    if isinstance(word, str):
        return word, False
    text = ""
    quoted = False
    for part in word:
        if isinstance(part, str):
            text += part
        elif part[0] == _QUOTED:
            text += part[1]
            quoted = True
        else:
            return None, True
    return text, quoted


class Parser:
    """Parses what read() gives: a coroutine that returns the next line, or "" at the end."""

    def __init__(self, read=None, text="", line=1, interactive=False):
        self.lexer = Lexer(text, line)
        self.read = read
        self.interactive = interactive
        self.heredocs = []
        self.alias = None  # called with a command's name: the text of its alias, or None
        self.aliased = ()  # aliases that are being expanded: none is expanded inside itself

    # --- tokens

    def next(self):
        """Advance one token. True where a line is needed first: `if self.next(): yield self.more()`."""
        try:
            self.lexer.next()
        except More:
            return True
        return self.lexer.kind == _END and self.read is not None

    def more(self):
        """Read lines until there is a token (_END at the end of the input)."""
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
        if self.lexer.kind == _END:
            found = "end of file"
        elif self.lexer.kind == _NEWLINE:
            found = "newline"
        else:
            found = "'" + (plain(found)[0] or "word") + "'"
        return self.lexer.error(f"expected {expected}, found {found}")

    def is_op(self, value):
        return self.lexer.kind == _OPERATOR and self.lexer.value == value

    def is_word(self, value):
        return self.lexer.kind == _WORD and self.lexer.value == value

    def newlines(self):
        """Skip newlines, and read the here-documents that begin after the first."""
        while self.lexer.kind == _NEWLINE:
            if self.heredocs:
                yield self.read_heredocs()
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
        if self.next():
            yield self.more()
        while self.lexer.kind == _NEWLINE:
            if self.interactive:
                return (_LIST, self.lexer.line, ())
            if self.next():
                yield self.more()
        if self.lexer.kind == _END:
            return None
        node = yield self.list(_LINE)
        if self.lexer.kind == _NEWLINE:
            if self.heredocs:
                yield self.read_heredocs()
        elif self.lexer.kind != _END:
            raise self.unexpected("a command")
        return node

    def program(self):
        """All commands up to the end of the input, as one node (for $( ), eval and functions read from text)."""
        if self.next():
            yield self.more()
        node = yield self.list(_LINES)
        if self.lexer.kind != _END:
            raise self.unexpected("a command")
        return node

    def list(self, mode):
        """Commands separated by ; and & (_LINES: and newlines) up to what cannot begin a command; _ONE: only the first.

        Takes && and || too: one generator for both keeps deep nesting small.
        """
        line = self.lexer.line
        items = []
        lexer = self.lexer
        if mode == _LINES:
            yield self.newlines()
        while self.begins():
            node = yield self.pipeline()
            rest = None
            while lexer.kind == _OPERATOR and lexer.value in ("&&", "||"):
                op = lexer.value
                number = self.number() if op == "&&" else None
                if self.next():
                    yield self.more()
                if number is not None or (op == "&&" and self.input_ends()):
                    node = (_EVERY, line, self.joined(node, rest), number or 0, True)
                    rest = None
                    break
                yield self.newlines()
                if rest is None:
                    rest = []
                item = yield self.pipeline()
                rest.append((op, item))
            node = self.joined(node, rest)
            if mode == _ONE:
                return node
            background = self.is_op("&")
            if background:
                number = self.number()
                if number is not None:
                    node = (_EVERY, node[1], node, number, False)
            # what _EVERY makes is a job already
            items.append((node, background and node[0] != _EVERY))
            if not background and not self.is_op(";"):
                if mode != _LINES or lexer.kind != _NEWLINE:
                    break
            elif self.next():
                yield self.more()
            if mode == _LINES:
                yield self.newlines()
        if mode == _ONE:
            raise self.unexpected("a command")
        if len(items) == 1 and not items[0][1]:
            return items[0][0]
        return (_LIST, line, tuple(items))

    def begins(self):
        """True where the token can begin a command."""
        lexer = self.lexer
        kind = lexer.kind
        if kind == _WORD:
            return not isinstance(lexer.value, str) or lexer.value not in _CLOSERS
        return kind == _IO_NUMBER or (
            kind == _OPERATOR
            and (lexer.value == "(" or lexer.value[-1] in "<>-" or lexer.value[0] in "<>" or lexer.value[:2] == "&>")
        )

    def input_ends(self):
        """True at the end of the input, or of the line where a person types."""
        return self.lexer.kind == _END or (self.interactive and self.lexer.kind == _NEWLINE)

    def joined(self, first, rest):
        return (_AND_OR, first[1], first, tuple(rest)) if rest else first

    def body(self, node, what):
        """node, which must not be an empty list."""
        if node[0] == _LIST and not node[2]:
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

    def pipeline(self):
        """[!] command [| command ...], each with its redirections."""
        negate = False
        line = self.lexer.line
        lexer = self.lexer
        nodes = None
        while self.is_word("!"):
            negate = not negate
            if self.next():
                yield self.more()
            if not self.begins():
                return (_PIPE, line, ((_CMD, line, (), (), ()),), negate)
        while True:
            rule = self.rule()
            if rule:
                start = lexer.line
                node = yield rule(self)
                if node[0] != _COMPARE and lexer.kind != _NEWLINE and lexer.kind != _END:
                    redirs = []
                    while (yield self.redirection(redirs)):
                        pass
                    if redirs:
                        node = (_REDIRECT, start, node, tuple(redirs))
            else:
                node = self.special()
                if node:
                    if self.next():
                        yield self.more()
                else:
                    node = yield self.simple()
            if not self.is_op("|"):
                break
            if nodes is None:
                nodes = []
            nodes.append(node)
            if self.next():
                yield self.more()
            yield self.newlines()
        if nodes is None:
            return (_PIPE, line, (node,), True) if negate else node
        nodes.append(node)
        return (_PIPE, line, tuple(nodes), negate)

    def rule(self):
        """The grammar rule of the compound command that begins here, or None."""
        lexer = self.lexer
        word = lexer.value
        if lexer.kind == _WORD:
            if not isinstance(word, str) or (word not in _RESERVED and word != "function"):
                return None
        elif lexer.kind != _OPERATOR or word != "(":
            return None
        from shell import compound  # the rules of compound commands: many sessions never need them

        rule = compound.rule(self, word)
        if not rule and word != "function":
            raise self.unexpected("a command")
        return rule

    def special(self):
        """The node of `:label`, `> code` or `< expression`, with the last token of it; or None."""
        lexer = self.lexer
        word = lexer.value
        if lexer.kind == _WORD:
            if isinstance(word, str) and word[:1] == ":" and len(word) > 1 and self.line_start():
                return (_LABEL, lexer.line, word[1:])
        elif lexer.kind == _OPERATOR and (word == "<" or word == ">"):
            return self.python()
        return None

    def line_start(self):
        """True where nothing but blanks stands before the token on its line."""
        start = self.lexer.start
        text = self.lexer.text
        while start and text[start - 1] in " \t":
            start -= 1
        return start == 0 or text[start - 1] == "\n"

    def python(self):
        """`> code` and `< expression`: to the end of the line; None where it is a redirection after all."""
        lexer = self.lexer
        if lexer.text[lexer.pos : lexer.pos + 1] not in (" ", "\t"):
            return None
        end = lexer.text.find("\n", lexer.pos)
        if end < 0:
            end = len(lexer.text)
        code = lexer.text[lexer.pos : end].strip()
        if not code:
            return None
        if lexer.value == ">":
            for c in "(=+ :;[\"'#":
                if c in code:
                    break
            else:
                return None  # one bare word does nothing as Python: it is a file to create
            if code[0] in "/$\"'.~":
                return None
        node = (_PYTHON, lexer.line, code, lexer.value == "<")
        lexer.pos = end
        return node

    def redirection(self, redirs):
        """Append the redirection that begins at this token; False where none does."""
        lexer = self.lexer
        fd = None
        if lexer.kind == _IO_NUMBER:
            fd = int(lexer.value)
            if self.next():
                yield self.more()
        elif lexer.kind != _OPERATOR or lexer.value[0] not in "<>&" or lexer.value in ("&", "&&"):
            return False
        op = lexer.value
        if self.next():
            yield self.more()
        if lexer.kind not in (_WORD, _IO_NUMBER):
            raise self.unexpected(f"a word after {op}")
        word = lexer.value
        if fd is None:
            fd = 0 if op[0] == "<" else 1
        if op in ("<<", "<<-"):
            text, quoted = plain(word)
            if text is None:
                text = lexer.text[lexer.start : lexer.pos]
            redir = [op, fd, text, quoted, None]
            self.heredocs.append(redir)
        else:
            redir = (op, fd, word)
        redirs.append(redir)
        if self.next():
            yield self.more()
        return True

    def read_heredocs(self):
        """Read the bodies of the here-documents, which begin behind the newline just read."""
        lexer = self.lexer
        while self.heredocs:
            redir = self.heredocs.pop(0)
            lines = []
            size = 0
            while True:
                end = lexer.text.find("\n", lexer.pos)
                if end < 0:
                    line = ""
                    if self.read:
                        line = yield self.read()
                    if line:
                        lexer.add(line)
                        continue
                    self.read = None
                    end = len(lexer.text)
                    if lexer.pos >= end:
                        break  # as every shell, the end of the input ends it too
                line = lexer.text[lexer.pos : end]
                lexer.pos = min(end + 1, len(lexer.text))
                lexer.line += 1
                if redir[0] == "<<-":
                    line = line.lstrip("\t")
                if line == redir[2]:
                    break
                size += len(line) + 1
                if size > _HEREDOC_MAX:
                    raise lexer.error(f"here-document longer than {_HEREDOC_MAX} bytes")
                lines.append(line)
            lines.append("")
            redir[4] = "\n".join(lines)

    def simple(self):
        """A simple command, a function definition or `AT+...`."""
        lexer = self.lexer
        line = lexer.line
        assigns = []
        words = []
        redirs = []
        while True:
            kind = lexer.kind
            if kind == _WORD:
                word = lexer.value
                if not words:
                    first = word if isinstance(word, str) else word[0] if word else ""
                    at = first.find("=") if isinstance(first, str) else -1
                    if at > 0 and is_name(first[: at - 1] if first[at - 1] == "+" else first[:at]):
                        name = first[:at]
                        value = first[at + 1 :]
                        if word is not first:
                            value = ([value] if value else []) + word[1:]
                        assigns.append((name, value))
                        if self.next():
                            yield self.more()
                        continue
                    if first is word and word[:3] == "AT+":
                        end = lexer.text.find("\n", lexer.start)
                        lexer.pos = end if end >= 0 else len(lexer.text)
                        words = ["atmodem", [(_QUOTED, lexer.text[lexer.start : lexer.pos].strip())]]
                        if self.next():
                            yield self.more()
                        continue
                    if self.alias and first is word and word not in self.aliased:
                        text = self.alias(word)
                        if text is not None:
                            self.aliased = self.aliased + (word,)
                            lexer.add_front(text)
                            if self.next():
                                yield self.more()
                            rule = self.rule()
                            if rule:
                                return (yield rule(self))
                            continue
                words.append(word)
                if self.next():
                    yield self.more()
                if len(words) == 1 and self.is_op("(") and not assigns and not redirs:
                    from shell import compound

                    return (yield compound.function(self, word, line))
            elif not (yield self.redirection(redirs)):
                break
        if not words and not assigns and not redirs:
            raise self.unexpected("a command")
        self.aliased = ()
        return (_CMD, line, tuple(assigns), tuple(words), tuple(redirs))
