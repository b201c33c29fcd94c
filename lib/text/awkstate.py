# The rules and functions of an awk program, and what it prints; text.awkblock has its other statements.


from text.awkblock import Statements
from text.awkcode import Function


def parse(text):
    """(code of BEGIN, of the other rules, of END, [(parameters, code) of functions], variables) of a program.

    That holds on to nothing here, so that this may be given back before the program runs.
    """
    program = Program(text)
    functions = [[function.params, function.code] for function in program.functions.values()]
    numbers = {name: i for i, name in enumerate(program.functions)}
    for code in [program.begin, program.main, program.end] + [function[1] for function in functions]:
        for k, (name, argument) in enumerate(code):
            if name == "call":
                code[k] = (name, (numbers[argument[0].name],) + argument[1:])
    return program.begin, program.main, program.end, functions, program.globals


class Program(Statements):
    """Reads a program; its code is complete when this is made."""

    def __init__(self, text):
        super().__init__(text)
        self.begin, self.main, self.end = [], [], []
        self.ranges = 0
        self.open = []  # the blocks and statements that are not complete
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
                raise self.lexer.wrong(f"there is no function {function.name}")

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
        """A pattern, or a range of two; the place of the jump for lines that do not match."""
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
        for k in range(start + 1, len(self.code)):  # jumps within the first pattern
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
            raise self.lexer.wrong(f"there are two functions {name}")
        self.locals = {}
        self.take("(")
        while self.peek()[1] != ")":
            self.skip_newlines()
            kind, value = self.next()
            if kind != "v":
                raise self.wrong((kind, value))
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
        self.emit("give_back")
        self.locals = None

    # --- statements

    def output(self, name, alone):
        """print and printf."""
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
            raise self.lexer.wrong("printf needs a format")
        way = self.peek()[1] if self.peek()[0] == "o" else ""
        if way in (">", ">>", "|"):
            self.next()
            self.expression(False)
        else:
            way = ""
        self.emit("output", (name == "printf", count, way))
