"""The names of the sources in tracebacks of a compiled system, on their way from the board to the terminal."""

from simulator import symbols

START = b'  File "'
LONGEST = 400  # bytes of a line of a traceback


class Tracebacks:
    """Passes output on as it comes. Only a line that may belong to a traceback waits for its end."""

    def __init__(self):
        self.line = b""  # what has come of the line, and has been held back
        self.inside = False  # the last line was one of a traceback: the exception may follow
        self.passing = False  # the beginning of this line has been passed on
        self.translator = None  # made for the first traceback: that takes a moment

    def feed(self, data):
        """What can be shown."""
        out = []
        for piece in data.splitlines(keepends=True):
            if self.passing:
                out.append(piece)
                self.passing = not piece.endswith(b"\n")
                continue
            self.line += piece
            if self.line.endswith(b"\n"):
                out.append(self.translated())
            elif not self.may_be_one():
                out.append(self.line)
                self.line, self.passing, self.inside = b"", True, False
        return b"".join(out)

    def may_be_one(self):
        if len(self.line) > LONGEST:
            return False
        return self.inside or self.line.startswith(START) or START.startswith(self.line)

    def translated(self):
        line, self.line = self.line, b""
        was, self.inside = self.inside, line.startswith(START)
        if not (was or self.inside):
            return line
        self.translator = self.translator or symbols.Translator()
        return self.translator.line(line.decode(errors="surrogateescape")).encode(errors="surrogateescape")

    def rest(self):
        """What is still held back, at the end."""
        line, self.line = self.line, b""
        return line
