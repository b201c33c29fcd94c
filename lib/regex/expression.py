# Searchers for regex.matcher: texts with gaps, patterns of MicroPython's re, or regex.engine.
#
# regex.parser translates for re. What re does not support or cannot hold, and lines that would overflow the C stack, go
# to regex.engine.

import re

from regex import parser


def items(text, extended, fixed, fold, word, whole):
    """Return a matcher for each alternative of an expression, or of a fixed text that must be a word or a line."""
    if fixed:
        choices = [[["c", c, 1, 1] for c in (parser.folded(text) if fold else text)]]
    else:
        choices = parser.parse(text, extended, fold)
    if any(token[0] == "\\" for tokens in choices for token in tokens):
        return [_Slow(choices, b"", word, whole)]
    return [_item(tokens, word, whole) for tokens in choices]


def _item(tokens, word, whole):
    """Return the matcher for one alternative."""
    text, plain = parser.literal(tokens)
    text = text.encode()
    if plain and not (word or whole):
        return text
    gaps = None if word else parser.gaps(tokens)
    if gaps:
        texts, begin, end = gaps
        return _Gaps([text.encode() for text in texts], begin or whole, end or whole, text)
    return _Regex(tokens, text, word, whole)


class _Gaps:
    """Texts in sequence with anything in between, anchored or not."""

    def __init__(self, texts, begin, end, needle):
        self.texts = texts
        self.begin = begin
        self.end = end
        self.needle = needle

    def test(self, line):
        return self.span(line, 0) is not None

    def span(self, line, start):
        texts = self.texts
        if self.begin:
            if start or not line.startswith(texts[0]):
                return None
            at = 0
        else:
            at = line.find(texts[0], start)
            if at < 0:
                return None
        if len(texts) == 1:
            size = len(texts[0])
            if not self.end:
                return at, at + size
            last = len(line) - size
            return (last, len(line)) if (last == at if self.begin else last >= at) and line.endswith(texts[0]) else None
        place = at + len(texts[0])
        for text in texts[1:-1]:
            place = line.find(text, place)
            if place < 0:
                return None
            place += len(text)
        text = texts[-1]
        last = len(line) - len(text) if self.end and line.endswith(text) else -1 if self.end else line.rfind(text)
        return (at, last + len(text)) if last >= place else None


class _Regex:
    """One alternative as patterns of re, compiled on first use."""

    def __init__(self, tokens, needle, word, whole):
        self.given = tokens, word, whole
        self.reach = 1 << 30  # length in bytes of the shortest line that overflowed re's stack
        self.slow = None
        left = word or (tokens and tokens[0][0] == "<")
        right = word or (tokens and tokens[-1][0] == ">")
        if tokens and tokens[0][0] == "<":
            tokens = tokens[1:]
        if tokens and tokens[-1][0] == ">":
            tokens = tokens[:-1]
        self.tokens = tokens
        self.needle = needle  # text that every match contains, or b""
        self.left = bool(left and not whole)
        self.begin = b"^()" if whole or (tokens and tokens[0][0] == "^") else b"^(.*?\\W)?" if left else b"^(.*?)"
        self.end = b"$" if whole else b"(?:\\W.*)?$" if right else b""
        self.bare = not (self.left or right or whole)
        self.wide = any(token[0] in ".[" for token in tokens)
        self.compiled = {}

    def engine(self, line, error=None):
        """Return the fallback for re. After an error, it also takes all lines at least as long as this one."""
        if error:
            self.reach = len(line) if isinstance(error, RuntimeError) else 0
        if not self.slow:
            tokens, word, whole = self.given
            self.slow = _Slow([tokens], self.needle, word, whole)
        return self.slow

    def pattern(self, line, spans):
        """Return the compiled pattern for a line. re counts bytes, so lines with characters beyond ASCII need another one."""
        wide = self.wide and len(line) > 0 and max(line) > 127
        key = (wide, spans)
        if key not in self.compiled:
            source = parser.translate(self.tokens, wide)
            if spans:
                source = self.begin + b"(" + source + b")" + self.end
            self.compiled[key] = re.compile(source)
        return self.compiled[key]

    def test(self, line):
        if len(line) >= self.reach:
            return self.engine(line).test(line)
        try:
            if self.bare:
                return self.pattern(line, False).search(line) is not None
            return self.pattern(line, True).match(line) is not None
        except (RuntimeError, ValueError) as e:
            return self.engine(line, e).test(line)

    def span(self, line, start):
        if start and self.begin == b"^()":
            return None
        if len(line) >= self.reach:
            return self.engine(line).span(line, start)
        if start and self.left:
            while start < len(line) and _is_word(line[start - 1]) and _is_word(line[start]):
                start += 1
            start -= start < len(line) and not _is_word(line[start - 1])
        try:
            found = self.pattern(line, True).match(line[start:] if start else line)
        except (RuntimeError, ValueError) as e:
            return self.engine(line, e).span(line, start)
        if not found:
            return None
        start += len(found.group(1) or b"")
        return start, start + len(found.group(2))


class _Slow:
    """Alternatives that need regex.engine."""

    def __init__(self, alternatives, needle, word, whole):
        from regex.engine import Engine  # late: few patterns need it

        left, right = ("^", "$") if whole else ("l", "r")
        if word or whole:
            alternatives = [[[left, "", 1, 1]] + tokens + [[right, "", 1, 1]] for tokens in alternatives]
        self.needle = needle
        self.finder = Engine(alternatives)

    def test(self, line):
        return self.finder.search(line) is not None

    def span(self, line, start):
        found = self.finder.search(line, start)
        return found and found[:2]


def _is_word(byte):
    return byte == 95 or bytes((byte,)).isalpha() or bytes((byte,)).isdigit()
