# Parse jq's language into trees of tuples for jq.interpreter. The first item is the kind:
#
#   (".",) input    ("lit", value)    ("str", [text or tree ...], format)    ("$", name)    ("..",)
#   ("index", tree, key)    ("each", tree)    ("cut", tree, from, to)
#   ("|", [tree ...])    (",", [tree ...])    ("op", operator, left, right)    ("neg", tree)
#   ("array", tree or None)    ("object", [(key tree, value tree) ...])    ("call", name, [tree ...])
#   ("if", condition, then, else)    ("as", source, name, body)    ("try", body, catch or None)
#   ("label", name, body)    ("break", name)
#   ("def", name, [(kind, parameter) ...], body, rest)
#   ("reduce", source, name, begin, step)    ("foreach", source, name, begin, step, extract or None)
# Patterns of `as` are compiled to several of these with names that begin with %, assignments to calls of _assign and _modify.

from base.errors import Failure
from jq.lexer import POWER, tokens

_ENDS = ("then", "else", "elif", "end", "as", "and", "or", "catch")


def parse(text, calls):
    """Return the tree of a program. The list calls receives (name, number of arguments) of each function called."""
    try:
        return finished(Parser(tokens(text), calls).program())
    except ValueError:  # json.loads() of a string
        raise Failure("", "bad string in the filter")


RARE = ("%rare", 0)  # listed among the calls if the filter needs jq.constructs


def finished(work):
    """Run a generator that yields generators: run each one first and send its return value back, without nested calls."""
    stack = [work]
    result = None
    while stack:
        try:
            stack.append(stack[-1].send(result))
            result = None
        except StopIteration as e:
            result = e.value
            stack.pop()
    return result


class Parser:
    """A precedence-climbing parser: term() parses an operand, expression() the operators between operands.

    Mutually recursive methods are generators for finished(), so that nesting takes no C stack.
    """

    def __init__(self, found, calls):
        self.tokens = found
        self.calls = calls
        self.own = []  # functions that the program defines
        self.at = 0

    def program(self):
        if not self.tokens:
            return (".",)
        tree = yield self.expression(0)
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
        """Take a token if it is next; return whether it was."""
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
        """Parse terms with operators of at least this precedence between them."""
        left = yield self.term()
        while True:
            op = self.operator()
            power = POWER.get(op, 0)
            if not power or power < least:
                return left
            self.at += 1
            right = yield self.expression(power if power in (1, 3) else power + 1)
            if op == "|":
                left = ("|", [left] + (right[1] if right[0] == "|" else [right]))
            elif op == ",":
                left = (",", left[1] + [right] if left[0] == "," else [left, right])
            elif power == 4:
                left = self.assignment(op, left, right)
            else:
                left = ("op", op, left, right)

    def assignment(self, op, left, right):
        name = "_assign" if op == "=" else "_modify"
        self.calls.append((name, 2))
        if op in ("=", "|="):
            return ("call", name, [left, right])
        self.calls.append(RARE)
        return ("as", right, "%v", ("call", name, [left, ("op", op[:-1], (".",), ("$", "%v"))]))

    def variable(self):
        kind, value = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind != "$":
            self.fail()
        self.at += 1
        return value

    def term(self):
        """Parse an operand and what binds its results: . as $x | ..."""
        tree = yield self.operand()
        if not self.take("as", "w"):
            return tree
        self.calls.append(RARE)
        from jq import patterns  # late: rarely used

        return (yield patterns.bind(self, tree))

    def operand(self):
        """Parse an operand and its suffixes: .a [0] ? ..."""
        if self.at >= len(self.tokens):
            self.fail()
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == "n":
            tree = ("lit", value)
        elif kind == "s":
            tree = yield self.string(value, None)
        elif kind == "$":
            tree = ("$", value)
        elif kind == "@":
            tree = ("call", "@" + value, [])
            self.calls.append(("@" + value, 0))
            if self.at < len(self.tokens) and self.tokens[self.at][0] == "s":
                tree = yield self.string(self.tokens[self.at][1], "@" + value)
                self.at += 1
        elif kind == "w":
            tree = yield self.word(value)
        elif kind == ".":
            tree = ("index", (".",), ("lit", value))
        elif value == ".":
            tree = (yield self.quoted((".",))) or (".",)
        elif value == "..":
            self.calls.append(RARE)
            tree = ("..",)
        elif value == "-":
            tree = ("neg", (yield self.term()))
        elif value == "(":
            tree = yield self.expression(0)
            self.need(")")
        elif value == "[":
            tree = ("array", None if self.peek("]") else (yield self.expression(0)))
            self.need("]")
        elif value == "{":
            tree = yield self.object()
        else:
            self.at -= 1
            self.fail()
        while True:
            if self.at < len(self.tokens) and self.tokens[self.at][0] == ".":
                tree = ("index", tree, ("lit", self.tokens[self.at][1]))
                self.at += 1
            elif self.take("."):
                named = yield self.quoted(tree)
                if not named and not self.peek("["):
                    self.fail()
                tree = named or tree
            elif self.take("["):
                tree = yield self.bracket(tree)
            elif self.take("?"):
                tree = self.optional(tree)
            else:
                return tree

    def string(self, parts, form):
        if len(parts) == 1:
            return ("lit", parts[0])
        self.calls.append(RARE)
        if form:
            self.calls.append((form, 0))
        trees = []
        for part in parts:
            trees.append(part if isinstance(part, str) else (yield Parser(part, self.calls).program()))
        return ("str", trees, form)

    def optional(self, tree):
        """Apply the suffix ? to tree: in a path, only the last step may fail."""
        self.calls.append(RARE)
        if tree[0] == "each":
            return ("|", [tree[1], ("try", ("each", (".",)), None)])
        if tree[0] not in ("index", "cut") or tree[1] == (".",):
            return ("try", tree, None)
        keys = []
        made = []
        for i, key in enumerate(tree[2:]):
            if key and key[0] != "lit":
                made.append((key, f"%k{i}"))
                key = ("$", f"%k{i}")
            keys.append(key)
        found = ("|", [tree[1], ("try", (tree[0], (".",)) + tuple(keys), None)])
        for key, name in reversed(made):
            found = ("as", key, name, found)
        return found

    def quoted(self, tree):
        """Apply the string after a dot as a key, if there is one."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "s":
            self.at += 1
            return ("index", tree, (yield self.string(self.tokens[self.at - 1][1], None)))
        return None

    def bracket(self, tree):
        """Parse the suffix [ ] of tree."""
        if self.take("]"):
            return ("each", tree)
        start = None if self.peek(":") else (yield self.expression(0))
        if self.take(":"):
            end = None if self.peek("]") else (yield self.expression(0))
            self.need("]")
            return ("cut", tree, start, end)
        self.need("]")
        return ("index", tree, start)

    def object(self):
        self.calls.append(RARE)
        pairs = []
        while not self.take("}"):
            kind, value = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
            default = None
            if kind == "$":
                self.at += 1
                key, default = ("lit", value), ("$", value)
            elif isinstance(value, dict):
                self.at += 1
                key, default = ("lit", "__loc__"), ("lit", value)
            else:
                key = yield self.key(kind, value)
                if kind:
                    default = ("index", (".",), key)
            if self.take(":"):
                default = yield self.expression(3)
                while self.take("|"):
                    default = ("|", [default, (yield self.expression(3))])
            elif default is None:
                self.fail()
            pairs.append((key, default))
            if not self.take(",") and not self.peek("}"):
                self.fail()
        return ("object", pairs)

    def key(self, kind, value):
        """Parse a key of an object or pattern."""
        if kind == "@":
            return (yield self.operand())
        self.at += 1
        if kind in ("w", "n"):
            return ("lit", str(value))
        if kind == "s":
            return (yield self.string(value, None))
        if value != "(":
            self.at -= 1
            self.fail()
        tree = yield self.expression(0)
        self.need(")")
        return tree

    def word(self, name):
        """Parse what begins with a word: a constant, a construct, or a function call."""
        if name in ("true", "false", "null"):
            return ("lit", {"true": True, "false": False, "null": None}[name])
        if name == "if":
            return (yield self.condition())
        if name in ("try", "label", "break", "reduce", "foreach", "def"):
            self.calls.append(RARE)
        if name == "try":
            body = yield self.operand()
            return ("try", body, (yield self.operand()) if self.take("catch", "w") else None)
        if name == "label":
            name = self.variable()
            self.need("|")
            return ("label", name, (yield self.expression(0)))
        if name == "break":
            return ("break", self.variable())
        if name in ("reduce", "foreach"):
            source = yield self.operand()
            self.need("as", "w")
            from jq import patterns  # late: only for as

            return (yield patterns.fold(self, name, source))
        if name == "def":
            return (yield self.definition())
        if name in _ENDS:
            self.at -= 1
            self.fail()
        args = (yield self.arguments()) if self.take("(") else []
        self.calls.append((name, len(args)))
        return ("call", name, args)

    def definition(self):
        """Parse def name(parameters): body; and the expression in which it is known."""
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
        body = yield self.expression(0)
        self.need(";")
        self.own.append((name, len(params)))
        self.own.extend([(param[1], 0) for param in params])
        return ("def", name, params, body, (yield self.expression(0)) if self.at < len(self.tokens) else (".",))

    def arguments(self):
        """Parse expressions separated by ; up to the )."""
        found = [(yield self.expression(0))]
        while self.take(";"):
            found.append((yield self.expression(0)))
        self.need(")")
        return found

    def condition(self):
        condition = yield self.expression(0)
        self.need("then", "w")
        then = yield self.expression(0)
        if self.take("elif", "w"):
            return ("if", condition, then, (yield self.condition()))
        otherwise = (yield self.expression(0)) if self.take("else", "w") else (".",)
        self.need("end", "w")
        return ("if", condition, then, otherwise)
