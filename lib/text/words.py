# Words from a stream, as xargs reads them.

from base.errors import Failure


class Words:
    """Gives one word after the other."""

    def __init__(self, stream, mark, end, whole, most):
        """mark: the byte that ends a word, None for blanks with quoting; end: the word to stop at; whole: lines.

        most: the bytes that a word may have.
        """
        self.most = most
        self.stream = stream
        self.mark = mark
        self.end = end
        self.whole = whole
        self.lines = 0  # lines that have ended since somebody set this to 0
        self.found = []
        self.open = b""  # the beginning of a word, for a mark
        self.done = False

    async def next(self):
        """The next word, None at the end."""
        while not self.found:
            if self.done:
                return None
            await (self._marked() if self.mark else self._line())
        word, ends = self.found.pop(0)
        self.lines += ends
        if word == self.end and self.end is not None and not self.mark:
            self.found = []
            self.done = True
            return None
        return word

    async def _marked(self):
        data = await self.stream.read()
        if not data:
            self.done = True
            if self.open:
                self.found.append((_text(self.open), 1))
            return
        parts = (self.open + data).split(self.mark)
        self.open = parts.pop()
        if len(self.open) > self.most:
            raise Failure("", "argument list too long")
        self.found = [(_text(part), 1) for part in parts]

    async def _line(self):
        """Take a line, and more where its last blank or backslash says that it goes on."""
        quote = ""
        word = []
        started = False
        while True:
            line = _text(await self.stream.readline())
            if not line:
                self.done = True
                if quote:
                    raise Failure("", f"unmatched {quote}")
                break
            if self.whole and not word:
                line = line.lstrip(" \t\n\v\f\r")
            skip = False
            for c in line:
                if skip:
                    word.append(c)
                    skip = False
                elif quote:
                    if c == quote:
                        quote = ""
                    elif c == "\n":
                        raise Failure("", f"unmatched {quote}")
                    else:
                        word.append(c)
                elif c == "\\":
                    skip = started = True
                elif c == "'" or c == '"':
                    quote = c
                    started = True
                elif c == "\n" or (not self.whole and c in " \t"):
                    if started:
                        self.found.append(("".join(word), 0))
                        word = []
                    started = False
                else:
                    word.append(c)
                    started = True
                    if len(word) > self.most:
                        raise Failure("", "argument list too long")
            if self.found and line[-1:] == "\n" and not started and (self.whole or line[-2:-1] not in (" ", "\t")):
                break
        if started:
            self.found.append(("".join(word), 0))
        if self.found:
            self.found[-1] = (self.found[-1][0], 1)


def _text(data):
    try:
        return data.decode()
    except UnicodeError:
        from text.escapes import loose  # late: few words need it

        return loose(data)
