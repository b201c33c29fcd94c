# Arithmetic: the inside of $((...)), the operators of C on 64-bit integers (POSIX 2.6.4), and ** of bash.
#
# One pass with stacks of its own. A variable whose value is an expression is read in place, as if in parentheses, so
# neither parentheses nor such values nest any Python call.

from micropython import const

from base.errors import Failure
from shell.lexer import NAME, NAME1

_TEXT_MAX = const(4096)  # characters in an expression
_DEPTH_MAX = const(64)  # variables whose value names a variable ...
_ENTER_MAX = const(512)  # values that are expressions, in one evaluation

_SMALL = const(0x3FFFFFFF)  # within this nothing has overflowed 64 bits
_SIGN = 1 << 63
_MASK = (1 << 64) - 1

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


def evaluate(text, get, set):
    """The integer that an expression is; get(name) gives a variable's value or None, set(name, value) assigns one."""
    at = _word_end(text)  # the usual: a name or number, alone or with another
    if not at:
        return _evaluate(text, get, set)
    left = _plain(text[:at], get)
    if left is None:
        return _evaluate(text, get, set)
    if at == len(text):
        return left
    right = text[at:].strip()
    op = right[:1]
    right = right[1:].strip()
    if right and op in "+-*<>":
        right = _plain(right, get)
        if right is not None:
            return _binary(op, left, right)
    return _evaluate(text, get, set)


# This and the next are small so that their frames fit on the C stack: MicroPython puts a frame of more than 11 slots
# on the heap, and then every further allocation searches from there.
def _word_end(text):
    """Where the letters and digits that text begins with end."""
    at = 0
    for c in text:
        if c not in NAME:
            break
        at += 1
    return at


def _plain(text, get):
    """The value of a short decimal number, or of a variable that is a small number; None for anything else."""
    if text[0] in NAME1:
        if _word_end(text) != len(text):
            return None
        text = get(text)
        if isinstance(text, int):
            return text if -_SMALL < text < _SMALL else None
        if not isinstance(text, str) or not text:
            return None
    if text.isdigit() and len(text) < 10 and (text[0] != "0" or len(text) == 1):
        return int(text)
    return None


def _fail(text, reason):
    text = text.strip()
    if len(text) > 60:
        text = text[:60] + "..."
    return Failure("", f"{text}: {reason}" if text else reason)


def _wrap(value):
    """value in 64 bits, two's complement."""
    if -_SMALL <= value <= _SMALL:
        return value
    return ((value + _SIGN) & _MASK) - _SIGN


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
        raise _fail(text, "a base is 2 to 64")
    if not digits:
        raise _fail(text, "not a number")
    if base == 10 and len(digits) < 10 and digits.isdigit():
        return int(digits)
    value = 0
    for c in digits:
        digit = _DIGITS.find(c)
        if base <= 36 and 36 <= digit < 62:
            digit -= 26
        if not 0 <= digit < base:
            raise _fail(text, f"{c} is no digit of base {base}" if c in _DIGITS else "not a number")
        value = (value * base + digit) & _MASK
    return _wrap(value)


def _binary(op, a, b):
    """a op b."""
    if op == "+":
        return _wrap(a + b)
    if op == "-":
        return _wrap(a - b)
    if op == "<":
        return 1 if a < b else 0
    if op == ">":
        return 1 if a > b else 0
    if op == "<=":
        return 1 if a <= b else 0
    if op == ">=":
        return 1 if a >= b else 0
    if op == "==":
        return 1 if a == b else 0
    if op == "!=":
        return 1 if a != b else 0
    if op == "*":
        return _wrap(a * b)
    if op == "/" or op == "%":
        if not b:
            raise _fail(f"{a} {op} 0", "division by zero")
        value = abs(a) // abs(b)  # C divides towards zero
        if (a < 0) != (b < 0):
            value = -value
        return _wrap(value) if op == "/" else a - value * b
    if op == "&":
        return a & b
    if op == "|":
        return a | b
    if op == "^":
        return a ^ b
    if op == "<<":
        return _wrap(a << (b & 63))
    if op == ">>":
        return a >> (b & 63)
    if op == "**":
        if b < 0:
            raise _fail(f"{a} ** {b}", "the exponent is below zero")
        value = 1
        while b:
            if b & 1:
                value = _wrap(value * a)
            a = _wrap(a * a)
            b >>= 1
        return value
    return b  # ,


def _unary(op, a):
    if op == "u-":
        return _wrap(-a)
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


def _reduce(level, ops, vals, saved, skip, set):
    """Apply the operators on the stack that bind tighter than level; returns skip, which && || ?: give back."""
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
                b = 0 if skip else _binary(op[:-1], a, b)
            name = vals.pop()
            if not skip:
                set(name, b)
            value = b
        elif op == ":":
            a = vals.pop()
            value = a if vals.pop() else b
            skip = saved.pop()
        elif op == "&&" or op == "||":
            a = vals.pop()
            value = 1 if (a and b if op == "&&" else a or b) else 0
            skip = saved.pop()
        else:
            a = vals.pop()
            value = 0 if skip else _binary(op, a, b)
        vals.append(value)
    return skip


def _loaded(act, name, value, vals, ops, skip, set):
    """Finish a variable's operand once its value is known; True where another operand must follow."""
    if not act:
        vals.append(value)
    elif act[0] == "p":  # value++ : the old value
        vals.append(value)
        if not skip:
            set(name, _wrap(value + 1 if act == "p++" else value - 1))
    elif act == "++" or act == "--":
        value = _wrap(value + 1 if act == "++" else value - 1)
        vals.append(value)
        if not skip:
            set(name, value)
    else:  # name += ...
        vals.append(name)
        vals.append(value)
        ops.append(act)
        return True
    return False


def _after(text, i):
    """The index of what follows the blanks at i."""
    n = len(text)
    while i < n and text[i] in _BLANKS:
        i += 1
    return i


def _behind_bracket(text, i):
    """The index behind the ] that closes the [ at i."""
    depth = 0
    for at in range(i, len(text)):
        c = text[at]
        if c == "[":
            depth += 1
        elif c == "]":
            depth -= 1
            if not depth:
                return at + 1
    raise _fail(text, "] is missing")


def _evaluate(text, get, set):
    if not text.strip(_BLANKS):
        return 0
    vals = []
    ops = []
    saved = []  # skip as it was before each && || ? on ops
    frames = []  # (text, index, act, name) of what is interrupted by the value of a variable
    entered = 0
    i = 0
    skip = False  # in a branch that is not taken: nothing is computed, read or assigned
    want = True  # an operand comes next
    bump = ""  # the ++ or -- before a name
    if len(text) > _TEXT_MAX:
        raise _fail(text, "the expression is too long")
    while True:
        i = _after(text, i)
        c = text[i : i + 1]
        if want and c:
            if c in NAME1:
                start = i
                n = len(text)
                while i < n and text[i] in NAME:
                    i += 1
                if text[i : i + 1] == "[":
                    i = _behind_bracket(text, i)
                name = text[start:i]
                act = bump
                bump = ""
                if not act:
                    i = _after(text, i)
                    act = text[i : i + 2]
                    if act == "++" or act == "--":
                        i += 2
                        act = "p" + act
                    else:
                        act = _assigning(text, i)
                        i += len(act)
                        if act and ops and _RANK.get(ops[-1], _ASSIGN) > _ASSIGN:
                            raise _fail(text, f"{act} needs a variable on its left")
                        if act == "=":
                            vals.append(name)
                            ops.append(act)
                            continue
                value = 0 if skip else get(name)
                if value is None:
                    value = 0
                elif isinstance(value, (int, bool)):  # in MicroPython a bool is no int
                    value = _wrap(int(value))
                else:
                    value = str(value).strip(_BLANKS)
                    if not value:
                        value = 0
                    elif value[0] in "123456789" and value.isdigit():
                        value = _number(value)
                    else:
                        entered += 1
                        if len(frames) >= _DEPTH_MAX or entered > _ENTER_MAX or len(value) > _TEXT_MAX:
                            raise _fail(name, "too many variables in variables")
                        frames.append((text, i, act, name))
                        ops.append("{")
                        text = value
                        i = 0
                        continue
                want = _loaded(act, name, value, vals, ops, skip, set)
            elif c.isdigit():
                start = i
                n = len(text)
                while i < n and (text[i] in NAME or text[i] in "#@"):
                    i += 1
                vals.append(_number(text[start:i]))
                want = False
            elif c == "(":
                ops.append(c)
                i += 1
            elif c in "+-!~":
                if text[i + 1 : i + 2] == c and c in "+-":
                    start = _after(text, i + 2)
                    if text[start : start + 1] and text[start] in NAME1:
                        bump = c + c
                        i = start
                        continue
                ops.append("u" + c)
                i += 1
            else:
                raise _fail(text, f"an operand is missing before {text[i : i + 20]}")
            continue
        if want:
            raise _fail(text, "an operand is missing at the end")
        op = text[i : i + 2]
        if op not in _RANK or c == "u":
            op = c
        if op and op in "):":
            level = 0
        elif op == "?":
            level = _TERNARY
        else:
            level = _RANK.get(op) if op else 0
            if (not level and op) or op == ":":
                if _assigning(text, i):
                    raise _fail(text, "= needs a variable on its left")
                raise _fail(text, f"an operator is missing before {text[i : i + 20]}")
        skip = _reduce(level, ops, vals, saved, skip, set)
        i += len(op)
        top = ops[-1] if ops else ""
        want = True
        if not op:
            if not top:
                return vals[0]
            if top != "{":
                raise _fail(text, ") is missing" if top == "(" else ": is missing after ?")
            ops.pop()
            text, i, act, name = frames.pop()
            want = _loaded(act, name, vals.pop(), vals, ops, skip, set)
        elif op == ")":
            if top != "(":
                raise _fail(text, "unexpected )")
            ops.pop()
            want = False
        elif op == ":":
            if top != "?":
                raise _fail(text, "unexpected :")
            ops[-1] = op
            skip = saved[-1] or bool(vals[-2])
        else:
            if op == "?":
                saved.append(skip)
                skip = skip or not vals[-1]
            elif op == "&&":
                saved.append(skip)
                skip = skip or not vals[-1]
            elif op == "||":
                saved.append(skip)
                skip = skip or bool(vals[-1])
            ops.append(op)
