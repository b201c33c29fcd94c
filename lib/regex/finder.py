# Find a regular expression and its capture groups: the search of sed, awk and expr.
#
# Plain text is searched as such. A sequence of characters, classes and unrepeated groups goes to MicroPython's re, which
# returns texts but no offsets: each part between two group boundaries becomes a group of its own, and offsets are sums of
# their lengths. Everything else, and lines that would overflow re's C stack, goes to the slower regex.engine.

import re

from regex import parser


class Finder:
    """A pattern (str) to be found in bytes."""

    def __init__(self, pattern, extended=False, fold=False, many=False):
        """extended: extended regular expression; fold: ignore case; many: ^ and $ match at each line."""
        self.fold = fold
        self.many = many
        self.alternatives = parser.parse(pattern, extended, fold)
        tokens = self.alternatives[0]
        self.groups = sum([token[0] == "(" for tokens in self.alternatives for token in tokens])
        self.needle, self.plain = b"", False  # text that every match contains; True if it is the whole pattern
        self.parts = None  # (tokens of each part, group boundaries as indices of parts) for re
        self.compiled = [None, None]  # for lines of ASCII, for others
        self.engine = None
        self.reach = 1 << 30  # length in bytes of the shortest line that overflowed re's stack
        if len(self.alternatives) == 1:
            text, self.plain = parser.literal(tokens)
            self.needle = text.encode()
            if not self.plain and not many:
                self.parts = _parts(tokens)
        self.begin = len(tokens) > 0 and tokens[0][0] == "^"
        self.end = len(tokens) > 0 and tokens[-1][0] == "$"
        self.wide = any(token[0] in ".[" for tokens in self.alternatives for token in tokens)

    def search(self, data, start=0):
        """Return (begin, end, begin of group 1, end, ...) of the leftmost-longest match at or after start, or None."""
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
            except ValueError:  # too large for re
                self.parts = None
        if not self.engine:
            from regex.engine import Engine  # late: most patterns do not need it

            self.engine = Engine(self.alternatives, self.many)
        return self.engine.search(data, start)

    def matches(self, data):
        """Yield each match as search() returns it, except an empty one right after the previous match."""
        start = 0
        last = -1  # end of the previous match
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
        else:  # nothing matches earlier, so the text does not occur earlier
            at = data.find(text, start)
        places = [at]
        for k in range(1, len(parts) + 1):
            at += len(found.group(k) or b"")
            places.append(at)
        return tuple([places[0], places[-1]] + [places[k] for k in ends])


def _parts(tokens):
    """Split tokens at group boundaries: (parts, boundaries as indices of parts), or None if re cannot do it so."""
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
