# Arithmetic: the inside of $((...)), all that shell/arith.py does not do at once. Loaded with the first of it.
#
# One pass with stacks of its own. A variable whose value is an expression is read in place, as if in parentheses, so
# neither parentheses nor such values nest any Python call.

from micropython import const

from shell.arith import MASK, binary, fail, wrap
from shell.lexer import NAME, NAME1

_TEXT_MAX = const(4096)  # characters in an expression
_DEPTH_MAX = const(64)  # variables whose value names a variable ...
_ENTER_MAX = const(512)  # values that are expressions, in one evaluation

_BLANKS = ' \t\n\r"'  # quotes have done their work
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_"
_ASSIGNING = "+ - * / % & ^ |"

# How tightly an operator binds. 0 is a fence: ( and ? and { (the begin of a variable's value). Assignments are not
# listed: they are 2. "u" marks what stands before its only operand.
_ASSIGN = const(2)
_TERNARY = const(3)
_POWER = const(14)
_LEVELS = "( ? {;,;;:;||;&&;|;^;&;== !=;< <= > >=;<< >>;+ -;* / %;**;u+ u- u! u~"
_RANK = {op: rank for rank, ops in enumerate(_LEVELS.split(";")) for op in ops.split()}


class _Evaluation:
    """An expression that is being read."""

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.vals = []
        self.ops = []
        self.saved = []  # skip as it was before each && || ? on ops
        self.frames = []  # (text, at, act, name) of what is interrupted by the value of a variable
        self.entered = 0
        self.skip = False  # in a branch that is not taken: nothing is computed, read or assigned
        self.want = True  # an operand comes next
        self.bump = ""  # the ++ or -- before a name


def _number(text):
    """The value of a number: decimal, 0 octal, 0x hexadecimal, base#digits (base 2 to 64)."""
    base = 10
    digits = text
    mark = text.find("#")
    if mark > 0:
        base = int(text[:mark]) if text[:mark].isdigit() and mark < 4 else 0
        digits = text[mark + 1 :]
    elif text[0] == "0" and len(text) > 1:
        base = 8
        if text[1] in "xX":
            base = 16
            digits = text[2:]
    if not 2 <= base <= 64:
        raise fail(text, "invalid arithmetic base")
    if not digits:
        raise fail(text, "invalid number")
    if base == 10 and len(digits) < 10 and digits.isdigit():
        return int(digits)
    value = 0
    for c in digits:
        digit = _DIGITS.find(c)
        if base <= 36 and 36 <= digit < 62:
            digit -= 26
        if not 0 <= digit < base:
            raise fail(text, f"{c}: value too great for base {base}" if c in _DIGITS else "invalid number")
        value = (value * base + digit) & MASK
    return wrap(value)


def _unary(op, a):
    if op == "u-":
        return wrap(-a)
    if op == "u!":
        return 0 if a else 1
    return ~a if op == "u~" else a


def _assigning(text, i):
    """The operator of an assignment at i with its =, or ""."""
    c = text[i : i + 1]
    two = text[i + 1 : i + 2]
    if c == "=":
        return "" if two == "=" else c
    if two == "=":
        return c + two if c in _ASSIGNING else ""
    if c in "<>" and two == c and text[i + 2 : i + 3] == "=":
        return c + c + "="
    return ""


def _reduce(e, level, set):
    """Apply the operators on the stack that bind tighter than level; && || ?: give skip back."""
    ops, vals = e.ops, e.vals
    while ops:
        op = ops[-1]
        rank = _RANK.get(op, _ASSIGN)
        if not rank or rank < level or (rank == level and level in (_ASSIGN, _TERNARY, _POWER)):
            break
        ops.pop()
        b = vals.pop()
        if op[0] == "u":
            value = _unary(op, b)
        elif rank == _ASSIGN:
            if op != "=":
                a = vals.pop()
                b = 0 if e.skip else binary(op[:-1], a, b)
            name = vals.pop()
            if not e.skip:
                set(name, b)
            value = b
        elif op == ":":
            a = vals.pop()
            value = a if vals.pop() else b
            e.skip = e.saved.pop()
        elif op == "&&" or op == "||":
            a = vals.pop()
            value = 1 if (a and b if op == "&&" else a or b) else 0
            e.skip = e.saved.pop()
        else:
            a = vals.pop()
            value = 0 if e.skip else binary(op, a, b)
        vals.append(value)


def _loaded(e, act, name, value, set):
    """Finish a variable's operand once its value is known."""
    vals = e.vals
    e.want = False
    if not act:
        vals.append(value)
    elif act[0] == "p":  # value++ : the old value
        vals.append(value)
        if not e.skip:
            set(name, wrap(value + 1 if act == "p++" else value - 1))
    elif act == "++" or act == "--":
        value = wrap(value + 1 if act == "++" else value - 1)
        vals.append(value)
        if not e.skip:
            set(name, value)
    else:  # name += ...
        vals.append(name)
        vals.append(value)
        e.ops.append(act)
        e.want = True


def _after(text, i):
    """The index of what follows the blanks at i."""
    n = len(text)
    while i < n and text[i] in _BLANKS:
        i += 1
    return i


def _variable(e):
    """Read the name at hand: (name, what is done with it: "", ++, --, p++, p-- or an assignment)."""
    text = e.text
    start = i = e.at
    n = len(text)
    while i < n and text[i] in NAME:
        i += 1
    if text[i : i + 1] == "[":
        from shell.reference import behind_bracket  # late: with the first array

        i = behind_bracket(text, i)
        if not i:
            raise fail(text, "missing ']'")
    name = text[start:i]
    act = e.bump
    e.bump = ""
    if not act:
        i = _after(text, i)
        act = text[i : i + 2]
        if act == "++" or act == "--":
            i += 2
            act = "p" + act
        else:
            act = _assigning(text, i)
            i += len(act)
            if act and e.ops and _RANK.get(e.ops[-1], _ASSIGN) > _ASSIGN:
                raise fail(text, "attempted assignment to non-variable")
    e.at = i
    return name, act


def _value(e, value, act, name):
    """The integer that the value of a variable is; None where it is an expression, which is read next."""
    if value is None:
        return 0
    if isinstance(value, (int, bool)):  # in MicroPython a bool is no int
        return wrap(int(value))
    value = str(value).strip(_BLANKS)
    if not value:
        return 0
    if value[0] in "123456789" and value.isdigit():
        return _number(value)
    e.entered += 1
    if len(e.frames) >= _DEPTH_MAX or e.entered > _ENTER_MAX or len(value) > _TEXT_MAX:
        raise fail(name, "expression recursion level exceeded")
    e.frames.append((e.text, e.at, act, name))
    e.ops.append("{")
    e.text = value
    e.at = 0
    return None


def _operand(e, c):
    """Read what is no name where an operand is expected: a number, a parenthesis or a sign."""
    text, i = e.text, e.at
    if c.isdigit():
        n = len(text)
        while i < n and (text[i] in NAME or text[i] in "#@"):
            i += 1
        e.vals.append(_number(text[e.at : i]))
        e.want = False
        e.at = i
    elif c == "(":
        e.ops.append(c)
        e.at = i + 1
    elif c in "+-!~":
        if text[i + 1 : i + 2] == c and c in "+-":
            start = _after(text, i + 2)
            if text[start : start + 1] and text[start] in NAME1:
                e.bump = c + c
                e.at = start
                return
        e.ops.append("u" + c)
        e.at = i + 1
    else:
        raise fail(text, f"operand expected before {text[i : i + 20]}")


def _operator(e, c):
    """(operator, how tightly it binds) at hand; "" at the end."""
    text, i = e.text, e.at
    op = text[i : i + 2]
    if op not in _RANK or c == "u":
        op = c
    if op and op in "):":
        return op, 0
    if op == "?":
        return op, _TERNARY
    level = _RANK.get(op) if op else 0
    if not level and op:
        if _assigning(text, i):
            raise fail(text, "attempted assignment to non-variable")
        raise fail(text, f"operator expected before {text[i : i + 20]}")
    return op, level


def _push(e, op):
    """Put an operator onto the stack, or close what it closes."""
    top = e.ops[-1] if e.ops else ""
    e.want = op != ")"
    if op == ")":
        if top != "(":
            raise fail(e.text, "unexpected )")
        e.ops.pop()
        return
    if op == ":":
        if top != "?":
            raise fail(e.text, "unexpected :")
        e.ops[-1] = op
        e.skip = e.saved[-1] or bool(e.vals[-2])
        return
    if op == "?" or op == "&&" or op == "||":
        e.saved.append(e.skip)
        e.skip = e.skip or bool(e.vals[-1]) == (op == "||")
    e.ops.append(op)


def evaluate(text, get, set):
    """The integer that an expression is; get(name) gives a variable's value or None, set(name, value) assigns one."""
    if not text.strip(_BLANKS):
        return 0
    if len(text) > _TEXT_MAX:
        raise fail(text, "expression too long")
    e = _Evaluation(text)
    while True:
        e.at = _after(e.text, e.at)
        c = e.text[e.at : e.at + 1]
        if e.want and c:
            if c not in NAME1:
                _operand(e, c)
                continue
            name, act = _variable(e)
            if act == "=":
                e.vals.append(name)
                e.ops.append(act)
                continue
            value = 0 if e.skip else get(name)  # here and not in _value(), where it would be deeper
            value = _value(e, value, act, name)
            if value is not None:
                _loaded(e, act, name, value, set)
            continue
        if e.want:
            raise fail(e.text, "operand expected at the end")
        op, level = _operator(e, c)
        _reduce(e, level, set)
        if op:
            e.at += len(op)
            _push(e, op)
            continue
        top = e.ops[-1] if e.ops else ""
        if not top:
            return e.vals[0]
        if top != "{":
            raise fail(e.text, "missing ')'" if top == "(" else "':' expected for conditional expression")
        e.ops.pop()
        e.text, e.at, act, name = e.frames.pop()
        _loaded(e, act, name, e.vals.pop(), set)
