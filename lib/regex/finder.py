# Where a regular expression matches, with its groups: what sed, awk and expr ask.
#
# Plain text is searched as such. A pattern that is a row of characters, classes and groups without repetition of
# groups goes to the module re, which gives texts but no places: so each part between two ends of groups is a group of
# its own there, and places are sums of their lengths. The rest, and lines for which re has not enough C stack, is for
# regex.engine, which is slower.

import re

from regex import parser


class Finder:
    """Finds a pattern (str) in bytes."""

    def __init__(self, pattern, extended=False, fold=False, many=False):
        """extended: an extended regular expression; fold: case does not matter; many: ^ and $ at each line."""
        self.fold = fold
        self.many = many
        self.alternatives = parser.parse(pattern, extended, fold)
        tokens = self.alternatives[0]
        self.groups = sum([token[0] == "(" for tokens in self.alternatives for token in tokens])
        self.needle, self.plain = b"", False  # what every match contains; True where that is all
        self.parts = None  # (tokens of each part, ends of groups as numbers of parts) for re
        self.compiled = [None, None]  # for re: lines of ASCII, others
        self.engine = None
        self.reach = 1 << 30  # bytes of the shortest line that was too long for re
        if len(self.alternatives) == 1:
            text, self.plain = parser.literal(tokens)
            self.needle = text.encode()
            if not self.plain and not many:
                self.parts = _parts(tokens)
        self.begin = len(tokens) > 0 and tokens[0][0] == "^"
        self.end = len(tokens) > 0 and tokens[-1][0] == "$"
        self.wide = any(token[0] in ".[" for tokens in self.alternatives for token in tokens)

    def search(self, data, start=0):
        """(begin, end, begin of group 1, end ...) of the leftmost longest match from start on; None without one."""
        if self.fold:
            data = parser.folded(data)
        if self.needle or self.plain:
            at = data.find(self.needle, start)
            if at < 0:
                return None
            if self.plain:
                return at, at + len(self.needle)
        if self.parts and len(data) < self.reach:
            if self.begin and start:
                return None
            try:
                return self._quick(data, start)
            except RuntimeError:
                self.reach = len(data)
            except ValueError:  # more than re can hold
                self.parts = None
        if not self.engine:
            from regex.engine import Engine  # late: many patterns do without

            self.engine = Engine(self.alternatives, self.many)
        return self.engine.search(data, start)

    def matches(self, data):
        """Yield what search() gives for one match after the other; an empty one right behind another is none."""
        start = 0
        last = -1  # where the match before has ended
        while start <= len(data) and (found := self.search(data, start)):
            start = found[1]
            if found[0] == start:
                start += 1
                while start < len(data) and data[start] & 0xC0 == 0x80:
                    start += 1
                if found[0] == last:
                    continue
            last = found[1]
            yield found

    def _quick(self, data, start):
        parts, ends = self.parts
        wide = self.wide and len(data) > 0 and max(data) > 127
        pattern = self.compiled[wide]
        if not pattern:
            source = b"^" if self.begin else b""
            source += b"".join([b"(" + parser.translate(part, wide) + b")" for part in parts])
            pattern = self.compiled[wide] = re.compile(source + b"$" if self.end else source)
        found = pattern.search(data, start)
        if not found:
            return None
        text = found.group(0)
        if self.begin:
            at = 0
        elif self.end:
            at = len(data) - len(text)
        else:  # there can be no match before, so the text stands nowhere before
            at = data.find(text, start)
        places = [at]
        for k in range(1, len(parts) + 1):
            at += len(found.group(k) or b"")
            places.append(at)
        return tuple([places[0], places[-1]] + [places[k] for k in ends])


def _parts(tokens):
    """(the tokens between the ends of groups, for each group the parts where it begins and ends); None for others."""
    parts = [[]]
    ends = []
    outer = []
    last = len(tokens) - 1
    for i, token in enumerate(tokens):
        kind = token[0]
        if kind in "(|)":
            if kind == "|" or token[2:] != [1, 1]:
                return None
            if parts[-1]:
                parts.append([])
            if kind == "(":
                outer.append(len(ends))
                ends.extend((len(parts) - 1, 0))
            else:
                ends[outer.pop() + 1] = len(parts) - 1
        elif kind in "^$":
            if i != (0 if kind == "^" else last):
                return None
        elif kind in "<>bB\\":
            return None
        else:
            parts[-1].append(token)
    if not parts[-1]:
        parts.pop()
    return (parts, ends) if parts or not ends else None
