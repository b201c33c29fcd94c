# What the code of awk consists of, as text.awkops: operations on numbers, comparisons, and jumps.

import math

from base.errors import Failure
from text.awknum import num, short, true

_HUGE = 1 << 1023


# --- numbers


def binary(function):
    """The operation with two operands that a function of two numbers is."""

    def operation(m, _):
        value = num(m.stack.pop())
        m.stack[-1] = function(num(m.stack[-1]), value)

    return operation


def sum_of(a, b):
    return a + b


def difference(a, b):
    return a - b


def product(a, b):
    value = a * b
    return value if -_HUGE < value < _HUGE or type(value) is float else float(value)


def quotient(a, b):
    if not b:
        raise Failure("", "division by zero", 2)
    if type(a) is int and type(b) is int and not a % b:
        return a // b
    return short(a / b)


def rest(a, b):
    if not b:
        raise Failure("", "division by zero in %", 2)
    if type(a) is int and type(b) is int:
        value = abs(a) % abs(b)
        return -value if a < 0 else value
    return short(math.fmod(a, b))


def raised(a, b):
    if type(a) is int and type(b) is int and b >= 0:
        return a**b if b * len(bin(abs(a))) < 1100 else float("inf")
    try:
        return short(float(a) ** b)
    except (ValueError, ZeroDivisionError, OverflowError):
        return float("nan") if a else float("inf")


NUMERIC = {
    "add": sum_of,
    "subtract": difference,
    "multiply": product,
    "divide": quotient,
    "remainder": rest,
    "power": raised,
}


def minus(m, _):
    m.stack[-1] = -num(m.stack[-1])


def plus(m, _):
    m.stack[-1] = num(m.stack[-1])


# --- truth, and jumps


def negate(m, _):
    m.stack[-1] = 0 if true(m.stack[-1]) else 1


def truth(m, _):
    m.stack[-1] = 1 if true(m.stack[-1]) else 0


def compare(m, test):
    b = m.stack.pop()
    a = m.stack[-1]
    if type(a) is bytes or type(b) is bytes:
        a, b = m.text(a), m.text(b)
    else:
        a, b = num(a), num(b)
    if test == "==":
        result = a == b
    elif test == "<":
        result = a < b
    elif test == ">":
        result = a > b
    elif test == "!=":
        result = a != b
    elif test == "<=":
        result = a <= b
    else:
        result = a >= b
    m.stack[-1] = 1 if result else 0


def jump(m, target):
    return target


def unless(m, target):
    """Jump where the value is false."""
    if not true(m.stack.pop()):
        return target


def both(m, target):
    """&&: a false value is the result; a true one makes place for the other."""
    if not true(m.stack[-1]):
        m.stack[-1] = 0
        return target
    m.stack.pop()


def either(m, target):
    if true(m.stack[-1]):
        m.stack[-1] = 1
        return target
    m.stack.pop()


def within(m, where):
    """Jump where the range of a pattern has begun."""
    number, target = where
    if number in m.ranges:
        return target


def enter(m, number):
    m.ranges.add(number)


def leave(m, number):
    if true(m.stack.pop()):
        m.ranges.discard(number)


def halt(m, _):
    return -1
