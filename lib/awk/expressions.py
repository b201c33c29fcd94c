# Compile awk expressions to code for the stack machine of awk.interpreter, without recursion.
#
# Code is a list of (name of a function in awk.operations, argument). Parsing is by operator precedence: operators wait on
# a stack until one with lower precedence follows. An lvalue is emitted as a load; an assignment removes the load and
# keeps its address.

from awk.lexer import Lexer, arity
from awk.values import pattern

# The first globals, in this order.
SPECIAL = "NF NR FNR FS OFS RS ORS FILENAME SUBSEP CONVFMT OFMT RSTART RLENGTH ENVIRON ARGC ARGV".split()

LOADS = ("load_global", "load_local", "load_nf", "field", "element")  # loads of lvalues, by kind

# Precedence levels.
_ASSIGN, _CHOICE, _OR, _AND, _IN, _MATCH, _COMPARE, _CAT, _FILE = 0, 1, 2, 3, 4, 5, 6, 7, 8
_ADD, _MULTIPLY, _SIGN, _POWER, _INCREMENT, _GET, _FIELD = 9, 10, 11, 12, 13, 14, 15

# Binary operators: precedence, function, argument.
BINARY = {
    "+": (_ADD, "add", None),
    "-": (_ADD, "subtract", None),
    "*": (_MULTIPLY, "multiply", None),
    "/": (_MULTIPLY, "divide", None),
    "%": (_MULTIPLY, "remainder", None),
    "^": (_POWER, "power", None),
    "~": (_MATCH, "match", False),
    "!~": (_MATCH, "match", True),
}
for _operator in ("<", "<=", "==", "!=", ">", ">="):
    BINARY[_operator] = (_COMPARE, "compare", _operator)
ASSIGN = ("=", "+=", "-=", "*=", "/=", "%=", "^=")
MARKS = ("(", "[", "call", "builtin")


class Function:
    """A user-defined function."""

    def __init__(self, name):
        self.name = name
        self.code = None
        self.params = 0


class Expressions:
    """Reads tokens, numbers variables and emits the code of expressions."""

    def __init__(self, text):
        self.lexer = lexer = Lexer(text)
        self.peek, self.next, self.take = lexer.peek, lexer.next, lexer.take
        self.skip_newlines = lexer.skip_newlines
        self.wrong = lexer.unexpected
        self.globals = {name: i for i, name in enumerate(SPECIAL)}
        self.functions = {}
        self.locals = None  # parameters, inside a function
        self.code = []
        self.got = None  # code of a getline that can still be followed by < FILE
        self.marks, self.want, self.lvalue = 0, True, False  # state of the expression being parsed

    def emit(self, function, argument=None):
        self.code.append((function, argument))

    def patch(self, at, target=None):
        """Set the target of the jump at index `at`; default: the next instruction."""
        self.code[at] = (self.code[at][0], len(self.code) if target is None else target)

    # --- variables

    def variable(self, name):
        """Return (kind, slot) of a variable. Kinds: 0 global, 1 parameter, 2 NF."""
        if self.locals is not None and name in self.locals:
            return 1, self.locals[name]
        if name == "NF":
            return 2, 0
        if name in self.functions:
            raise self.lexer.wrong(f"{name} is a function")
        return 0, self.globals.setdefault(name, len(self.globals))

    def array(self, name):
        """Return (kind, slot) of an array."""
        kind, slot = self.variable(name)
        if kind == 2:
            raise self.lexer.wrong("NF is not an array")
        return kind, slot

    def load(self, name):
        kind, slot = self.variable(name)
        self.emit(("load_global", "load_local", "load_nf")[kind], slot)

    def address(self):
        """Remove the load at the end of the code and return its address (kind, slot). Kinds from 3 on have a key on the stack."""
        function, argument = self.code[-1] if self.code else (None, None)
        kind = LOADS.index(function) if function in LOADS else -1
        if kind < 0:
            raise self.lexer.wrong("cannot assign to this expression")
        self.code.pop()
        return (kind + argument[0], argument[1]) if kind == 4 else (kind, argument)

    def as_pattern(self, start):
        """Treat the code since start as a regular expression: a lone literal is not matched against the record."""
        if len(self.code) == start + 1 and self.code[start][0] == "match_record":
            self.code[start] = ("literal", self.code[start][1])

    # --- expressions

    def expression(self, greater=True, listed=False):
        """Parse an expression and return the number of values that it pushes: more than 1 for a list in parentheses.

        greater: > compares (in print it is a redirection). listed: allow such a list.
        """
        stack = []  # [precedence, name, data, ...]
        self.marks = 0  # open parentheses, brackets and calls
        self.want = True  # an operand is expected
        self.lvalue = False  # the last operand is an lvalue
        while True:
            kind, value = token = self.peek()
            if self.want:
                self.want, self.lvalue, opened = self.operand(stack, token)
                self.marks += opened
            elif kind == "o" and value in (")", "]") and self.marks:
                self.next()
                self.marks -= 1
                count = self.close(stack, value)
                if count > 1:
                    if listed and not stack and self.peek()[1] in ("\n", ";", "}", ">", ">>", "|", ""):
                        return count
                    if self.peek() != ("k", "in"):
                        raise self.wrong(self.peek())
                    self.emit("join", count)
                self.lvalue = value == "]"
            elif kind == "o" and self.operator(stack, value, greater):
                pass
            elif kind == "k" and value == "in":
                self.next()
                self.reduce(stack, _IN)
                token = self.next()
                if token[0] != "v":
                    raise self.wrong(token)
                self.emit("contains", self.array(token[1]))
                self.lvalue = False
            elif kind in "nsvfb" or value in ("$", "!", "(", "++", "--"):
                self.reduce(stack, _CAT)
                stack.append([_CAT, "cat"])
                self.want = True
            else:
                break
        self.reduce(stack, 0)
        if stack:
            raise self.wrong(token)
        return 1

    def operator(self, stack, value, greater):
        """Parse an operator after an operand. Return False if the token is not one."""
        if value == "," and self.marks:
            self.next()
            self.skip_newlines()
            mark = self.unwind(stack)
            self.argument(mark)
            mark[3] += 1
            mark[4] = len(self.code)
        elif value in ASSIGN and self.is_lvalue(stack):
            self.next()
            self.skip_newlines()
            function = BINARY[value[0]][1] if value != "=" else None
            stack.append([_ASSIGN, "=", self.address() + (function,)])
        elif value in ("++", "--"):
            if not self.is_lvalue(stack):
                return False
            self.next()
            self.emit("increment", self.address() + (1 if value == "++" else -1, True))
            self.lvalue = False
            return True
        elif value in ("&&", "||"):
            self.next()
            self.skip_newlines()
            level = _AND if value == "&&" else _OR
            self.reduce(stack, level)
            stack.append([level, value, len(self.code)])
            self.emit("both" if value == "&&" else "either")
        elif value == "?":
            self.next()
            self.skip_newlines()
            self.reduce(stack, _CHOICE + 1)
            stack.append([_CHOICE, "?", len(self.code)])
            self.emit("unless")
        elif value == "|" and self.peek(1) == ("k", "getline"):
            self.next()
            self.reduce(stack, _COMPARE)
            self.want, self.lvalue = self.getline(stack, 1), False
            return True
        elif value in BINARY and (value != ">" or greater or self.marks):
            level, function, argument = BINARY[value]
            self.reduce(stack, level + (value == "^"))
            self.next()
            if value == "<" and self.got is not None and self.code[-1] is self.got:
                stack.append([_FILE, "file", self.code.pop()[1]])
            else:
                stack.append([level, value, function, argument, len(self.code)])
        elif value != ":" or not self.choice(stack):
            return False
        self.want = True
        return True

    def is_lvalue(self, stack):
        """Return whether the last operand is an lvalue, after emitting the operators that bind tighter than assignment."""
        self.lvalue = self.reduce(stack, _FIELD) or self.lvalue
        return self.lvalue

    def operand(self, stack, token):
        """Parse the start of an operand: (another operand is expected, it is an lvalue, count of marks opened)."""
        kind, value = self.next()
        if kind == "n":
            self.emit("constant", value)
        elif kind == "s":
            self.emit("constant", value[0])
        elif kind == "r":
            self.emit("match_record", pattern(value[0]))  # link() replaces it by a Finder, once the parser is unloaded
        elif kind == "v" or (kind == "f" and self.locals and value in self.locals):
            if self.peek()[1] == "[" and self.peek()[0] == "o":
                self.next()
                stack.append([-1, "[", self.array(value), 1, len(self.code)])
                return True, False, 1
            self.load(value)
            return False, True, 0
        elif kind == "f":
            self.next()
            function = self.functions.get(value)
            if not function:
                function = self.functions[value] = Function(value)
            return self.opened(stack, ["call", function])
        elif kind == "b":
            if self.peek() == ("o", "("):
                self.next()
                return self.opened(stack, ["builtin", value])
            if value != "length":
                raise self.wrong(self.peek())
            self.emit("length_of_record")
        elif kind == "o" and value == "(":
            stack.append([-1, "(", None, 1, len(self.code)])
            return True, False, 1
        elif kind == "o" and value in ("!", "-", "+"):
            stack.append([_SIGN, "sign", value])
            return True, False, 0
        elif kind == "o" and value in ("++", "--"):
            stack.append([_INCREMENT, "++", 1 if value == "++" else -1])
            return True, False, 0
        elif kind == "o" and value == "$":
            stack.append([_FIELD, "$"])
            return True, False, 0
        elif kind == "k" and value == "getline":
            self.lexer.waiting.insert(0, (kind, value))
            return self.getline(stack, 0), False, 0
        else:
            raise self.wrong((kind, value))
        return False, False, 0

    def opened(self, stack, call):
        """Start a call. Return values as of operand()."""
        self.skip_newlines()
        mark = [-1] + call + [1, len(self.code)]
        if self.peek() == ("o", ")"):
            self.next()
            mark[3] = 0
            self.call(mark)
            return False, False, 0
        stack.append(mark)
        return True, False, 1

    def getline(self, stack, mode):
        """Parse getline and an optional variable; mode 1: from a command. Return True if the variable follows."""
        self.next()
        kind, value = self.peek()
        if kind == "v" or (kind == "o" and value == "$"):
            stack.append([_GET, "getline", mode])
            return True
        self.emit("getline", (mode, None))
        self.got = self.code[-1] if not mode else None
        return False

    def choice(self, stack):
        """Handle the : of a ?. Return False if there is none."""
        k = len(stack) - 1
        while k >= 0 and stack[k][1] != "?" and stack[k][1] not in MARKS:
            k -= 1
        if k < 0 or stack[k][1] != "?":
            return False
        self.next()
        self.skip_newlines()
        while len(stack) > k + 1:
            self.finish(stack.pop())
        jump = len(self.code)
        self.emit("jump")
        self.patch(stack[k][2])
        stack[k] = [_CHOICE, ":", jump]
        return True

    def unwind(self, stack):
        """Emit all operators down to the last ( [ or call, and return that."""
        while stack[-1][1] not in MARKS:
            self.finish(stack.pop())
        return stack[-1]

    def reduce(self, stack, level):
        """Emit operators of at least this precedence. Return True if that leaves an lvalue."""
        lvalue = False
        while stack and stack[-1][0] >= level:
            lvalue = self.finish(stack.pop())
        return lvalue

    # --- parentheses and brackets

    def close(self, stack, value):
        """Handle ) or ]. Return the number of values of a list in parentheses, else 1."""
        mark = self.unwind(stack)
        stack.pop()
        self.got = None
        if (value == "]") != (mark[1] == "["):
            raise self.wrong(("o", value))
        if mark[1] == "(":
            return mark[3]
        if mark[1] == "[":
            if mark[3] > 1:
                self.emit("join", mark[3])
            self.emit("element", mark[2])
            return 1
        self.argument(mark)
        self.call(mark)
        return 1

    # --- complete operators and calls

    def finish(self, entry):
        """Emit an operator whose operands are complete. Return True if the result is an lvalue."""
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
        """Adapt the code of a complete argument to the function: arrays, patterns, lvalues."""
        what, name, count, start = mark[1], mark[2], mark[3], mark[4]
        single = self.code[start] if len(self.code) == start + 1 else (None, None)
        is_variable = single[0] in ("load_global", "load_local")
        if what == "call" or (what == "builtin" and name == "length"):
            if is_variable:
                self.code[start] = ("load_any", (LOADS.index(single[0]), single[1]))
        elif what == "builtin":
            if (name, count) in (("split", 2), ("match", 3)):
                if not is_variable:
                    raise self.lexer.wrong(f"{name} requires an array")
                self.code[start] = ("load_array", (LOADS.index(single[0]), single[1]))
            elif (name, count) in (("split", 3), ("match", 2), ("sub", 1), ("gsub", 1), ("gensub", 1)):
                self.as_pattern(start)
            elif name in ("sub", "gsub") and count == 3:
                mark.append(self.address())

    def call(self, mark):
        """Emit a call after its arguments."""
        _, what, name, count = mark[:4]
        if what == "call":
            self.emit("call", (name, count, len(self.code) + 1))
            return
        least, most = arity(name)
        if not least <= count <= most:
            raise self.lexer.wrong(f"wrong number of arguments for {name}")
        if name in ("sub", "gsub"):
            target = mark[5] if count == 3 else (3, None)
            if count == 2:  # default: the record
                self.emit("constant", 0)
            self.emit("substitute", (name == "gsub",) + target)
        elif name == "length" and not count:
            self.emit("length_of_record")
        else:
            self.emit("builtin", (name, count))
