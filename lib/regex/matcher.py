# Select the lines that match a pattern, as grep does.
#
# Plain text, and texts with .* between them, are searched with bytes.find(). Everything else is translated by
# regex.parser to a pattern of MicroPython's re. re is not leftmost-longest, so the top-level alternatives are searched
# one by one and the leftmost-longest match wins. What re does not support or cannot hold, and lines that would overflow
# the C stack, go to regex.engine.

_SPECIAL = "\\.[]*^$+?(){}|"  # special in basic or extended expressions


class Matcher:
    """Matches lines (bytes without newline) against patterns (str). With fold, lines must be in lower case."""

    def __init__(self, patterns, extended=False, fixed=False, fold=False, word=False, whole=False):
        """fold: ignore case; word: match only whole words; whole: match only whole lines."""
        self.items = []  # one for each alternative: the bytes to find, or a matcher of regex.expression
        for pattern in patterns:
            for line in pattern.split("\n"):
                if not (word or whole) and (fixed or is_plain(line)):
                    if fold:
                        from text.case import lower  # late: most patterns are exact

                        line = lower(line)
                    self.items.append(line.encode())
                    continue
                from regex import expression  # late: a search for plain text saves 9 kB

                self.items.extend(expression.items(line, extended, fixed, fold, word, whole))
        needles = [item if isinstance(item, bytes) else item.needle for item in self.items]
        self.needles = needles if all(needles) else None  # a text that contains none of these has no match
        self.needle = needles[0] if self.needles and len(needles) == 1 else None
        self.sure = self.needle is not None and isinstance(self.items[0], bytes)  # finding the needle is a match

    def may(self, text):
        """Return False if no line of text can match."""
        if self.needles is None:
            return True
        for needle in self.needles:
            if needle in text:
                return True
        return False

    def test(self, line):
        """Return whether line matches."""
        for item in self.items:
            if item in line if isinstance(item, bytes) else item.test(line):
                return True
        return False

    def span(self, line, start=0):
        """Return (start, end) of the leftmost-longest match at or after start, or None."""
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
    """Return whether text has no special characters."""
    for c in _SPECIAL:
        if c in text:
            return False
    return True
