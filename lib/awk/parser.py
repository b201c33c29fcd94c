# Parse awk's rules, functions and statements. Nested blocks are kept on a list, not on the C stack.

from micropython import const

from awk.expressions import Expressions, Function

_TERMINATORS = ("\n", ";", "}", "")
DEPTH_MAX = const(100)


def parse(text):
    """Parse a program: (code of BEGIN, of the rules, of END, [(parameters, code) of each function], variables).

    The result does not refer to the parser, which can be unloaded before the program runs.
    """
    program = Parser(text)
    functions = [[function.params, function.code] for function in program.functions.values()]
    numbers = {name: i for i, name in enumerate(program.functions)}
    for code in [program.begin, program.main, program.end] + [function[1] for function in functions]:
        for k, (name, argument) in enumerate(code):
            if name == "call":
                code[k] = (name, (numbers[argument[0].name],) + argument[1:])
    return program.begin, program.main, program.end, functions, program.globals


class Parser(Expressions):
    """Parses a program on construction."""

    def __init__(self, text):
        super().__init__(text)
        self.begin, self.main, self.end = [], [], []
        self.ranges = 0
        self.open = []  # the enclosing blocks and statements, innermost last
        while True:
            kind, value = self.peek()
            if kind == "e":
                break
            if value in ("\n", ";") and kind == "o":
                self.next()
            elif kind == "k" and value == "function":
                self.function()
            else:
                self.rule()
        for code in (self.begin, self.main, self.end):
            code.append(("halt", None))
        for function in self.functions.values():
            if function.code is None:
                raise self.lexer.wrong(f"function {function.name} is not defined")

    def rule(self):
        kind, value = self.peek()
        self.locals = None
        if kind == "k" and value in ("BEGIN", "END"):
            self.next()
            self.code = self.begin if value == "BEGIN" else self.end
            self.skip_newlines()
            self.take("{")
            self.block()
            return
        self.code = self.main
        skips = []
        if value != "{":
            skips.append(self.pattern())
        if self.peek() == ("o", "{"):
            self.next()
            self.block()
        else:
            self.emit("print_record")
        for at in skips:
            self.patch(at)

    def pattern(self):
        """Parse a pattern or a range of two. Return the index of the jump for records that do not match."""
        start = len(self.code)
        self.expression()
        if self.peek()[1] != ",":
            self.emit("unless")
            return len(self.code) - 1
        self.next()
        self.skip_newlines()
        number = self.ranges
        self.ranges += 1
        self.code.insert(start, ("within", (number, 0)))
        for k in range(start + 1, len(self.code)):  # jumps inside the first pattern
            function, argument = self.code[k]
            if function in ("jump", "unless", "both", "either"):
                self.code[k] = (function, argument + 1)
            elif function == "call":
                self.code[k] = (function, argument[:2] + (argument[2] + 1,))
        jump = len(self.code)
        self.emit("unless")
        self.emit("enter", number)
        self.code[start] = ("within", (number, len(self.code)))
        self.expression()
        self.emit("leave", number)
        return jump

    def function(self):
        self.next()
        kind, name = self.next()
        if kind not in "vf" or name in self.globals:
            raise self.wrong((kind, name))
        function = self.functions.setdefault(name, Function(name))
        if function.code is not None:
            raise self.lexer.wrong(f"function {name} is already defined")
        self.locals = {}
        self.take("(")
        while self.peek()[1] != ")":
            self.skip_newlines()
            kind, value = self.next()
            if kind != "v":
                raise self.wrong((kind, value))
            if value in self.locals:
                raise self.lexer.wrong(f"function {name}: duplicate parameter {value}")
            self.locals[value] = len(self.locals)
            self.skip_newlines()
            if self.peek()[1] != ")":
                self.take(",")
                self.skip_newlines()
                if self.peek()[1] == ")":
                    raise self.wrong(self.peek())
        self.next()
        self.skip_newlines()
        self.take("{")
        function.params = len(self.locals)
        function.code = self.code = []
        self.block()
        self.emit("constant", None)
        self.emit("return_value")
        self.locals = None

    # --- statements

    def block(self):
        """Parse up to the } that matches a { already read."""
        opened = self.open = [["{"]]
        while opened:
            if len(opened) > DEPTH_MAX:
                raise self.lexer.wrong("nested too deeply")
            kind, value = self.peek()
            if kind == "o" and value == "\n":
                self.next()
            elif kind == "o" and value == ";":
                self.next()
                if opened[-1][0] != "{":  # an empty statement
                    self.complete()
            elif kind == "o" and value == "{":
                self.next()
                opened.append(["{"])
            elif kind == "o" and value == "}":
                if opened[-1][0] != "{":
                    raise self.wrong((kind, value))
                self.next()
                opened.pop()
                self.complete()
            elif kind == "e":
                raise self.wrong((kind, value))
            elif kind == "k" and value in ("if", "while", "do", "for"):
                self.next()
                getattr(self, "begin_" + value)()
            else:
                self.simple(kind, value)
                self.terminate()
                self.complete()

    def terminate(self):
        """Require the end of a simple statement."""
        kind, value = self.peek()
        if value not in _TERMINATORS or kind not in "oe":
            raise self.wrong((kind, value))
        if value in ("\n", ";"):
            self.next()

    def condition(self):
        """Parse (expression), emit a conditional jump and return its index."""
        self.take("(")
        self.expression()
        self.take(")")
        self.emit("unless")
        return len(self.code) - 1

    def begin_if(self):
        self.open.append(["if", self.condition()])

    def begin_while(self):
        start = len(self.code)
        self.open.append(["while", self.condition(), [], start])

    def begin_do(self):
        self.open.append(["do", len(self.code), []])

    def begin_for(self):
        self.take("(")
        if self.peek()[0] == "v" and self.peek(1) == ("k", "in") and self.peek(2)[0] in "vf" and self.peek(3)[1] == ")":
            variable = self.variable(self.next()[1])
            self.next()
            self.emit("iterate", self.array(self.next()[1]))
            self.next()
            start = len(self.code)
            self.emit("each", (0, variable))
            self.open.append(["in", start, [], start])
            return
        if self.peek()[1] != ";":
            self.simple(*self.peek())
        self.take(";")
        self.skip_newlines()
        start = len(self.code)
        end = None
        if self.peek()[1] != ";":
            self.expression()
            end = len(self.code)
            self.emit("unless")
        self.take(";")
        self.skip_newlines()
        again = start
        if self.peek()[1] != ")":
            body = len(self.code)
            self.emit("jump")
            again = len(self.code)
            self.simple(*self.peek())
            self.emit("jump", start)
            self.patch(body)
        self.take(")")
        self.open.append(["for", end, [], again])

    def complete(self):
        """Complete a statement and those that end with it."""
        opened = self.open
        while opened and opened[-1][0] != "{":
            entry = opened[-1]
            name = entry[0]
            if name == "if":
                ahead = 0
                while self.peek(ahead)[1] in ("\n", ";") and self.peek(ahead)[0] == "o":
                    ahead += 1
                if self.peek(ahead) == ("k", "else"):
                    for _ in range(ahead + 1):
                        self.next()
                    jump = len(self.code)
                    self.emit("jump")
                    self.patch(entry[1])
                    opened[-1] = ["else", jump]
                    return
                self.patch(entry[1])
            elif name == "else":
                self.patch(entry[1])
            elif name == "do":
                self.skip_newlines()
                if self.peek() == ("o", ";"):
                    self.next()
                    self.skip_newlines()
                self.take("while")
                again = len(self.code)
                end = self.condition()
                self.emit("jump", entry[1])
                self.patch(end)
                self.ends(entry[2], again)
                self.terminate()
            else:
                self.emit("jump", entry[3])
                if name == "in":
                    self.code[entry[1]] = ("each", (len(self.code), self.code[entry[1]][1][1]))
                    self.ends(entry[2], entry[3], True)
                    opened.pop()
                    continue
                if entry[1] is not None:
                    self.patch(entry[1])
                self.ends(entry[2], entry[3])
            opened.pop()

    def ends(self, jumps, again, iterates=False):
        """Patch the jumps of break and continue in a loop."""
        if iterates and any(leaves for _, leaves in jumps):  # break out of a for-in discards the remaining keys
            over = len(self.code)
            self.emit("jump")
            here = len(self.code)
            self.emit("drop_keys")
            self.patch(over)
            for at, leaves in jumps:
                self.patch(at, here if leaves else again)
            return
        for at, leaves in jumps:
            self.patch(at, None if leaves else again)

    def simple(self, kind, value):
        """Parse a statement that contains no other statements."""
        if kind != "k" or value == "getline":
            self.expression()
            self.emit("pop")
            return
        self.next()
        after = self.peek()
        alone = after[1] in _TERMINATORS and after[0] in "oe"
        if value in ("print", "printf"):
            self.output(value, alone)
        elif value in ("next", "nextfile"):
            self.emit("next_record", value == "nextfile")
        elif value in ("break", "continue"):
            for entry in reversed(self.open):
                if entry[0] in ("while", "do", "for", "in"):
                    entry[2].append((len(self.code), value == "break"))  # type: ignore[attr-defined]
                    self.emit("jump")
                    return
            raise self.lexer.wrong(f"{value} outside of a loop")
        elif value in ("exit", "return"):
            if value == "return" and self.locals is None:
                raise self.lexer.wrong("return outside of a function")
            if alone:
                self.emit("constant", None)
            else:
                self.expression()
            self.emit("exit" if value == "exit" else "return_value", alone)
        elif value == "delete":
            self.expression()
            kind, slot = self.address()
            if kind < 2:
                self.emit("clear", (kind, slot))
            elif kind < 4:
                raise self.lexer.wrong("delete requires an array")
            else:
                self.emit("delete", (kind - 4, slot))
        else:
            raise self.wrong((kind, value))

    def output(self, name, alone):
        """Parse print or printf."""
        count = 0
        if not alone and self.peek()[1] not in (">", ">>", "|"):
            count = self.expression(False, True)
            if count == 1:
                while self.peek() == ("o", ","):
                    self.next()
                    self.skip_newlines()
                    self.expression(False)
                    count += 1
        if name == "printf" and not count:
            raise self.lexer.wrong("printf requires a format")
        way = self.peek()[1] if self.peek()[0] == "o" else ""
        if way in (">", ">>", "|"):
            self.next()
            self.expression(False)
        else:
            way = ""
        self.emit("output", (name == "printf", count, way))
