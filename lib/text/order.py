# The order of lines, as sort's options and keys describe it.
#
# A line becomes a tuple that compares as the line should: its keys, then what decides between equal ones. The list
# is sorted by the interpreter itself, whose quicksort keeps neither the order of equals nor its speed on lists that
# are in order already: so the tuples never compare equal where that would show, and the list is shuffled first.

from micropython import const

from base.errors import Usage

_FLAGS = "bdfghiMnr"
_MONTHS = b"JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_UNITS = b"KMGTPEZY"
_MIX = const(1103515245)  # a linear congruential generator is random enough here


class Order:
    """How to compare; built from the options of sort."""

    def __init__(self, opts):
        flags = "".join([letter for letter in _FLAGS if letter in opts])
        self.mark = opts["t"].encode() if opts["t"] else None
        if self.mark == b"\\0":
            self.mark = b"\0"
        if self.mark and len(self.mark.decode()) != 1:
            raise Usage("needs one character", "-t")
        self.unique = "u" in opts
        self.stable = "s" in opts or self.unique
        self.keys = [_key(text, flags) for text in opts.all("k")]
        if not self.keys and flags.replace("r", ""):
            self.keys = [(1, 0, None, 0, flags, "b" in flags, False)]
        self.backwards = "r" in opts
        if self.stable and self.keys:  # what decides between equal keys has no direction of its own
            self.backwards = "r" in self.keys[0][4]

    def keyed(self, line, number):
        """The tuple that stands for a line in the comparison; number is its place in the input."""
        values = []
        for key in self.keys:
            flags = key[4]
            value = _value(self.part(line, key), flags)
            values.append(_inverted(value) if ("r" in flags) != self.backwards else value)
        if self.stable and values:
            values.append(-number if self.backwards else number)
        values.append(line)
        return tuple(values)

    def sort(self, lines, number):
        """Sort lines in place; the first of them is line `number` of the input. Returns what is left of them."""
        if self.keys:
            for i, line in enumerate(lines):
                lines[i] = self.keyed(line, number + i)
        _shuffle(lines)
        lines.sort(reverse=self.backwards)
        if self.keys:
            last = None
            for i, item in enumerate(lines):
                lines[i] = item[-1]
                if self.unique:
                    if item[:-2] == last:
                        lines[i] = None
                    last = item[:-2]
        elif self.unique:
            last = None
            for i, line in enumerate(lines):
                if line == last:
                    lines[i] = None
                last = line
        return [line for line in lines if line is not None] if self.unique else lines

    def merge(self, runs):
        """Yield the lines of several runs, iterators of lines in order, in order; the earlier run is the earlier input."""
        heads = []
        for i, run in enumerate(runs):
            for line in run:
                heads.append((self.keyed(line, i), i, run))
                break
        last = None
        count = len(self.keys) or 1
        while heads:
            best = 0
            for k in range(1, len(heads)):
                item, other = heads[k][0], heads[best][0]
                if (other < item) if self.backwards else (item < other):
                    best = k
            item, i, run = heads[best]
            if not self.unique or item[:count] != last:
                yield item[-1]
                last = item[:count]
            for line in run:
                heads[best] = (self.keyed(line, i), i, run)
                break
            else:
                del heads[best]

    def wrong(self, before, line):
        """True where line may not follow before."""
        if self.keys:
            a, b = self.keyed(before, 0), self.keyed(line, 0)
            if self.stable:
                a, b = a[:-2], b[:-2]
        else:
            a, b = before, line
        if self.unique and a == b:
            return True
        return a < b if self.backwards else b < a

    def part(self, line, key):
        """What of a line a key compares."""
        first, first_char, last, last_char, _, skip, skip_end = key
        if first == 1 and not first_char and last is None and not skip:
            return line
        start = self.place(line, first, skip) + max(first_char - 1, 0)
        if last is None:
            return line[start:]
        if last_char:
            end = self.place(line, last, skip_end) + last_char
        else:
            end = self.place(line, last + 1, False)
            if self.mark and end <= len(line) and line[end - 1 : end] == self.mark and self.count >= last:
                end -= 1
        return line[start:end]

    def place(self, line, field, skip):
        """Where a field starts; the end of the line where there are fewer."""
        at = 0
        self.count = 0  # marks passed
        if self.mark:
            while self.count < field - 1:
                behind = line.find(self.mark, at)
                if behind < 0:
                    return len(line)
                at = behind + len(self.mark)
                self.count += 1
        else:
            for _ in range(field - 1):
                at = _blanks(line, at)
                while at < len(line) and line[at] not in b" \t":
                    at += 1
        return _blanks(line, at) if skip else at


def _blanks(line, at):
    while at < len(line) and line[at] in b" \t":
        at += 1
    return at


def _key(text, common):
    """(field, character, last field, last character, flags, skip blanks at the start, at the end)."""
    begin, comma, end = text.partition(",")
    first, first_char, flags = _position(begin, text)
    last, last_char, more = _position(end, text) if comma else (None, 0, "")
    if not flags and not more:
        flags = more = common
    return first, first_char, last, last_char, flags + more, "b" in flags, "b" in more


def _position(text, whole):
    number = text.rstrip(_FLAGS)
    field, _, char = number.partition(".")
    try:
        values = int(field), int(char or 0)
    except ValueError:
        raise Usage("wrong key", whole)
    if values[0] < 1:
        raise Usage("wrong key", whole)
    return values[0], values[1], text[len(number) :]


def _value(part, flags):
    """What to compare of a part: bytes, a number, or a tuple."""
    if "n" in flags:
        return _number(part)[0]
    if "g" in flags:
        return _float(part)
    if "h" in flags:
        value, rest = _number(part)
        return (_UNITS.find(rest[:1].replace(b"k", b"K")) + 1 if rest else 0) * (-1 if value < 0 else 1), value
    if "M" in flags:
        at = _MONTHS.find(part.strip()[:3].upper())
        return at // 3 + 1 if at >= 0 and not at % 3 and part.strip() else 0
    if "f" in flags:
        part = part.upper()
    if "d" in flags or "i" in flags:
        words = "d" in flags
        part = bytes([c for c in part if (_is_word(c) if words else 31 < c < 127)])
    return part


def _is_word(c):
    return c in b" \t" or 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122


def _inverted(value):
    """A value that compares the other way round."""
    if isinstance(value, bytes):
        return bytes([255 - c for c in value]) + b"\xff"
    if isinstance(value, tuple):
        return tuple([-part for part in value])
    return -value


def _number(part):
    """(the number that part starts with, or 0; what follows it)."""
    try:
        return int(part), b""
    except ValueError:
        pass
    start = at = len(part) - len(part.lstrip())
    if part[at : at + 1] == b"-":
        at += 1
    point = False
    while at < len(part) and (48 <= part[at] <= 57 or (part[at] == 46 and not point)):
        point = point or part[at] == 46
        at += 1
    digits = part[start:at]
    if not digits.strip(b"-."):
        return 0, part[at:]
    return (float(digits.decode()) if point else int(digits)), part[at:]


def _float(part):
    """(what is no number, then NaN, then the rest; the number)."""
    text = part.strip().decode()
    while text:
        try:
            value = float(text)
            return (2, value) if value == value else (1, 0)
        except ValueError:
            text = text[:-1]
    return 0, 0


def _shuffle(items):
    seed = 12345
    for i in range(len(items) - 1, 0, -1):
        seed = (seed * _MIX + 12345) & 0x3FFFFFFF
        j = (seed >> 8) % (i + 1)
        items[i], items[j] = items[j], items[i]
