# Arithmetic: the operators of C on 64-bit integers (POSIX 2.6.4), and ** of bash; and the usual expressions, which are a
# name or a number, alone or with another. All others: shell/expression.py.

from micropython import const

from base.errors import Failure
from shell.lexer import NAME, NAME1

_SMALL = const(0x3FFFFFFF)  # within this nothing has overflowed 64 bits
_SIGN = 1 << 63
MASK = (1 << 64) - 1


def quick(text, get):
    """The integer that a short expression is; None for one that shell.expression must read. get as there."""
    at = _word_end(text)
    if not at:
        return None
    left = _plain(text[:at], get)
    if left is None or at == len(text):
        return left
    right = text[at:].strip()
    op = right[:1]
    right = right[1:].strip()
    if right and op in "+-*<>":
        right = _plain(right, get)
        if right is not None:
            return binary(op, left, right)
    return None


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


def fail(text, reason):
    text = text.strip()
    if len(text) > 60:
        text = text[:60] + "..."
    return Failure("", f"{text}: {reason}" if text else reason)


def wrap(value):
    """value in 64 bits, two's complement."""
    if -_SMALL <= value <= _SMALL:
        return value
    return ((value + _SIGN) & MASK) - _SIGN


def binary(op, a, b):
    """a op b."""
    if op == "+":
        return wrap(a + b)
    if op == "-":
        return wrap(a - b)
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
        return wrap(a * b)
    if op == "/" or op == "%":
        if not b:
            raise fail(f"{a} {op} 0", "division by zero")
        value = abs(a) // abs(b)  # C divides towards zero
        if (a < 0) != (b < 0):
            value = -value
        return wrap(value) if op == "/" else a - value * b
    if op == "&":
        return a & b
    if op == "|":
        return a | b
    if op == "^":
        return a ^ b
    if op == "<<":
        return wrap(a << (b & 63))
    if op == ">>":
        return a >> (b & 63)
    if op == "**":
        if b < 0:
            raise fail(f"{a} ** {b}", "exponent less than 0")
        value = 1
        while b:
            if b & 1:
                value = wrap(value * a)
            a = wrap(a * a)
            b >>= 1
        return value
    return b  # ,
