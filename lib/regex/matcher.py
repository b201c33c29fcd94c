# Which lines match a pattern: grep's question, and that of others.
#
# What is plain text is searched as plain text, which is as fast as the machine can; so are texts with .* between
# them. The rest becomes a pattern of the module re (regex.parser translates). re does not know leftmost-longest, so the
# alternatives of the top level are searched one by one and the longest leftmost one is taken.
# What re does not know or cannot hold, and lines that need deeper recursion than the C stack has, go to regex.engine.

_SPECIAL = "\\.[]*^$+?(){}|"  # in some kind of expression


class Matcher:
    """Answers for lines (bytes without newline) against patterns (str); with fold, lines come in lower case."""

    def __init__(self, patterns, extended=False, fixed=False, fold=False, word=False, whole=False):
        """fold: case does not matter; word: only whole words; whole: only whole lines."""
        self.items = []  # one for each alternative: bytes that must occur, or what regex.expression makes of it
        for pattern in patterns:
            for line in pattern.split("\n"):
                if not (word or whole) and (fixed or is_plain(line)):
                    if fold:
                        from text.case import lower  # late: most patterns are exact

                        line = lower(line)
                    self.items.append(line.encode())
                    continue
                from regex import expression  # late: many look for plain text only, and do with 9 kB less

                self.items.extend(expression.items(line, extended, fixed, fold, word, whole))
        needles = [item if isinstance(item, bytes) else item.needle for item in self.items]
        self.needles = needles if all(needles) else None  # a text that has none of these has no match
        self.needle = needles[0] if self.needles and len(needles) == 1 else None
        self.sure = self.needle is not None and isinstance(self.items[0], bytes)  # where needle is, is a match

    def may(self, text):
        """False where no line of text can match."""
        if self.needles is None:
            return True
        for needle in self.needles:
            if needle in text:
                return True
        return False

    def test(self, line):
        """True where line matches."""
        for item in self.items:
            if item in line if isinstance(item, bytes) else item.test(line):
                return True
        return False

    def span(self, line, start=0):
        """(start, end) of the leftmost longest match from start on, or None."""
        best = None
        for item in self.items:
            if isinstance(item, bytes):
                at = line.find(item, start)
                found = (at, at + len(item)) if at >= 0 else None
            else:
                found = item.span(line, start)
            if found and (best is None or found[0] < best[0] or (found[0] == best[0] and found[1] > best[1])):
                best = found
        return best


def is_plain(text):
    """True where every character of an expression means itself."""
    for c in _SPECIAL:
        if c in text:
            return False
    return True
