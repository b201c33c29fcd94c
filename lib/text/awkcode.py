# What the parser of awk stands on: the words that come next, the variables it has met, and the code it has emitted.
#
# Code is a list of (name of a function in text.awkops, argument).

from text.awklex import Lexer

SPECIAL = (
    "NF NR FNR FS OFS RS ORS FILENAME SUBSEP CONVFMT OFMT RSTART RLENGTH ENVIRON ARGC ARGV"
).split()  # the first globals, in this order (text.awkrun)

LOADS = ("load_global", "load_local", "load_nf", "field", "element")  # of what can be assigned to


class Function:
    """A function of the program."""

    def __init__(self, name):
        self.name = name
        self.code = None
        self.params = 0


class Emitter:
    """Takes words, numbers variables and emits code."""

    def __init__(self, text):
        self.lexer = Lexer(text)
        self.peek = self.lexer.peek
        self.next = self.lexer.next
        self.globals = {name: i for i, name in enumerate(SPECIAL)}
        self.functions = {}
        self.locals = None  # the parameters, within a function
        self.code = []
        self.got = None  # the code of a getline that may still get its < file

    def wrong(self, token):
        text = token[1] if isinstance(token[1], str) else "constant"
        text = "newline" if text == "\n" else text or "end"
        return self.lexer.wrong(f"unexpected {text}")

    def take(self, value):
        token = self.next()
        if token[1] != value or token[0] not in "ok":
            raise self.wrong(token)

    def skip_newlines(self):
        while self.peek()[1] == "\n":
            self.next()

    def emit(self, function, argument=None):
        self.code.append((function, argument))

    def patch(self, at, target=None):
        """Give the jump at `at` its target: here, if none is said."""
        self.code[at] = (self.code[at][0], len(self.code) if target is None else target)

    # --- variables

    def variable(self, name):
        """(kind, slot) of a name: 0 global, 1 parameter, 2 NF."""
        if self.locals is not None and name in self.locals:
            return 1, self.locals[name]
        if name == "NF":
            return 2, 0
        if name in self.functions:
            raise self.lexer.wrong(f"{name} is a function")
        return 0, self.globals.setdefault(name, len(self.globals))

    def array(self, name):
        """(kind, slot) of an array."""
        kind, slot = self.variable(name)
        if kind == 2:
            raise self.lexer.wrong("NF is no array")
        return kind, slot

    def load(self, name):
        kind, slot = self.variable(name)
        self.emit(("load_global", "load_local", "load_nf")[kind], slot)

    def address(self):
        """Take back the load at the end of the code: (kind, slot), where kinds from 3 on have a key on the stack."""
        function, argument = self.code[-1] if self.code else (None, None)
        kind = LOADS.index(function) if function in LOADS else -1
        if kind < 0:
            raise self.lexer.wrong("this cannot be assigned to")
        self.code.pop()
        return (kind + argument[0], argument[1]) if kind == 4 else (kind, argument)

    def as_pattern(self, start):
        """What has been emitted since start is a regular expression: a literal is not matched with the record."""
        if len(self.code) == start + 1 and self.code[start][0] == "match_record":
            self.code[start] = ("literal", self.code[start][1])
