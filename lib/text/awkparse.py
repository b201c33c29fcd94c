# The expressions of awk: words to code for the stack machine of text.awkrun, without recursion.
#
# Operators wait on a stack of their own until one that binds less comes. What can be assigned to is emitted as a load
# first; an operator that assigns takes it back and keeps its address.

from text.awkcall import Calls
from text.awkcode import Function
from text.awktext import pattern

# How strongly operators bind.
_ASSIGN, _CHOICE, _OR, _AND, _IN, _MATCH, _COMPARE, _CAT, _FILE = 0, 1, 2, 3, 4, 5, 6, 7, 8
_ADD, _MULTIPLY, _SIGN, _POWER, _INCREMENT, _GET, _FIELD = 9, 10, 11, 12, 13, 14, 15

# Operators with two operands: how they bind, the function, its argument.
BINARY = {
    "<": (_COMPARE, "compare", "<"),
    "<=": (_COMPARE, "compare", "<="),
    "==": (_COMPARE, "compare", "=="),
    "!=": (_COMPARE, "compare", "!="),
    ">": (_COMPARE, "compare", ">"),
    ">=": (_COMPARE, "compare", ">="),
    "+": (_ADD, "add", None),
    "-": (_ADD, "subtract", None),
    "*": (_MULTIPLY, "multiply", None),
    "/": (_MULTIPLY, "divide", None),
    "%": (_MULTIPLY, "remainder", None),
    "^": (_POWER, "power", None),
    "~": (_MATCH, "match", False),
    "!~": (_MATCH, "match", True),
}
ASSIGN = ("=", "+=", "-=", "*=", "/=", "%=", "^=")
MARKS = ("(", "[", "call", "builtin")


class Expressions(Calls):
    """The part of the parser that reads expressions."""

    def expression(self, greater=True, listed=False):
        """Parse an expression. greater: > compares (print needs it for files). listed: it may be a list in parentheses.

        Returns how many values it leaves: more than 1 for such a list.
        """
        stack = []  # [how it binds, what, data ...]
        marks = 0  # ( [ and calls on the stack
        want = True  # an operand must come
        lvalue = False
        while True:
            kind, value = token = self.peek()
            if want:
                want, lvalue, opened = self.operand(stack, token)
                marks += opened
                continue
            if kind == "o":
                if value in (")", "]") and marks:
                    self.next()
                    marks -= 1
                    count = self.close(stack, value)
                    if count > 1:
                        if listed and not stack and self.peek()[1] in ("\n", ";", "}", ">", ">>", "|", ""):
                            return count
                        if self.peek() != ("k", "in"):
                            raise self.wrong(self.peek())
                        self.emit("join", count)
                    lvalue = value == "]"
                    continue
                if value == "," and marks:
                    self.next()
                    self.skip_newlines()
                    mark = self.unwind(stack)
                    self.argument(mark)
                    mark[3] += 1
                    mark[4] = len(self.code)
                    want = True
                    continue
                if value in ASSIGN:
                    lvalue = self.reduce(stack, _FIELD) or lvalue
                    if lvalue:
                        self.next()
                        self.skip_newlines()
                        function = BINARY[value[0]][1] if value != "=" else None
                        stack.append([_ASSIGN, "=", self.address() + (function,)])
                        want = True
                        continue
                if value in ("++", "--"):
                    lvalue = self.reduce(stack, _FIELD) or lvalue
                    if lvalue:
                        self.next()
                        self.emit("increment", self.address() + (1 if value == "++" else -1, True))
                        lvalue = False
                        continue
                if value in ("&&", "||"):
                    self.next()
                    self.skip_newlines()
                    level = _AND if value == "&&" else _OR
                    self.reduce(stack, level)
                    stack.append([level, value, len(self.code)])
                    self.emit("both" if value == "&&" else "either")
                    want = True
                    continue
                if value == "?":
                    self.next()
                    self.skip_newlines()
                    self.reduce(stack, _CHOICE + 1)
                    stack.append([_CHOICE, "?", len(self.code)])
                    self.emit("unless")
                    want = True
                    continue
                if value == ":" and self.choice(stack):
                    want = True
                    continue
                if value == "|" and self.peek(1) == ("k", "getline"):
                    self.next()
                    self.reduce(stack, _COMPARE)
                    want, lvalue = self.getline(stack, 1), False
                    continue
                if value in BINARY and (value != ">" or greater or marks):
                    level, function, argument = BINARY[value]
                    self.reduce(stack, level + (value == "^"))
                    self.next()
                    if value == "<" and self.got is not None and self.code[-1] is self.got:
                        stack.append([_FILE, "file", self.code.pop()[1]])
                    else:
                        stack.append([level, value, function, argument, len(self.code)])
                    want = True
                    continue
            elif kind == "k" and value == "in":
                self.next()
                self.reduce(stack, _IN)
                token = self.next()
                if token[0] != "v":
                    raise self.wrong(token)
                self.emit("contains", self.array(token[1]))
                lvalue = False
                continue
            if kind in "nsvfb" or value in ("$", "!", "(", "++", "--"):
                self.reduce(stack, _CAT)
                stack.append([_CAT, "cat"])
                want = True
                continue
            break
        self.reduce(stack, 0)
        if stack:
            raise self.wrong(token)
        return 1

    def operand(self, stack, token):
        """Take what begins an operand: (another one must come, it can be assigned to, something was opened)."""
        kind, value = self.next()
        if kind == "n":
            self.emit("constant", value)
        elif kind == "s":
            self.emit("constant", value[0])
        elif kind == "r":
            self.emit("match_record", pattern(value[0]))  # link() makes a Finder of it, when the parser has gone
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
        """A call has been opened."""
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
        """getline, and a variable perhaps; mode 1 takes from a command. True where the variable is still to come."""
        self.next()
        kind, value = self.peek()
        if kind == "v" or (kind == "o" and value == "$"):
            stack.append([_GET, "getline", mode])
            return True
        self.emit("getline", (mode, None))
        self.got = self.code[-1] if not mode else None
        return False

    def choice(self, stack):
        """The : of a ?; False where there is none."""
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
        """Finish all operators up to the last ( [ or call, which is returned."""
        while stack[-1][1] not in MARKS:
            self.finish(stack.pop())
        return stack[-1]

    def reduce(self, stack, level):
        """Finish operators that bind at least so strongly; True where that leaves something to assign to."""
        lvalue = False
        while stack and stack[-1][0] >= level:
            lvalue = self.finish(stack.pop())
        return lvalue

    # --- what stands in parentheses and brackets

    def close(self, stack, value):
        """A ) or ] has come; returns the number of values for a list in parentheses, else 1."""
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
