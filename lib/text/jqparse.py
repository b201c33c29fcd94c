# The language of jq: from text to a tree of tuples, whose first item says what they are (text.jqrun evaluates them):
#
#   (".",) input    ("lit", value)    ("str", [text or tree ...], format)    ("$", name)    ("..",)
#   ("path", tree, [(".", tree) | ("[]",) | (":", from, to) | ("?",) ...])
#   ("|", [tree ...])    (",", [tree ...])    ("op", operator, left, right)    ("neg", tree)
#   ("array", tree or None)    ("object", [(key tree, value tree) ...])    ("call", name, [tree ...])
#   ("if", condition, then, else)    ("as", source, name, body)    ("try", body, catch or None)
#   ("def", name, [(kind, parameter) ...], body, rest)
#   ("reduce", source, name, begin, step)    ("foreach", source, name, begin, step, extract or None)

from base.errors import Failure

# How strongly an operator binds; those of 2 and 4 bind to the right.
_POWER = {"|": 1, ",": 2, "//": 3, "or": 5, "and": 6, "+": 8, "-": 8, "*": 9, "/": 9, "%": 9}
for _op in ("=", "|=", "+=", "-=", "*=", "/=", "%=", "//="):
    _POWER[_op] = 4
for _op in ("==", "!=", "<", "<=", ">", ">="):
    _POWER[_op] = 7

_ENDS = ("then", "else", "elif", "end", "as", "and", "or", "catch")


def tokens(text):
    """The words of a program: (kind, value); kind is "n" number, "s" string parts, "w" word, "" a sign, or one of . $ @."""
    found = []
    i = 0
    n = len(text)
    while i < n:
        c = text[i]
        if c in " \t\r\n":
            i += 1
        elif c == "#":
            while i < n and text[i] != "\n":
                i += 1
        elif c == '"':
            parts, i = string(text, i + 1)
            found.append(("s", parts))
        elif c.isdigit() or (c == "." and text[i + 1 : i + 2].isdigit()):
            start = i
            while i < n and (text[i].isdigit() or text[i] in ".eE" or (text[i] in "+-" and text[i - 1] in "eE")):
                i += 1
            found.append(("n", number(text[start:i])))
        elif c.isalpha() or c == "_" or (c in "$@." and (text[i + 1 : i + 2].isalpha() or text[i + 1 : i + 2] == "_")):
            start = i
            i += 1
            while i < n and (text[i].isalpha() or text[i].isdigit() or text[i] == "_"):
                i += 1
            word = text[start:i]
            found.append((c, word[1:]) if c in "$@." else ("w", word))
        else:
            for size in (3, 2, 1):
                sign = text[i : i + size]
                if sign in _POWER or sign in ("?//", "..") or (size == 1 and sign in ".[](){}:;?"):
                    break
            else:
                raise Failure("", f"unexpected {c} in the filter")
            found.append(("", sign))
            i += len(sign)
    return found


def number(text):
    try:
        value = float(text)
        return (
            value
            if "." in text or value > 1e15 and "e" in text.lower()
            else int(value if "e" in text.lower() else text)
        )
    except ValueError:
        raise Failure("", f"not a number in the filter: {text}")


def string(text, i):
    """(parts, where it ends) of a string; what stands in \\( ) is a list of tokens."""
    from json import loads

    parts = []
    start = i
    while i < len(text):
        c = text[i]
        if c == '"':
            parts.append(loads('"' + text[start:i] + '"'))
            return parts, i + 1
        if c == "\\" and text[i + 1 : i + 2] == "(":
            parts.append(loads('"' + text[start:i] + '"'))
            depth = 1
            begin = i = i + 2
            while depth:
                if i >= len(text):
                    raise Failure("", "unfinished \\( in the filter")
                if text[i] == '"':
                    _, i = string(text, i + 1)
                    continue
                depth += (text[i] == "(") - (text[i] == ")")
                i += 1
            parts.append(tokens(text[begin : i - 1]))
            start = i
            continue
        i += 2 if c == "\\" else 1
    raise Failure("", "unfinished string in the filter")


def parse(text, calls):
    """The tree for a program; calls, a list, gets the names of the functions with the number of their arguments."""
    try:
        return Parser(tokens(text), calls).all()
    except ValueError:  # loads() of a string
        raise Failure("", "bad string in the filter")


class Parser:
    """Precedence climbing: an operand is a term(), and expression() puts operators between them."""

    def __init__(self, found, calls):
        self.tokens = found
        self.calls = calls
        self.own = []  # functions that the program defines
        self.at = 0

    def all(self):
        if not self.tokens:
            return (".",)
        tree = self.expression(0)
        if self.at < len(self.tokens):
            self.fail()
        self.calls[:] = [call for call in self.calls if call not in self.own]
        return tree

    def fail(self):
        if self.at >= len(self.tokens):
            raise Failure("", "unexpected end of the filter")
        kind, value = self.tokens[self.at]
        raise Failure("", f"unexpected {value if kind in ('', 'w', 'n') else kind} in the filter")

    def peek(self, value, kind=""):
        return self.at < len(self.tokens) and self.tokens[self.at] == (kind, value)

    def take(self, value, kind=""):
        """Step over a sign if it is there; returns whether."""
        if self.peek(value, kind):
            self.at += 1
            return True
        return False

    def need(self, value, kind=""):
        if not self.take(value, kind):
            self.fail()

    def operator(self):
        if self.at < len(self.tokens):
            kind, value = self.tokens[self.at]
            if (kind == "" or value in ("and", "or")) and kind in ("", "w"):
                return value
        return None

    def expression(self, least):
        """Terms with operators that bind at least so strongly between them."""
        left = self.term()
        while True:
            if least < 2 and self.take("as", "w"):
                name = self.variable()
                self.need("|")
                left = ("as", left, name, self.expression(0))
                continue
            op = self.operator()
            power = _POWER.get(op, 0)
            if not power or power < least:
                return left
            self.at += 1
            right = self.expression(power if power in (1, 3) else power + 1)
            if op == "|":
                left = ("|", [left] + (right[1] if right[0] == "|" else [right]))
            elif op == ",":
                left = (",", left[1] + [right] if left[0] == "," else [left, right])
            else:
                left = ("op", op, left, right)

    def variable(self):
        kind, value = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind != "$":
            self.fail()
        self.at += 1
        return value

    def term(self):
        """An operand with what follows it: .a [0] ? ..."""
        if self.at >= len(self.tokens):
            self.fail()
        kind, value = self.tokens[self.at]
        self.at += 1
        steps = []
        if kind == "n":
            tree = ("lit", value)
        elif kind == "s":
            tree = self.string(value, None)
        elif kind == "$":
            tree = ("$", value)
        elif kind == "@":
            tree = ("call", "@" + value, [])
            if self.at < len(self.tokens) and self.tokens[self.at][0] == "s":
                tree = self.string(self.tokens[self.at][1], "@" + value)
                self.at += 1
        elif kind == "w":
            tree = self.word(value)
        elif kind == ".":
            tree = (".",)
            steps.append((".", ("lit", value)))
        elif value == ".":
            tree = (".",)
            self.quoted(steps)
        elif value == "..":
            tree = ("..",)
        elif value == "-":
            tree = ("neg", self.term())
        elif value == "(":
            tree = self.expression(0)
            self.need(")")
        elif value == "[":
            tree = ("array", None if self.peek("]") else self.expression(0))
            self.need("]")
        elif value == "{":
            tree = self.object()
        else:
            self.at -= 1
            self.fail()
        while True:
            if self.at < len(self.tokens) and self.tokens[self.at][0] == ".":
                steps.append((".", ("lit", self.tokens[self.at][1])))
                self.at += 1
            elif self.take("."):
                if not self.quoted(steps) and not self.peek("["):
                    self.fail()
            elif self.take("["):
                steps.append(self.bracket())
            elif self.take("?"):
                steps.append(("?",))
            else:
                break
        return ("path", tree, steps) if steps else tree

    def string(self, parts, form):
        if len(parts) == 1:
            return ("lit", parts[0])
        return ("str", [part if isinstance(part, str) else Parser(part, self.calls).all() for part in parts], form)

    def quoted(self, steps):
        """The string behind a dot, where there is one."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "s":
            steps.append((".", self.string(self.tokens[self.at][1], None)))
            self.at += 1
            return True
        return False

    def bracket(self):
        """What stands in [ ] behind a term."""
        if self.take("]"):
            return ("[]",)
        start = None if self.peek(":") else self.expression(0)
        if self.take(":"):
            end = None if self.peek("]") else self.expression(0)
            self.need("]")
            return (":", start, end)
        self.need("]")
        return (".", start)

    def object(self):
        pairs = []
        while not self.take("}"):
            kind, value = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
            self.at += 1
            if kind == "$":
                key, default = ("lit", value), ("$", value)
            elif kind in ("w", "s", "n"):
                key = ("lit", str(value)) if kind != "s" else self.string(value, None)
                default = ("path", (".",), [(".", key)])
            elif value == "(":
                key, default = self.expression(0), None
                self.need(")")
            else:
                self.at -= 1
                self.fail()
            if self.take(":"):
                default = self.expression(3)
            elif default is None:
                self.fail()
            pairs.append((key, default))
            if not self.take(",") and not self.peek("}"):
                self.fail()
        return ("object", pairs)

    def word(self, name):
        """What begins with a word: a constant, a construct, or the call of a function."""
        if name in ("true", "false", "null"):
            return ("lit", {"true": True, "false": False, "null": None}[name])
        if name == "if":
            return self.condition()
        if name == "try":
            body = self.term()
            return ("try", body, self.term() if self.take("catch", "w") else None)
        if name in ("reduce", "foreach"):
            source = self.term()
            self.need("as", "w")
            variable = self.variable()
            self.need("(")
            parts = self.arguments()
            if len(parts) not in ((2,) if name == "reduce" else (2, 3)):
                self.fail()
            return (name, source, variable) + tuple(parts)
        if name == "def":
            return self.definition()
        if name in _ENDS:
            self.at -= 1
            self.fail()
        args = self.arguments() if self.take("(") else []
        self.calls.append((name, len(args)))
        return ("call", name, args)

    def definition(self):
        """def name(parameters): body; and what follows, where the function is known."""
        kind, name = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        params = []
        if self.take("("):
            while not params or self.take(";"):
                params.append(self.tokens[self.at] if self.at < len(self.tokens) else ("", ""))
                self.at += 1
            self.need(")")
        if kind != "w" or any(param[0] not in ("w", "$") for param in params):
            self.at -= 1
            self.fail()
        self.need(":")
        body = self.expression(0)
        self.need(";")
        self.own.append((name, len(params)))
        self.own.extend([(param[1], 0) for param in params])
        return ("def", name, params, body, self.expression(0) if self.at < len(self.tokens) else (".",))

    def arguments(self):
        """Expressions with ; between them, up to the )."""
        found = [self.expression(0)]
        while self.take(";"):
            found.append(self.expression(0))
        self.need(")")
        return found

    def condition(self):
        condition = self.expression(0)
        self.need("then", "w")
        then = self.expression(0)
        if self.take("elif", "w"):
            return ("if", condition, then, self.condition())
        otherwise = self.expression(0) if self.take("else", "w") else (".",)
        self.need("end", "w")
        return ("if", condition, then, otherwise)
