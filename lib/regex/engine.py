# A matcher for what the module re of MicroPython does not do: back-references, edges of words anywhere, the longest
# of several matches, the places of groups, and lines of any length with a constant C stack.
#
# A pattern (the tokens of regex.parser) becomes a list of instructions, which are tried with a stack of alternatives.
# Jumps are relative, so that code can be copied. Where (instruction, place) has been tried before it is not tried
# again, which keeps the time within pattern times line, except where there are back-references.

from micropython import const

from base.errors import Failure

CODE_MAX = const(3000)  # instructions
STEPS_MAX = const(200000)  # with back-references
_SEEN_AFTER = const(150)  # steps without keeping what has been tried

# Instructions: (op, argument, argument ...)
_TEXT = const(0)  # these bytes
_ONE = const(1)  # one character of a class
_RUN = const(2)  # (class, least, most or -1) characters of a class
_SPLIT = const(3)  # go on here, later try there
_JUMP = const(4)
_SAVE = const(5)  # keep the place
_MOVED = const(6)  # only if the place is not the one that was kept
_BEGIN = const(7)
_END = const(8)
_EDGE = const(9)  # of a word: < > b B; l and r: no part of one before, behind
_AGAIN = const(10)  # what a group has matched
_MATCH = const(11)


class Engine:
    """Finds where alternatives (lists of tokens) match."""

    def __init__(self, alternatives, many=False):
        """many: there are several lines in the text, and ^ and $ match at each."""
        self.many = many
        self.groups = 0
        self.slots = 0  # places kept beyond those of groups
        self.simple = len(alternatives) == 1  # the first match found is the longest
        self.refers = False
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
        outer = []  # (start, where this alternative starts, jumps to the end, group) of the groups around
        start = part = 0
        jumps = []
        group = 0
        for k, tokens in enumerate(alternatives):
            if k:
                part = self._another(part, jumps)
            for kind, value, least, most in tokens:
                if kind == "(":
                    self.groups += 1
                    outer.append((start, part, jumps, group))
                    group = self.groups
                    out.append((_SAVE, 2 * group))
                    start, part, jumps = len(out) - 1, len(out), []
                elif kind == ")":
                    self._land(jumps)
                    out.append((_SAVE, 2 * group + 1))
                    body = out[start:]
                    del out[start:]
                    self._repeat(body, least, most)
                    start, part, jumps, group = outer.pop()
                elif kind == "|":
                    self.simple = False
                    part = self._another(part, jumps)
                else:
                    self._single(kind, value, least, most, part)
                if len(out) > CODE_MAX:
                    raise Failure("", "pattern too complex", 2)
        self._land(jumps)
        out.append((_MATCH,))

    def _another(self, part, jumps):
        """The alternative that began at part has ended; the next one begins."""
        out = self.code
        out.insert(part, (_SPLIT, len(out) - part + 2))
        jumps.append(len(out))
        out.append(None)
        return len(out)

    def _land(self, jumps):
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
            self.slots += 1
            slot = 2 * self.count + 1 + self.slots
            out.append((_SPLIT, size + 4))
            out.append((_SAVE, slot))
            out.extend(body)
            out.append((_MOVED, slot))
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
            out.append((_EDGE, kind))
        elif kind == "\\":
            self.refers = True
            self._repeat([(_AGAIN, value)], least, most)
        elif kind != "c" or (least, most) != (1, 1):
            one = Class(kind, value)
            out.append((_ONE, one) if (least, most) == (1, 1) else (_RUN, one, least, -1 if most is None else most))
        elif len(out) > part and out[-1][0] == _TEXT:
            out[-1] = (_TEXT, out[-1][1] + value.encode())
        else:
            out.append((_TEXT, value.encode()))

    # --- matching

    def search(self, data, start=0):
        """The places of the leftmost longest match from start on, [begin, end, begin, end of group 1 ...], or None."""
        seen = set()
        n = len(data)
        first, one = self.first, self.start
        while start <= n:
            if first:
                start = data.find(first, start)
                if start < 0:
                    return None
            elif one:
                while start < n and one.behind(data, start) < 0:
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
        code = self.code
        n = len(data)
        places = (-1,) * (2 * self.count + 2 + self.slots)
        best = None
        stack = []  # (pc, place, places kept) or, for a run that can be shorter, with its least place
        pc, i = 0, start
        steps = 0
        width = len(code)
        while True:
            op = code[pc]
            kind = op[0]
            steps += 1
            good = True
            if kind == _TEXT:
                good = data.startswith(op[1], i)
                if good:
                    i += len(op[1])
            elif kind == _ONE:
                end = op[1].behind(data, i) if i < n else -1
                good = end >= 0
                i = end
            elif kind == _RUN or kind == _SPLIT:
                if steps > _SEEN_AFTER:
                    if self.refers:
                        if steps > STEPS_MAX:
                            raise Failure("", "pattern too complex", 2)
                    else:
                        key = i * width + pc
                        good = key not in seen
                        seen.add(key)
                if not good:
                    pass
                elif kind == _SPLIT:
                    stack.append((pc + op[1], i, places, -1))
                else:
                    end = op[1].run(data, i, op[3])
                    if op[2]:
                        i = _behind(data, i, end, op[2])  # the least that must be
                        good = i >= 0
                    if good and end > i:
                        stack.append((pc + 1, end, places, i))
                    i = end
            elif kind == _JUMP:
                pc += op[1] - 1
            elif kind == _SAVE:
                k = op[1]
                places = places[:k] + (i,) + places[k + 1 :]
            elif kind == _MOVED:
                good = i != places[op[1]]
            elif kind == _BEGIN:
                good = not i or (self.many and data[i - 1] == 10)
            elif kind == _END:
                good = i == n or (self.many and data[i] == 10)
            elif kind == _EDGE:
                good = _edge(data, i, op[1])
            elif kind == _AGAIN:
                begin, end = places[2 * op[1]], places[2 * op[1] + 1]
                good = end >= 0 and data.startswith(data[begin:end], i)
                i += end - begin
            else:
                if best is None or i > best[1]:
                    best = (start, i) + places[2 : 2 * self.count + 2]
                if self.simple or i == n:
                    return best
                good = False
            if good:
                pc += 1
                continue
            if not stack:
                return best
            pc, i, places, least = stack.pop()
            if least >= 0:  # one character less
                i -= 1
                while data[i] & 0xC0 == 0x80 and i > least:
                    i -= 1
                op = code[pc]
                if op[0] == _TEXT and i > least:  # where the text behind it stands
                    i = data.rfind(op[1], least, i + len(op[1]))
                    if i < 0:
                        i = least
                if i > least:
                    stack.append((pc, i, places, least))


def _behind(data, i, end, count):
    """The place behind count characters, -1 where there are fewer before end."""
    while count:
        if i >= end:
            return -1
        i += 1
        while i < end and data[i] & 0xC0 == 0x80:
            i += 1
        count -= 1
    return i


def _edge(data, i, kind):
    """True where an edge of a word (< its begin, > its end, b one of them) or none (B) is at i."""
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
    """A set of characters: flags for ASCII, and which of the others."""

    def __init__(self, kind, value):
        flags = bytearray(128)
        self.others = ()  # those beyond ASCII that are in it; or that are not, where it is negated
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
            self.others = tuple([c.encode() for c in wide])
        self.flags = bytes(flags)
        self.all = not self.others and self.negated
        self.stop = self.flags.find(b"\0")  # the only byte that is not in it, -1 for none, None for several
        if not self.all or (self.stop >= 0 and self.flags.find(b"\0", self.stop + 1) >= 0):
            self.stop = None

    def behind(self, data, i):
        """The place behind the character at i, or -1 where it is not in the class."""
        if data[i] < 128:
            return i + 1 if self.flags[data[i]] else -1
        end = i + 1
        n = len(data)
        while end < n and data[end] & 0xC0 == 0x80:
            end += 1
        return end if self.all or (data[i:end] in self.others) != self.negated else -1

    def run(self, data, i, most):
        """The place behind at most `most` characters from i on, as many as there are where that is -1."""
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
                end = self.behind(data, i)
                if end < 0:
                    break
                i = end
            most -= 1
        return i
