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
                b = 0 if skip else binary(op[:-1], a, b)
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
            value = 0 if skip else binary(op, a, b)
        vals.append(value)
    return skip


def _loaded(act, name, value, vals, ops, skip, set):
    """Finish a variable's operand once its value is known; True where another operand must follow."""
    if not act:
        vals.append(value)
    elif act[0] == "p":  # value++ : the old value
        vals.append(value)
        if not skip:
            set(name, wrap(value + 1 if act == "p++" else value - 1))
    elif act == "++" or act == "--":
        value = wrap(value + 1 if act == "++" else value - 1)
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


def evaluate(text, get, set):
    """The integer that an expression is; get(name) gives a variable's value or None, set(name, value) assigns one."""
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
        raise fail(text, "expression too long")
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
                    from shell.assignment import behind_bracket  # late: with the first array

                    i = behind_bracket(text, i)
                    if not i:
                        raise fail(text, "missing ']'")
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
                            raise fail(text, "attempted assignment to non-variable")
                        if act == "=":
                            vals.append(name)
                            ops.append(act)
                            continue
                value = 0 if skip else get(name)
                if value is None:
                    value = 0
                elif isinstance(value, (int, bool)):  # in MicroPython a bool is no int
                    value = wrap(int(value))
                else:
                    value = str(value).strip(_BLANKS)
                    if not value:
                        value = 0
                    elif value[0] in "123456789" and value.isdigit():
                        value = _number(value)
                    else:
                        entered += 1
                        if len(frames) >= _DEPTH_MAX or entered > _ENTER_MAX or len(value) > _TEXT_MAX:
                            raise fail(name, "expression recursion level exceeded")
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
                raise fail(text, f"operand expected before {text[i : i + 20]}")
            continue
        if want:
            raise fail(text, "operand expected at the end")
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
                    raise fail(text, "attempted assignment to non-variable")
                raise fail(text, f"operator expected before {text[i : i + 20]}")
        skip = _reduce(level, ops, vals, saved, skip, set)
        i += len(op)
        top = ops[-1] if ops else ""
        want = True
        if not op:
            if not top:
                return vals[0]
            if top != "{":
                raise fail(text, "missing ')'" if top == "(" else "':' expected for conditional expression")
            ops.pop()
            text, i, act, name = frames.pop()
            want = _loaded(act, name, vals.pop(), vals, ops, skip, set)
        elif op == ")":
            if top != "(":
                raise fail(text, "unexpected )")
            ops.pop()
            want = False
        elif op == ":":
            if top != "?":
                raise fail(text, "unexpected :")
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
