# The backtracking machine that runs the instructions of regex.perl. As in Perl, the first alternative that matches wins.
#
# An entry of the backtrack stack is (program counter, index, slots, enclosing assertions, lowest index). If the lowest index is
# below index, it stands for all indices from there on, tried in descending order.

from micropython import const

from base.errors import Failure
from text.case import lower, upper

STEPS_MAX = const(200000)  # for one line
_SEEN_AFTER = const(500)  # steps before the tried states are recorded
_SEEN_MAX = const(4000)

ONE = const(0)  # a character or one of a set
ANY = const(1)
RUN = const(2)  # (one, least, most or None): greedy, gives back one at a time
SPLIT = const(3)  # continue here, backtrack to there
JUMP = const(4)
SAVE = const(5)
EDGE = const(6)  # assertions ^ $ b B A z Z
AGAIN = const(7)  # back-reference
LOOK, LOOKEND = const(9), const(10)
NOT, NOTEND = const(11), const(12)
ATOM, ATOMEND = const(13), const(14)
BACK = const(15)  # step back by a number of characters
MARK, CHECK = const(16), const(17)  # fail if the index equals the marked one: an empty iteration


class Machine:
    """A compiled pattern."""

    def __init__(self, code, groups, marks):
        self.code = code
        self.refers = any(step[0] == AGAIN for step in code)
        self.slots = (None,) * (2 * groups + 2 + marks)

    def search(self, line, start):
        """Return (begin, end) in bytes of the leftmost match in line (bytes) at or after start, or None."""
        try:
            text = line.decode()
            wide = len(text) != len(line)
        except UnicodeError:
            text = "".join([chr(byte) for byte in line])
            wide = False
        if wide:
            while start < len(line) and line[start] & 0xC0 == 0x80:  # inside a character
                start += 1
            start = len(line[:start].decode())
        first = self.code[0] if self.code else (ANY,)
        needle = first[1] if first[0] == ONE and isinstance(first[1], str) and not first[2] else None
        self.steps = 0
        self.seen = set()
        while start <= len(text):
            if needle:
                start = text.find(needle, start)
                if start < 0:
                    return None
            found = self.run(text, start)
            if found:
                if wide:
                    return len(text[: found[0]].encode()), len(text[: found[1]].encode())
                return found
            start += 1
        return None

    def run(self, text, start):
        """Return (begin, end) of the match that begins at start, or None."""
        code = self.code
        length = len(text)
        waiting = []
        pc, at, slots, around = 0, start, self.slots, None
        while True:
            self.steps += 1
            if self.steps > STEPS_MAX:
                raise Failure("", "exceeded PCRE's backtracking limit", 2)
            if pc == len(code):
                return start if slots[0] is None else slots[0], at  # unless \K has set the first
            step = code[pc]
            op = step[0]
            good = True
            pc += 1
            if op == ONE or op == ANY:
                good = at < length and (op == ANY or fits(step[1], text[at], step[2]))
                at += 1
            elif op == RUN:
                least, end = at + step[2], longest(step, text, at)
                good = end >= least
                if end > least:
                    waiting.append((pc, end - 1, slots, around, least))
                at = end
            elif op == SPLIT:
                if self.steps > _SEEN_AFTER and not around and not self.refers:
                    good = self.is_new(pc * (length + 1) + at)
                if good:  # otherwise it has failed here before
                    waiting.append((pc - 1 + step[2], at, slots, around, at))
                    pc += step[1] - 1
            elif op == JUMP:
                pc += step[1] - 1
            elif op == SAVE or op == MARK:
                slots = put(slots, step[1], at)
            elif op == CHECK:
                good = slots[step[1]] != at
            elif op == EDGE:
                good = edge(step[1], text, at)
            elif op == AGAIN:
                good, at = again(slots, step, text, at)
            elif op == BACK:
                at -= step[1]
                good = at >= 0
            elif op == LOOK or op == ATOM:
                around = (len(waiting), at, around)
            elif op == NOT:
                outside, around = around, (len(waiting), at, around)
                waiting.append((pc - 1 + step[1], at, slots, outside, at))
            else:  # the end of an assertion or atomic group: drop its backtrack points
                height, place, around = around
                del waiting[height:]
                at = place if op == LOOKEND else at
                good = op != NOTEND
            if not good:
                if not waiting:
                    return None
                pc, at, slots, around, lowest = waiting.pop()
                if at > lowest:
                    waiting.append((pc, at - 1, slots, around, lowest))

    def is_new(self, state):
        """Whether a state is tried for the first time, as far as the tried ones are recorded."""
        if state in self.seen:
            return False
        if len(self.seen) < _SEEN_MAX:
            self.seen.add(state)
        return True


def longest(step, text, at):
    """Return the end of the longest run of a RUN that begins at index at."""
    _, one, _, most = step
    end = at
    limit = len(text) if most is None else min(len(text), at + most)
    while end < limit and (one[0] == ANY or fits(one[1], text[end], one[2])):
        end += 1
    return end


def put(slots, number, place):
    """Return slots with one changed. Negative numbers are those of marks."""
    changed = list(slots)
    changed[number] = place
    return tuple(changed)


def fits(one, c, fold):
    """Return whether c is the character one, or in the set (negated, characters, pairs). fold: ignore case."""
    if isinstance(one, str):
        return one == c or (fold and lower(one) == lower(c))
    negated, singles, pairs = one
    for letter in (c, lower(c), upper(c)) if fold else (c,):
        if letter in singles:
            return not negated
        for pair in pairs:
            if pair[0] <= letter <= pair[1]:
                return not negated
    return negated


def edge(kind, text, at):
    """Return whether the assertion kind holds at index at."""
    if kind == "^" or kind == "A":
        return at == 0
    if kind in "$zZ":
        return at == len(text)
    before = at > 0 and in_word(text[at - 1])
    return (before != (at < len(text) and in_word(text[at]))) == (kind == "b")


def in_word(c):
    return c == "_" or c.isalpha() or c.isdigit() or ord(c) >= 0xC0


def again(slots, step, text, at):
    """Match the back-reference step[1] at index at: (success, index after it)."""
    number = step[1]
    if 2 * number + 1 >= len(slots):
        raise Failure("", "reference to non-existent subpattern", 2)
    begin, end = slots[2 * number], slots[2 * number + 1]
    if begin is None or end is None:
        return False, at
    part, there = text[begin:end], text[at : at + end - begin]
    return part == there or (step[2] and lower(part) == lower(there)), at + len(there)
