# expr - evaluate an expression
# usage: expr EXPRESSION
#
# Each operand and operator is an argument of its own (quote what the shell would take). From weak to strong:
#   A | B   A, or B if A is empty or 0      A & B   A if both are neither empty nor 0, else 0
#   =  !=  <  <=  >  >=   compare, as numbers if both are      + -      * / %
#   TEXT : REGEX   number of characters matched from the beginning, or the text of the \(group\)
#   ( ... )   length TEXT   substr TEXT PLACE COUNT   index TEXT CHARS   match TEXT REGEX   + WORD: WORD is a text
# Status: 0, 1 if the result is empty or 0, 2 an invalid expression, 3 another error.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/expr.html

from base.errors import Failure, Usage

proc = None

LEVELS = (("|",), ("&",), ("=", "==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"), (":",))
FUNCTIONS = (("length", 1), ("match", 2), ("index", 2), ("substr", 3))


def __main__(args):
    if args[:1] in (["--help"], ["--version"]):
        from program import inform  # late: only for --help

        inform(args[0])
    if args[:1] == ["--"]:
        args = args[1:]
    result = evaluate(args)
    proc.stdout.write(f"{result}\n")
    return 1 if null(result) else 0


def evaluate(words):
    if not words:
        raise Usage("missing operand")
    values = []
    waiting = []  # operator stack: (level, operator), (-1, "(") and (9, function, missing arguments)
    operand = True
    i = 0
    while i < len(words):
        word = words[i]
        i += 1
        if operand:
            count = [n for name, n in FUNCTIONS if name == word]
            if word == "(":
                waiting.append((-1, "("))
                continue
            if count and i < len(words):
                waiting.append((9, word, len(values) + count[0]))
                continue
            if word == "+" and i < len(words):
                word = words[i]
                i += 1
            elif word == ")":
                raise Usage("unexpected )")
            values.append(word)
            operand = settle(values, waiting)
            continue
        if word == ")":
            reduce(values, waiting, 0)
            if not waiting:
                raise Usage("unexpected )")
            waiting.pop()
            operand = settle(values, waiting)
            continue
        level = [k for k, names in enumerate(LEVELS) if word in names]
        if not level:
            raise Usage("not an operator", word)
        reduce(values, waiting, level[0])
        waiting.append((level[0], word))
        operand = True
    if operand:
        raise Usage("missing operand")
    reduce(values, waiting, 0)
    if waiting:
        raise Usage("missing )")
    return values[0]


def settle(values, waiting):
    """Call the functions whose arguments are complete. Return True if one needs more."""
    while waiting and waiting[-1][0] == 9:
        _, name, need = waiting[-1]
        if len(values) < need:
            return True
        waiting.pop()
        count = [n for known, n in FUNCTIONS if known == name][0]
        given = values[len(values) - count :]
        del values[len(values) - count :]
        values.append(call(name, given))
    return False


def reduce(values, waiting, level):
    """Apply the operators of at least this precedence."""
    while waiting and waiting[-1][0] >= level:
        _, name = waiting.pop()
        b = values.pop()
        values[-1] = apply(name, values[-1], b)


def apply(name, a, b):
    if name == "|":
        return b if null(a) and not null(b) else 0 if null(a) else a
    if name == "&":
        return 0 if null(a) or null(b) else a
    if name == ":":
        return match(str(a), str(b))
    x, y = number(a), number(b)
    if name in LEVELS[2]:
        if x is None or y is None:
            x, y = str(a).encode(), str(b).encode()
        if name in ("=", "=="):
            result = x == y
        elif name == "!=":
            result = x != y
        elif name[0] == "<":
            result = x < y or (name == "<=" and x == y)
        else:
            result = x > y or (name == ">=" and x == y)
        return 1 if result else 0
    if x is None or y is None:
        raise Failure("", "non-integer argument", 2)
    if name == "+":
        return x + y
    if name == "-":
        return x - y
    if name == "*":
        return x * y
    if not y:
        raise Failure("", "division by zero", 2)
    quotient = abs(x) // abs(y)
    quotient = -quotient if (x < 0) != (y < 0) else quotient
    return quotient if name == "/" else x - quotient * y


def number(value):
    """Return value as an int, or None if it is not one."""
    if isinstance(value, int):
        return value
    digits = value[1:] if value[:1] == "-" else value
    return int(value) if digits.isdigit() else None


def null(value):
    return value == "" or number(value) == 0


def match(text, pattern):
    from regex.finder import Finder  # late: arithmetic does not need it

    data = text.encode()
    finder = Finder("^" + pattern if pattern[:1] != "^" else pattern)
    found = finder.search(data)
    if finder.groups:
        return data[found[2] : found[3]].decode() if found and found[2] >= 0 else ""
    return len(data[: found[1]].decode()) if found else 0


def call(name, values):
    text = str(values[0])
    if name == "length":
        return len(text)
    if name == "match":
        return match(text, str(values[1]))
    if name == "index":
        places = [text.find(c) + 1 for c in str(values[1]) if c in text]
        return min(places) if places else 0
    start, count = number(values[1]), number(values[2])
    if start is None or count is None or start < 1 or count < 1:
        return ""
    return text[start - 1 : start - 1 + count]
