# The instructions of awk's virtual machine: functions of the machine and an argument. They pop operands from the stack and
# push the result. An int that is returned is a jump target, a coroutine is awaited. The parser refers to them by name.

import math

from awk.values import Cell, Strnum, decoded, integer, num, short, text, true
from base.errors import Failure

_HUGE = 1 << 1023  # larger integers become floats


# --- loading


def constant(m, value):
    m.stack.append(value)


def load_global(m, slot):
    value = m.globals[slot]
    if type(value) is dict:
        raise Failure("", "array used in a scalar context", 2)
    m.stack.append(value)


def load_local(m, slot):
    value = m.frame[slot]
    if type(value) is dict:
        raise Failure("", "array used in a scalar context", 2)
    m.stack.append(None if isinstance(value, Cell) else value)


def load_nf(m, slot):
    m.stack.append(m.get(2, 0, None))


def field(m, _):
    m.stack[-1] = m.field(num(m.stack[-1]))


def element(m, where):
    array = m.array(where[0], where[1])
    key = m.text(m.stack[-1])
    if key not in array:
        array[key] = None
    m.stack[-1] = array[key]


def load_any(m, where):
    """Push an argument: a value, an array, or a variable that may become one."""
    values = m.frame if where[0] else m.globals
    value = values[where[1]]
    m.stack.append(Cell(values, where[1]) if value is None else value)


def load_array(m, where):
    m.stack.append(m.array(where[0], where[1]))


# --- storing


def assign(m, address):
    kind, slot, function = address
    value = m.stack.pop()
    key = m.stack.pop() if kind > 2 else None
    if function:
        value = function(num(m.get(kind, slot, key)), num(value))
    m.set(kind, slot, key, value)
    m.stack.append(value)


def increment(m, address):
    kind, slot, step, later = address
    key = m.stack.pop() if kind > 2 else None
    before = num(m.get(kind, slot, key))
    after = before + step
    m.set(kind, slot, key, after)
    m.stack.append(before if later else after)


def delete(m, where):
    m.array(where[0], where[1]).pop(m.text(m.stack.pop()), None)


def clear(m, where):
    m.array(where[0], where[1]).clear()


def pop(m, _):
    m.stack.pop()


# --- strings and arrays


def concat(m, _):
    b = m.text(m.stack.pop())
    m.stack[-1] = m.limited(m.text(m.stack[-1]) + b)


def join(m, count):
    """Join several subscripts to one key."""
    keys = [m.text(value) for value in m.stack[-count:]]
    del m.stack[-count:]
    m.stack.append(m.text(m.globals[8]).join(keys))


def contains(m, where):
    m.stack[-1] = 1 if m.text(m.stack[-1]) in m.array(where[0], where[1]) else 0


def iterate(m, where):
    m.keys.append(m.sorted(m.array(where[0], where[1])))


def each(m, where):
    """Assign the next key of a for-in loop to a variable, or jump past the loop."""
    keys = m.keys[-1]
    if not keys:
        m.keys.pop()
        return where[0]
    kind, slot = where[1]
    m.set(kind, slot, None, keys.pop())


def drop_keys(m, _):
    m.keys.pop()


def match_record(m, finder):
    m.stack.append(0 if finder.search(m.record()) is None else 1)


def match(m, negated):
    finder = m.finder(m.stack.pop())
    found = finder.search(m.text(m.stack[-1])) is not None
    m.stack[-1] = 1 if found != negated else 0


def length_of_record(m, _):
    m.stack.append(m.length(m.record()))


def builtin(m, which):
    name, count = which
    values = m.stack[len(m.stack) - count :]
    del m.stack[len(m.stack) - count :]
    result = m.more().call(m, name, values)
    if result is None or type(result) in (int, float, bytes, Strnum):
        m.stack.append(result)
    else:
        return result  # a coroutine, which pushes the value


def substitute(m, how):
    everywhere, kind, slot = how
    key = m.stack.pop() if kind > 2 else None
    by = m.text(m.stack.pop())
    finder = m.finder(m.stack.pop())
    before = m.text(m.get(kind, slot, key))
    count, after = m.more().replace(m, finder, by, before, everywhere)
    if count:
        m.set(kind, slot, key, after)
    m.stack.append(count)


# --- calls, records, output


def call(m, what):
    return m.call(*what)


def return_value(m, _):
    return m.return_value()


def next_record(m, file):
    return m.next_record(file)


def exit(m, alone):
    value = m.stack.pop()
    if not alone:
        m.status = integer(num(value)) & 255
    m.exiting = True
    return m.unwind()


def getline(m, how):
    return m.getline(how[0], how[1])


def print_record(m, _):
    return m.put(m.record() + m.text(m.globals[6]))


def output(m, how):
    """Run print or printf, to standard output or a redirection."""
    formatted, count, way = how
    target = m.stack.pop() if way else None
    first = len(m.stack) - count
    values = m.stack[first:]
    del m.stack[first:]
    if formatted:
        data = m.more().format(m, values)
    elif not count:
        data = m.record() + m.text(m.globals[6])
    else:
        form = decoded(m.text(m.globals[10]))
        parts = [value if type(value) is bytes else text(value, form) for value in values]
        data = m.text(m.globals[4]).join(parts) + m.text(m.globals[6])
    return m.put(data) if not way else m.redirect(way, m.text(target), data)


# --- numbers


def binary(function):
    """Make an instruction of a function of two numbers."""

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


# --- truth and jumps


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
    """Jump if the value is false."""
    if not true(m.stack.pop()):
        return target


def both(m, target):
    """&&: keep a false value as the result and jump; drop a true one."""
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
    """Jump if the pattern range is active."""
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


# --- code


def link(code):
    """Replace the names in code by the functions."""
    space = globals()
    made = {}
    for k, (name, argument) in enumerate(code):
        if name == "literal" or name == "match_record":
            from regex.finder import Finder  # late: as in awk.interpreter

            argument = Finder(argument, True)
            if name == "literal":
                name = "constant"
        if name in NUMERIC:
            function = made.get(name)
            if not function:
                function = made[name] = binary(NUMERIC[name])
        else:
            function = space[name]
        if name == "assign":
            argument = argument[:2] + (NUMERIC[argument[2]] if argument[2] else None,)
        code[k] = (function, argument)
