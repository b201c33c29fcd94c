# What the code of awk consists of: functions of the machine and an argument. They take values from the stack and
# leave one there; one that returns an int jumps, one that returns a coroutine waits. The parser knows their names.

from base.errors import Failure
from text import awklogic
from text.awklogic import NUMERIC, binary
from text.awknum import Input, num, text


class Cell:
    """A variable without value that was given to a function, which may make an array of it."""

    def __init__(self, values, slot):
        self.values = values
        self.slot = slot

    def array(self):
        cell = self
        while isinstance(cell.values[cell.slot], Cell):
            cell = cell.values[cell.slot]
        value = cell.values[cell.slot]
        if value is None:
            value = cell.values[cell.slot] = {}
        return value


# --- loading


def constant(m, value):
    m.stack.append(value)


def load_global(m, slot):
    value = m.globals[slot]
    if type(value) is dict:
        raise Failure("", "an array is used as a value", 2)
    m.stack.append(value)


def load_local(m, slot):
    value = m.frame[slot]
    if type(value) is dict:
        raise Failure("", "an array is used as a value", 2)
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
    """An argument: a value, an array, or what may become one."""
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


# --- texts and arrays


def concat(m, _):
    b = m.text(m.stack.pop())
    m.stack[-1] = m.limited(m.text(m.stack[-1]) + b)


def join(m, count):
    """The key of several subscripts."""
    keys = [m.text(value) for value in m.stack[-count:]]
    del m.stack[-count:]
    m.stack.append(m.text(m.globals[8]).join(keys))


def contains(m, where):
    m.stack[-1] = 1 if m.text(m.stack[-1]) in m.array(where[0], where[1]) else 0


def iterate(m, where):
    m.keys.append(m.sorted(m.array(where[0], where[1])))


def each(m, where):
    """The next key of a for (... in ...) into a variable; jump behind the last."""
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
    result = m.builtins(name, values)
    if result is None or type(result) in (int, float, bytes, Input):
        m.stack.append(result)
    else:
        return result  # a coroutine, which leaves its value


def substitute(m, how):
    everywhere, kind, slot = how
    key = m.stack.pop() if kind > 2 else None
    by = m.text(m.stack.pop())
    finder = m.finder(m.stack.pop())
    before = m.text(m.get(kind, slot, key))
    count, after = m.replace(finder, by, before, everywhere)
    if count:
        m.set(kind, slot, key, after)
    m.stack.append(count)


# --- calls, records, output


def call(m, what):
    return m.call(*what)


def give_back(m, _):
    return m.give_back()


def next_record(m, file):
    return m.next_record(file)


def exit(m, alone):
    value = m.stack.pop()
    if not alone:
        m.status = int(num(value)) & 255
    m.exiting = True
    return m.unwind()


def getline(m, how):
    return m.getline(how[0], how[1])


def print_record(m, _):
    return m.put(m.record() + m.text(m.globals[6]))


def output(m, how):
    """print and printf, to the standard output or where a file or command says."""
    formatted, count, way = how
    target = m.stack.pop() if way else None
    first = len(m.stack) - count
    values = m.stack[first:]
    del m.stack[first:]
    if formatted:
        data = m.format(values)
    elif not count:
        data = m.record() + m.text(m.globals[6])
    else:
        form = m.text(m.globals[10]).decode()
        parts = [value if type(value) is bytes else text(value, form) for value in values]
        data = m.text(m.globals[4]).join(parts) + m.text(m.globals[6])
    return m.put(data) if not way else m.redirect(way, m.text(target), data)


def link(code):
    """Put the functions into code that has their names."""
    space = globals()
    made = {}
    for k, (name, argument) in enumerate(code):
        if name == "literal" or name == "match_record":
            from text.finder import Finder

            argument = Finder(argument, True)
            if name == "literal":
                name = "constant"
        if name in NUMERIC:
            function = made.get(name)
            if not function:
                function = made[name] = binary(NUMERIC[name])
        else:
            function = space.get(name) or getattr(awklogic, name)
        if name == "assign":
            argument = argument[:2] + (NUMERIC[argument[2]] if argument[2] else None,)
        code[k] = (function, argument)
