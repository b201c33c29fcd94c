# The end of awk's operators and calls: what text.awkparse emits when their operands are complete.

from text.awkcode import LOADS, Emitter

# Built-in functions: (least, most arguments).
COUNTS = {
    "substr": (2, 3),
    "index": (2, 2),
    "split": (2, 3),
    "sub": (2, 3),
    "gsub": (2, 3),
    "match": (2, 3),
    "and": (2, 99),
    "or": (2, 99),
    "xor": (2, 99),
    "lshift": (2, 2),
    "rshift": (2, 2),
    "gensub": (3, 4),
}
ONE = (
    "sin",
    "cos",
    "exp",
    "log",
    "sqrt",
    "int",
    "tolower",
    "toupper",
    "system",
    "close",
    "compl",
    "strtonum",
    "mktime",
)


class Calls(Emitter):
    """The part of the parser that emits operators and calls."""

    def finish(self, entry):
        """Emit an operator whose operands are complete; True for a field."""
        name = entry[1]
        if name == "cat":
            self.emit("concat")
        elif name == "$":
            self.emit("field")
            return True
        elif name == "sign":
            self.emit({"!": "negate", "-": "minus", "+": "plus"}[entry[2]])
        elif name == "++":
            self.emit("increment", self.address() + (entry[2], False))
        elif name == "=":
            self.emit("assign", entry[2])
        elif name in ("&&", "||"):
            self.emit("truth")
            self.patch(entry[2])
        elif name == ":":
            self.patch(entry[2])
        elif name == "getline":
            self.emit("getline", (entry[2], self.address()))
            self.got = self.code[-1] if not entry[2] else None
        elif name == "file":
            self.emit("getline", (2, entry[2][1]))
        elif name == "?":
            raise self.wrong(self.peek())
        else:
            if name in ("~", "!~"):
                self.as_pattern(entry[4])
            self.emit(entry[2], entry[3])
        return False

    def argument(self, mark):
        """An argument is complete."""
        what, name, count, start = mark[1], mark[2], mark[3], mark[4]
        single = self.code[start] if len(self.code) == start + 1 else (None, None)
        is_variable = single[0] in ("load_global", "load_local")
        if what == "call" or (what == "builtin" and name == "length"):
            if is_variable:
                self.code[start] = ("load_any", (LOADS.index(single[0]), single[1]))
        elif what == "builtin":
            if (name, count) in (("split", 2), ("match", 3)):
                if not is_variable:
                    raise self.lexer.wrong(f"{name} needs an array")
                self.code[start] = ("load_array", (LOADS.index(single[0]), single[1]))
            elif (name, count) in (("split", 3), ("match", 2), ("sub", 1), ("gsub", 1), ("gensub", 1)):
                self.as_pattern(start)
            elif name in ("sub", "gsub") and count == 3:
                mark.append(self.address())

    def call(self, mark):
        """Emit a call with the arguments that are complete."""
        _, what, name, count = mark[:4]
        if what == "call":
            self.emit("call", (name, count, len(self.code) + 1))
            return
        least, most = COUNTS.get(name, (1, 1) if name in ONE else (0, 99))
        if not least <= count <= most:
            raise self.lexer.wrong(f"wrong number of arguments for {name}")
        if name in ("sub", "gsub"):
            target = mark[5] if count == 3 else (3, None)
            if count == 2:  # the record
                self.emit("constant", 0)
            self.emit("substitute", (name == "gsub",) + target)
        elif name == "length" and not count:
            self.emit("length_of_record")
        else:
            self.emit("builtin", (name, count))
