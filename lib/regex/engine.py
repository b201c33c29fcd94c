# Backtracking matcher for what MicroPython's re cannot do: back-references, word boundaries, leftmost-longest
# matches, offsets of groups, and lines of any length in constant C stack.
#
# The tokens of regex.parser are compiled to instructions, run with an explicit backtrack stack. Jumps are relative, so
# that code can be copied. Each state (program counter, offset) is tried once, which bounds the time by pattern times
# line. Back-references rule that out: they get a limit of steps instead.

from micropython import const

from base.errors import Failure

CODE_MAX = const(3000)  # instructions
STEPS_MAX = const(200000)  # with back-references, where states cannot be remembered
_SEEN_AFTER = const(150)  # steps before the tried states are recorded

# Instructions: (op, argument, ...)
_TEXT = const(0)  # literal bytes
_ONE = const(1)  # one character of a class
_RUN = const(2)  # (class, min, max or -1) characters of a class
_SPLIT = const(3)  # continue here, backtrack to there
_JUMP = const(4)
_SAVE = const(5)  # save the offset in a slot
_PROGRESS = const(6)  # fail if the offset equals the saved one: an empty iteration
_BEGIN = const(7)
_END = const(8)
_BOUNDARY = const(9)  # word boundary: < > b B; l and r: no word character before, after
_BACKREF = const(10)  # back-reference
_MATCH = const(11)


class Engine:
    """A compiled pattern: alternatives, each a list of tokens."""

    def __init__(self, alternatives, many=False):
        """many: data has several lines, and ^ and $ match at each."""
        self.many = many
        self.groups = 0
        self.loops = 0  # slots beyond those of capture groups, one for each unbounded repetition
        self.simple = len(alternatives) == 1  # the first match found is the longest one
        self.has_backrefs = False
        self.count = sum([token[0] == "(" for tokens in alternatives for token in tokens])
        self.code = []
        self._compile(alternatives)
        self.anchored = not many and all(tokens[:1] and tokens[0][0] == "^" for tokens in alternatives)
        op = self.code[0]
        self.first = op[1] if op[0] == _TEXT else None
        self.start = op[1] if op[0] == _ONE or (op[0] == _RUN and op[2]) else None

    # --- compiling

    def _compile(self, alternatives):
        out = self.code
        outer = []  # the enclosing groups: (start, start of the alternative, jumps to the end, group)
        start = part = 0
        jumps = []
        group = 0
        for k, tokens in enumerate(alternatives):
            if k:
                part = self._end_alternative(part, jumps)
            for kind, value, least, most in tokens:
                if kind == "(":
                    self.groups += 1
                    outer.append((start, part, jumps, group))
                    group = self.groups
                    out.append((_SAVE, 2 * group))
                    start, part, jumps = len(out) - 1, len(out), []
                elif kind == ")":
                    self._patch_jumps(jumps)
                    out.append((_SAVE, 2 * group + 1))
                    body = out[start:]
                    del out[start:]
                    self._repeat(body, least, most)
                    start, part, jumps, group = outer.pop()
                elif kind == "|":
                    self.simple = False
                    part = self._end_alternative(part, jumps)
                else:
                    self._single(kind, value, least, most, part)
                if len(out) > CODE_MAX:
                    raise Failure("", "pattern too complex", 2)
        self._patch_jumps(jumps)
        out.append((_MATCH,))

    def _end_alternative(self, part, jumps):
        """Close the alternative that began at part; return where the next one begins."""
        out = self.code
        out.insert(part, (_SPLIT, len(out) - part + 2))
        jumps.append(len(out))
        out.append(None)
        return len(out)

    def _patch_jumps(self, jumps):
        for at in jumps:
            self.code[at] = (_JUMP, len(self.code) - at)

    def _repeat(self, body, least, most):
        out = self.code
        size = len(body)
        if (least, most) != (1, 1):
            self.simple = False
        if size * max(least, most or 1) > CODE_MAX:
            raise Failure("", "pattern too complex", 2)
        for _ in range(least):
            out.extend(body)
        if most is None:
            self.loops += 1
            slot = 2 * self.count + 1 + self.loops
            out.append((_SPLIT, size + 4))
            out.append((_SAVE, slot))
            out.extend(body)
            out.append((_PROGRESS, slot))
            out.append((_JUMP, -(size + 3)))
            return
        for left in range(most - least, 0, -1):
            out.append((_SPLIT, left * (size + 1)))
            out.extend(body)

    def _single(self, kind, value, least, most, part):
        out = self.code
        if kind == "^":
            out.append((_BEGIN,))
        elif kind == "$":
            out.append((_END,))
        elif kind in "<>bBlr":
            out.append((_BOUNDARY, kind))
        elif kind == "\\":
            self.has_backrefs = True
            self._repeat([(_BACKREF, value)], least, most)
        elif kind != "c" or (least, most) != (1, 1):
            one = Class(kind, value)
            out.append((_ONE, one) if (least, most) == (1, 1) else (_RUN, one, least, -1 if most is None else most))
        elif len(out) > part and out[-1][0] == _TEXT:
            out[-1] = (_TEXT, out[-1][1] + value.encode())
        else:
            out.append((_TEXT, value.encode()))

    # --- matching

    def search(self, data, start=0):
        """Return the leftmost-longest match at or after start: [begin, end, begin of group 1, ...], or None."""
        seen = set()
        n = len(data)
        first, one = self.first, self.start
        while start <= n:
            if first:
                start = data.find(first, start)
                if start < 0:
                    return None
            elif one:
                while start < n and one.after(data, start) < 0:
                    start += 1
                if start == n:
                    return None
            if start and self.anchored:
                return None
            if not start or start == n or data[start] & 0xC0 != 0x80:
                found = self._match(data, start, seen)
                if found:
                    return found
            start += 1
        return None

    def _match(self, data, start, seen):
        code, n = self.code, len(data)
        slots = (-1,) * (2 * self.count + 2 + self.loops)
        best = None
        stack = []  # backtrack stack: (pc, offset, slots, least offset of a run that can shrink, or -1)
        pc, i, steps, width = 0, start, 0, len(code)
        while True:
            op = code[pc]
            kind = op[0]
            steps += 1
            good = True
            if kind == _TEXT:
                good = data.startswith(op[1], i)
                i += len(op[1])
            elif kind == _ONE:
                i = op[1].after(data, i) if i < n else -1
            elif kind == _RUN or kind == _SPLIT:
                if steps > _SEEN_AFTER and not self._is_new(seen, i * width + pc, steps):
                    good = False
                elif kind == _SPLIT:
                    stack.append((pc + op[1], i, slots, -1))
                else:
                    end = op[1].run(data, i, op[3])
                    i = _skip(data, i, end, op[2]) if op[2] else i  # the required minimum
                    if 0 <= i < end:
                        stack.append((pc + 1, end, slots, i))
                        i = end
            elif kind == _JUMP:
                pc += op[1] - 1
            elif kind == _SAVE:
                slots = slots[: op[1]] + (i,) + slots[op[1] + 1 :]
            elif kind == _PROGRESS:
                good = i != slots[op[1]]
            elif kind == _BEGIN or kind == _END or kind == _BOUNDARY:
                good = _holds(op, data, i, self.many)
            elif kind == _BACKREF:
                i = _after_group(data, i, slots, op[1])
            else:
                if best is None or i > best[1]:
                    best = (start, i) + slots[2 : 2 * self.count + 2]
                if self.simple or i == n:
                    return best
                good = False
            if good and i >= 0:
                pc += 1
                continue
            if not stack:
                return best
            pc, i, slots, least = stack.pop()
            if least >= 0:  # shrink the run by one character
                i -= 1
                while data[i] & 0xC0 == 0x80 and i > least:
                    i -= 1
                op = code[pc]
                if i > least and op[0] == _TEXT:  # skip back to where the following text occurs
                    i = data.rfind(op[1], least, i + len(op[1]))
                    if i < 0:
                        i = least
                if i > least:
                    stack.append((pc, i, slots, least))

    def _is_new(self, seen, state, steps):
        """Whether a state is tried for the first time: what has failed once fails again, unless there are back-references."""
        if self.has_backrefs:
            if steps > STEPS_MAX:
                raise Failure("", "pattern too complex", 2)
            return True
        if state in seen:
            return False
        seen.add(state)
        return True


def _holds(op, data, i, many):
    """Whether an assertion holds at offset i; many: lines begin and end within data, too."""
    if op[0] == _BEGIN:
        return not i or (many and data[i - 1] == 10)
    if op[0] == _END:
        return i == len(data) or (many and data[i] == 10)
    return _at_boundary(data, i, op[1])


def _after_group(data, i, slots, group):
    """Return the offset after a back-reference to a group, or -1 if its text is not at i."""
    begin, end = slots[2 * group], slots[2 * group + 1]
    return i + end - begin if end >= 0 and data.startswith(data[begin:end], i) else -1


def _skip(data, i, end, count):
    """Return the index after count characters, or -1 if there are fewer before end."""
    while count:
        if i >= end:
            return -1
        i += 1
        while i < end and data[i] & 0xC0 == 0x80:
            i += 1
        count -= 1
    return i


def _at_boundary(data, i, kind):
    """Return whether the boundary kind (see _BOUNDARY) is at index i."""
    before = i > 0 and _is_word(data[i - 1])
    after = i < len(data) and _is_word(data[i])
    if kind == "<":
        return after and not before
    if kind == ">":
        return before and not after
    if kind == "l":
        return not before
    if kind == "r":
        return not after
    return (before != after) == (kind == "b")


def _is_word(byte):
    return byte == 95 or byte > 127 or 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122


class Class:
    """A set of characters: flags for ASCII, a list for the others."""

    def __init__(self, kind, value):
        flags = bytearray(128)
        self.others = ()  # members beyond ASCII; non-members if negated
        self.ranges = ()  # (lowest, highest) of further ones: UTF-8 sorts as the characters do
        self.negated = False
        if kind == "c":
            if ord(value) < 128:
                flags[ord(value)] = 1
            else:
                self.others = (value.encode(),)
        elif kind == ".":
            flags = bytearray(b"\1" * 128)
            self.negated = True
        elif kind == "w":
            for i in range(128):
                c = chr(i)
                inside = c.isalpha() or c.isdigit() or c == "_" if value in "\\w\\W" else c in " \t\n\r\v\f"
                flags[i] = inside != (value[1] < "a")
            self.negated = value[1] < "a"
        else:
            self.negated, pairs, wide = value
            for pair in pairs:
                for code in range(ord(pair[0]), min(ord(pair[1]), 127) + 1):
                    flags[code] = 1
            if self.negated:
                for i in range(128):
                    flags[i] ^= 1
            self.others = tuple([c.encode() for c in wide if len(c) == 1])
            self.ranges = tuple([(c[0].encode(), c[1].encode()) for c in wide if len(c) == 2])
        self.flags = bytes(flags)
        self.all = not (self.others or self.ranges) and self.negated
        self.stop = self.flags.find(b"\0")  # the only byte outside the set; -1: none, None: several
        if not self.all or (self.stop >= 0 and self.flags.find(b"\0", self.stop + 1) >= 0):
            self.stop = None

    def after(self, data, i):
        """Return the index after the character at i, or -1 if it is not in the class."""
        if data[i] < 128:
            return i + 1 if self.flags[data[i]] else -1
        end = i + 1
        n = len(data)
        while end < n and data[end] & 0xC0 == 0x80:
            end += 1
        return end if self.all or self.has(data[i:end]) != self.negated else -1

    def has(self, c):
        """Whether the set names a character beyond ASCII."""
        for low, high in self.ranges:
            if low <= c <= high:
                return True
        return c in self.others

    def run(self, data, i, most):
        """Return the index after at most `most` characters of the class from i on; -1: no limit."""
        n = len(data)
        if self.stop is not None and most < 0:
            end = data.find(bytes((self.stop,)), i) if self.stop >= 0 else n
            return n if end < 0 else end
        flags = self.flags
        while i < n and most:
            if data[i] < 128:
                if not flags[data[i]]:
                    break
                i += 1
            else:
                end = self.after(data, i)
                if end < 0:
                    break
                i = end
            most -= 1
        return i
