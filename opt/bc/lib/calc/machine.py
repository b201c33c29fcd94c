# Runs the instructions of calc.parser. A number is (integer, scale): integer / 10 ** scale.

import asyncio

from base.errors import Failure

DEPTH_MAX = 200  # call depth
DIGITS_MAX = 20000
TURN = 500  # instructions before yielding to other tasks
_DIGITS = "0123456789ABCDEF"
_LINE = 69  # characters of a long number per line

ZERO, ONE = (0, 0), (1, 0)


def rescaled(number, scale):
    """Return a number as an integer with another scale, truncated."""
    value, old = number
    if scale >= old:
        return value * 10 ** (scale - old)
    size = abs(value) // 10 ** (old - scale)
    return -size if value < 0 else size


def divided(a, b):
    size = abs(a) // abs(b)
    return -size if (a < 0) != (b < 0) else size


class Machine:
    """The virtual machine: variables, functions and execution."""

    def __init__(self, write):
        self.write = write
        self.scale = 0
        self.ibase = self.obase = 10
        self.last = ZERO
        self.vars = {}
        self.arrays = {}
        self.functions = {}
        self.status = 0

    async def run(self, code):
        """Run instructions. Return True after quit."""
        frames = []  # (code, return address, names to restore)
        stack = []
        at = steps = 0
        try:
            while True:
                if at >= len(code):
                    return False
                op, value = code[at]
                at += 1
                steps += 1
                if not steps % TURN:
                    await asyncio.sleep_ms(0)
                if op == "num":
                    stack.append(self.parsed(value))
                elif op == "get":
                    stack.append(self.get(value))
                elif op == "index":
                    stack.append(self.arrays.get(value, {}).get(self.whole(stack.pop()), ZERO))
                elif op == "array":
                    stack.append(self.arrays.setdefault(value, {}))
                elif op == "set" or op == "post":
                    self.set(op, value, stack)
                elif op == "jump":
                    at = value
                elif op == "jfalse":
                    if not stack.pop()[0]:
                        at = value
                elif op == "pop":
                    stack.pop()
                elif op == "print" or op == "write":
                    self.last = stack.pop() if op == "print" else self.last if not stack else stack.pop()
                    self.write(self.shown(self.last) + ("\n" if op == "print" else ""))
                elif op == "text":
                    self.write(value)
                elif op == "quit":
                    return True
                elif op == "define":
                    self.functions[value[0]] = value[1:]
                elif op == "call":
                    inner = self.call(value, stack)
                    if inner:
                        if len(frames) >= DEPTH_MAX:
                            raise Failure("", "functions nested too deeply")
                        frames.append((code, at, inner[1]))
                        code, at = inner[0], 0
                elif op == "return":
                    if not frames:
                        raise Failure("", "return outside of a function")
                    code, at, saved = frames.pop()
                    self.restore(saved)
                elif op == "shown":
                    pass
                elif op == "neg":
                    number = stack.pop()
                    stack.append((-number[0], number[1]))
                elif op == "!":
                    stack.append(ZERO if stack.pop()[0] else ONE)
                else:
                    right = stack.pop()
                    stack.append(self.binary(op, stack.pop(), right))
        finally:
            while frames:
                self.restore(frames.pop()[2])

    # --- variables

    def get(self, name):
        if name in ("scale", "ibase", "obase"):
            return getattr(self, name), 0
        return self.last if name == "last" else self.vars.get(name, ZERO)

    def put(self, name, number):
        if name == "last":
            self.last = number
        elif name in ("scale", "ibase", "obase"):
            value = self.whole(number)
            if value < (0 if name == "scale" else 2) or (name == "ibase" and value > 16) or value > DIGITS_MAX:
                raise Failure("", f"{name}: {value} is out of range")
            setattr(self, name, value)
        else:
            self.vars[name] = number

    def set(self, op, value, stack):
        """Execute an assignment, or a postfix ++ or --."""
        how, name = value
        right = ONE if op == "post" else stack.pop()
        if name[-2:] == "[]":
            array = self.arrays.setdefault(name[:-2], {})
            place = self.whole(stack.pop())
            old = array.get(place, ZERO)
            new = self.binary(how, old, right) if how else right
            array[place] = new
        else:
            old = self.get(name)
            new = self.binary(how, old, right) if how else right
            self.put(name, new)
        stack.append(old if op == "post" else new)

    def call(self, value, stack):
        """Call a function. Return None for a built-in one, else (its code, what to restore)."""
        name, count = value
        args = stack[len(stack) - count :]
        del stack[len(stack) - count :]
        if name in ("sqrt", "length", "scale") and count == 1:
            stack.append(self.built_in(name, args[0]))
            return None
        if name not in self.functions:
            raise Failure("", f"function {name} is not defined")
        names, own, code = self.functions[name]
        if len(names) != count:
            raise Failure("", f"{name}: expected {len(names)} arguments")
        saved = []
        for i, variable in enumerate(names + own):
            given = args[i] if i < count else ({} if variable[-2:] == "[]" else ZERO)
            table = self.arrays if variable[-2:] == "[]" else self.vars
            variable = variable[:-2] if variable[-2:] == "[]" else variable
            saved.append((table, variable, table.get(variable)))
            table[variable] = given.copy() if isinstance(given, dict) else given
        return code, saved

    def restore(self, saved):
        for table, name, old in reversed(saved):
            if old is None:
                table.pop(name, None)
            else:
                table[name] = old

    # --- numbers

    def whole(self, number):
        return rescaled(number, 0)

    def built_in(self, name, number):
        value, scale = number
        if name == "scale":
            return scale, 0
        if name == "length":
            return max(len(str(abs(value))), scale), 0
        if value < 0:
            raise Failure("", "square root of a negative number")
        scale = max(self.scale, scale)
        value = rescaled(number, 2 * scale)
        root = value
        if value:
            root = 1 << (self.bits(value) + 1) // 2
            while True:
                better = (root + value // root) // 2
                if better >= root:
                    break
                root = better
        return root, scale

    def bits(self, value):
        size = 0
        while value >> size:
            size += 64
        while size and not value >> size:
            size -= 1
        return size + 1

    def binary(self, op, a, b):
        if op in ("+", "-"):
            scale = max(a[1], b[1])
            left, right = rescaled(a, scale), rescaled(b, scale)
            return (left + right if op == "+" else left - right), scale
        if op == "*":
            scale = min(a[1] + b[1], max(self.scale, a[1], b[1]))
            return rescaled((a[0] * b[0], a[1] + b[1]), scale), scale
        if op == "/":
            return self.quotient(a, b, self.scale), self.scale
        if op == "%":
            scale = max(self.scale + b[1], a[1])
            part = (self.quotient(a, b, self.scale) * b[0], self.scale + b[1])
            return rescaled(a, scale) - rescaled(part, scale), scale
        if op == "^":
            return self.power(a, self.whole(b))
        if op == "&&":
            return ONE if a[0] and b[0] else ZERO
        if op == "||":
            return ONE if a[0] or b[0] else ZERO
        scale = max(a[1], b[1])
        left, right = rescaled(a, scale), rescaled(b, scale)
        truth = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "==": left == right}
        return ONE if truth.get(op, left != right) else ZERO

    def quotient(self, a, b, scale):
        if not b[0]:
            raise Failure("", "divide by zero")
        return divided(a[0] * 10 ** (scale + b[1]), b[0] * 10 ** a[1])

    def power(self, a, n):
        if abs(n) * (len(str(abs(a[0]))) + 1) > DIGITS_MAX:
            raise Failure("", f"more than {DIGITS_MAX} digits")
        value, scale = a[0] ** abs(n), a[1] * abs(n)
        if n < 0:
            return self.quotient(ONE, (value, scale), self.scale), self.scale
        least = min(scale, max(self.scale, a[1]))
        return rescaled((value, scale), least), least

    def parsed(self, text):
        """Parse a number in base ibase."""
        whole, _, part = text.partition(".")
        if self.ibase == 10 and text.replace(".", "").isdigit():
            return int(whole + part or "0"), len(part)
        value = 0
        single = len(text) == 1
        for digit in whole + part:
            place = _DIGITS.find(digit)
            value = value * self.ibase + (place if single else min(place, self.ibase - 1))
        if not part:
            return value, 0
        return divided(value * 10 ** len(part), self.ibase ** len(part)), len(part)

    def shown(self, number):
        """Format a number in base obase, in lines of 69 characters."""
        value, scale = number
        sign = "-" if value < 0 else ""
        value = abs(value)
        whole, part = value // 10**scale, value % 10**scale
        base = self.obase
        if base == 10:
            text = str(whole) if whole or not scale else ""
            if scale:
                digits = str(part)
                text += "." + "0" * (scale - len(digits)) + digits
        else:
            text = self.in_base(whole)
            if scale:
                text = (text if whole else "") + "."
                unit = 1
                while unit < 10**scale:
                    part *= base
                    text += self.digit(part // 10**scale)
                    part %= 10**scale
                    unit *= base
        text = sign + (text or "0")
        if not value:
            text = "0"
        lines = []
        while len(text) > _LINE - 1:
            lines.append(text[: _LINE - 1] + "\\\n")
            text = text[_LINE - 1 :]
        return "".join(lines) + text

    def digit(self, value):
        if self.obase <= 16:
            return _DIGITS[value]
        return f" {value:0{len(str(self.obase - 1))}d}"

    def in_base(self, value):
        digits = []
        while value:
            digits.append(self.digit(value % self.obase))
            value //= self.obase
        return "".join(reversed(digits)) or "0"
