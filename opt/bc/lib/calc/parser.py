# Statements of bc to instructions for calc.machine. Neither expressions nor statements nest on the C stack.
#
# An instruction is (op, value): num get index call, + - ..., neg not, set (operator, name), shown (nothing), post, jump, jfalse,
# print, text, return, quit, define, pop, param. Jumps are absolute.

from base.errors import Failure

CODE_MAX = 4000
_PRECEDENCE = {"||": 1, "&&": 2, "!": 3, "=": 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "^": 8, "neg": 9}
_RIGHT = ("^", "=", "neg", "!")
_RELATIONS = ("<", "<=", ">", ">=", "==", "!=")
_ASSIGNMENTS = ("=", "+=", "-=", "*=", "/=", "%=", "^=")
_LONG = ("<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "%=", "^=", "&&", "||", "++", "--")


class Unfinished(Exception):
    """The statement continues on the next line."""


def bad(why="syntax error"):
    return Failure("", why)


def tokens(text):
    """Return the tokens [(kind, text)]: n number, w word, s string, o operator."""
    found = []
    i = 0
    depth = 0
    while i < len(text):
        c = text[i]
        if c in " \t\r" or text[i : i + 2] == "\\\n":
            i += 2 if c == "\\" else 1
        elif text[i : i + 2] == "/*":
            i = text.find("*/", i) + 2
            if i < 2:
                raise Unfinished
        elif c == "#":
            i = text.find("\n", i) if "\n" in text[i:] else len(text)
        elif c == '"':
            end = text.find('"', i + 1)
            if end < 0:
                raise Unfinished
            found.append(("s", text[i + 1 : end]))
            i = end + 1
        elif c.isdigit() or c in "ABCDEF" or (c == "." and text[i + 1 : i + 2].isdigit()):
            end = i
            while end < len(text) and (text[end].isdigit() or text[end] in "ABCDEF."):
                end += 1
            found.append(("n", text[i:end]))
            i = end
        elif c.isalpha() or c == ".":
            end = i + 1
            while c != "." and end < len(text) and (text[end].isalpha() or text[end].isdigit() or text[end] == "_"):
                end += 1
            found.append(("w", "last" if c == "." else text[i:end]))
            i = end
        else:
            op = text[i : i + 2] if text[i : i + 2] in _LONG else c
            if op not in _LONG and op not in "+-*/%^=<>!(){}[],;\n":
                raise bad(f"illegal character: {c}")
            depth += (op in "({[") - (op in ")}]")
            found.append(("o", op))
            i += len(op)
    if depth > 0:
        raise Unfinished
    return found


def compiled(text, functions):
    """Compile a text to instructions."""
    return Compiler(tokens(text), functions).compile()


class Compiler:
    """Compiles tokens to instructions."""

    def __init__(self, found, functions):
        self.tokens = found
        self.at = 0
        self.code = []
        self.functions = functions
        self.open = []  # [kind, ...] of the enclosing constructs: { if else while for define
        self.outside = None  # the code around a function definition

    def peek(self, text=None):
        token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return token if text is None else token[1] == text and token[0] in "ow"

    def take(self, text):
        if not self.peek(text):
            raise Unfinished if self.at >= len(self.tokens) else bad()
        self.at += 1

    def emit(self, op, value=None):
        if len(self.code) >= CODE_MAX:
            raise bad("program too long")
        self.code.append((op, value))
        return len(self.code) - 1

    def patch(self, where):
        self.code[where] = (self.code[where][0], len(self.code))

    def compile(self):
        while self.at < len(self.tokens):
            if self.peek("\n") or self.peek(";"):
                self.at += 1
            elif self.peek("}"):
                self.at += 1
                if not self.open or self.open[-1][0] != "{":
                    raise bad()
                self.open.pop()
                self.finish()
            else:
                self.statement()
        if self.open:
            raise Unfinished
        return self.code

    def statement(self):
        kind, word = self.peek()
        if word == "{" and kind == "o":
            self.at += 1
            self.open.append(["{"])
        elif kind == "w" and word in ("if", "while"):
            self.at += 1
            start = len(self.code)
            self.take("(")
            self.expression()
            self.take(")")
            self.open.append([word, self.emit("jfalse"), start, []])
            self.newlines()
        elif kind == "w" and word == "for":
            self.loop()
        elif kind == "w" and word == "define":
            self.define()
        else:
            self.simple(kind, word)
            ended = self.peek(";") or self.peek("\n") or self.peek("}") or self.peek("else")
            if not ended and self.at < len(self.tokens):
                raise bad()
            self.finish()

    def newlines(self):
        while self.peek("\n"):
            self.at += 1
        if self.at >= len(self.tokens):
            raise Unfinished

    def loop(self):
        """Compile for (a; b; c): a, then jumps around c, which precedes the body."""
        self.at += 1
        self.take("(")
        if not self.peek(";"):
            self.expression()
            self.emit("pop")
        self.take(";")
        test = len(self.code)
        if self.peek(";"):
            self.emit("num", "1")
        else:
            self.expression()
        end = self.emit("jfalse")
        body = self.emit("jump")
        self.take(";")
        step = len(self.code)
        if not self.peek(")"):
            self.expression()
            self.emit("pop")
        self.take(")")
        self.emit("jump", test)
        self.patch(body)
        self.open.append(["while", end, step, []])
        self.newlines()

    def define(self):
        if self.outside is not None:
            raise bad()
        self.at += 1
        name = self.word()
        self.take("(")
        names = self.names(")")
        self.take(")")
        self.newlines()
        self.take("{")
        self.newlines()
        own = []
        if self.peek("auto"):
            self.at += 1
            own = self.names(";")
        self.outside = self.code
        self.code = []
        self.open += [["define", name, names, own], ["{"]]

    def names(self, end):
        """Parse names separated by commas; an array is name[]."""
        found = []
        while not self.peek(end) and not self.peek("\n"):
            name = self.word()
            if self.peek("["):
                self.at += 1
                self.take("]")
                name += "[]"
            found.append(name)
            if self.peek(","):
                self.at += 1
        return found

    def word(self):
        kind, text = self.peek()
        if kind != "w":
            raise bad()
        self.at += 1
        return text

    def simple(self, kind, word):
        if kind == "s":
            self.at += 1
            self.emit("text", word)
        elif kind == "w" and word in ("break", "continue"):
            self.at += 1
            around = [entry for entry in self.open if entry[0] == "while"]
            if not around:
                raise bad(f"{word} outside a loop")
            where = self.emit("jump", around[-1][2])
            if word == "break":
                around[-1][3].append(where)
        elif kind == "w" and word in ("quit", "halt"):
            self.at += 1
            self.emit("quit")
        elif kind == "w" and word == "return":
            self.at += 1
            if self.peek(";") or self.peek("\n") or self.peek("}"):
                self.emit("num", "0")
            else:
                self.expression()
            self.emit("return")
        elif kind == "w" and word == "print":
            while True:
                self.at += 1
                if self.peek()[0] == "s":
                    self.emit("text", self.escaped(self.peek()[1]))
                    self.at += 1
                else:
                    self.expression()
                    self.emit("write")
                if not self.peek(","):
                    break
        else:
            start = len(self.code)
            self.expression()
            plain = self.code[-1][0] == "set" and start < len(self.code)
            self.emit("pop" if plain else "print")

    def escaped(self, text):
        for short, c in (("\\n", "\n"), ("\\t", "\t"), ("\\q", '"'), ("\\\\", "\\")):
            text = text.replace(short, c)
        return text

    def finish(self):
        """End a statement, and those whose body it was."""
        while self.open:
            entry = self.open[-1]
            kind = entry[0]
            if kind == "{":
                return
            self.open.pop()
            if kind == "if":
                at = self.at
                while self.peek("\n") or self.peek(";"):
                    self.at += 1
                if self.peek("else"):
                    self.at += 1
                    self.open.append(["else", self.emit("jump")])
                    self.patch(entry[1])
                    self.newlines()
                    return
                self.at = at
                self.patch(entry[1])
            elif kind == "else":
                self.patch(entry[1])
            elif kind == "while":
                self.emit("jump", entry[2])
                self.patch(entry[1])
                for where in entry[3]:
                    self.patch(where)
            else:  # a function definition
                self.emit("num", "0")
                self.emit("return")
                body, self.code, self.outside = self.code, self.outside, None
                self.emit("define", (entry[1], entry[2], entry[3], body))
                return

    # --- expressions: operands are emitted at once, operators wait on a stack

    def expression(self):
        waiting = []
        operand = True  # an operand is expected
        while True:
            if operand:
                operand = self.operand(waiting)
                continue
            kind, text = self.peek()
            if kind == "o" and text in ("++", "--"):
                self.at += 1
                self.emit("post", (text[0], self.lvalue()))
            elif kind == "o" and text in _ASSIGNMENTS:
                self.at += 1
                waiting.append(("=", (text[:-1], self.lvalue())))
                operand = True
            elif kind == "o" and (text in _PRECEDENCE or text in _RELATIONS):
                self.at += 1
                self.reduce(waiting, _PRECEDENCE.get(text, 4), text in _RIGHT)
                waiting.append((text, None))
                operand = True
            elif kind == "o" and text in (")", "]", ","):
                self.reduce(waiting, 0, False)
                if not waiting:
                    return
                opener, value = waiting[-1]
                if text == ",":
                    if opener != "call":
                        return
                    value[1] += 1
                    operand = True
                else:
                    waiting.pop()
                    if opener == "call":
                        self.emit("call", (value[0], value[1] + 1))
                    elif opener == "index":
                        self.emit("index", value[0])
                self.at += 1
            else:
                self.reduce(waiting, 0, False)
                if waiting:
                    raise bad()
                return

    def operand(self, waiting):
        """Read an operand, or what stands before one: then another one is expected, and the result is True."""
        kind, text = self.peek()
        if kind == "":
            raise Unfinished
        if kind == "w":
            return self.named(waiting)
        self.at += 1
        if kind == "n":
            self.emit("num", text)
        elif kind == "o" and text in ("++", "--"):
            target = self.target()
            self.emit("num", "1")
            self.emit("set", (text[0], target))
            self.emit("shown")  # not an assignment: print the value
        elif kind == "o" and text in ("(", "-", "!"):
            waiting.append(("neg" if text == "-" else text, None))
            return True
        else:
            raise bad()
        return False

    def named(self, waiting):
        """Read a variable, a whole array, or the beginning of a call or of a subscript: then the result is True."""
        name = self.word()
        for opener, end, kind in (("(", ")", "call"), ("[", "]", "index")):
            if self.peek(opener):
                self.at += 1
                if not self.peek(end):
                    waiting.append((kind, [name, 0]))
                    return True
                self.at += 1
                self.emit(*(("call", (name, 0)) if kind == "call" else ("array", name)))
                return False
        self.emit("get", name)
        return False

    def reduce(self, waiting, least, right):
        """Emit the operators of at least this precedence."""
        while waiting and waiting[-1][0] not in ("(", "call", "index"):
            op, value = waiting[-1]
            strength = _PRECEDENCE.get(op, 4)
            if strength < least or (strength == least and right):
                return
            waiting.pop()
            self.emit("set" if op == "=" else op, value)

    def target(self):
        """Parse the operand of a prefix ++ or --."""
        name = self.word()
        if not self.peek("["):
            return name
        self.at += 1
        self.expression()
        self.take("]")
        return name + "[]"

    def lvalue(self):
        """Remove the last instruction, a load, and return what it reads."""
        op, name = self.code.pop() if self.code else ("", "")
        if op not in ("get", "index"):
            raise bad("assignment to something that is no variable")
        return name + "[]" if op == "index" else name
