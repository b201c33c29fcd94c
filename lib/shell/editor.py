# The line editor: one line of input with cursor keys, Emacs keys and history, on the raw bytes of a terminal.
#
# It draws relative to the cursor, so it works on any terminal that knows \b, CR and the ANSI "clear to the end".

from micropython import const

_LINE_MAX = const(4096)  # characters in a line
_HISTORY_MAX = const(32)  # lines kept

_ESC = {"[A": "up", "[B": "down", "[C": "right", "[D": "left", "[H": "home", "[F": "end", "OA": "up", "OB": "down"}
_ESC.update({"OC": "right", "OD": "left", "OH": "home", "OF": "end", "[1~": "home", "[4~": "end", "[3~": "delete"})
_CTRL = {1: "home", 2: "left", 5: "end", 6: "right", 8: "erase", 127: "erase", 14: "down", 16: "up"}


class Editor:
    """Reads lines from a terminal."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.history = []
        self.ended = False  # the last line was the end of the input
        self.killed = ""  # what Ctrl-K, Ctrl-U and Ctrl-W took, for Ctrl-Y
        self.pending = ""  # characters read ahead
        self.last = ""

    def key(self):
        """The next key: a character, or a name for a special one; None at the end of the input."""
        while not self.pending:
            data = yield from self.terminal.read()
            if not data:
                return None
            while True:  # a character may be cut off
                try:
                    self.pending = data.decode()
                    break
                except UnicodeError:
                    more = yield from self.terminal.read(1)
                    if not more or len(data) > 4 and data[-4] & 0x80 == 0:
                        self.pending = "".join([chr(c) for c in data if c < 128])
                        break
                    data += more
        c = self.pending[0]
        self.pending = self.pending[1:]
        if c == "\x1b":
            return (yield from self.escape())
        return c

    def escape(self):
        """A sequence that begins with ESC."""
        text = ""
        while True:
            if not self.pending:
                data = yield from self.terminal.read()
                if not data:
                    return None
                self.pending = "".join([chr(c) for c in data if c < 128])
            c = self.pending[:1]
            self.pending = self.pending[1:]
            text += c
            if len(text) == 1 and c not in "[O":
                return "M-" + c
            if len(text) > 1 and (c.isalpha() or c == "~"):
                return _ESC.get(text, "?")
            if len(text) > 8:
                return "?"

    def read_line(self, prompt):
        """Read one line, with its newline; None at the end of the input. A generator."""
        terminal = self.terminal
        terminal.set_raw(True)
        terminal.write(prompt)
        self.text = ""
        self.at = 0
        self.ended = False
        place = len(self.history)
        draft = ""
        try:
            while True:
                key = yield from self.key()
                if key is None:
                    if self.text:
                        return self.done()
                    self.ended = True
                    return None
                code = ord(key) if len(key) == 1 else 0
                key = _CTRL.get(code, key) if code else key
                if code == 10 and self.last == "\r":
                    self.last = ""
                    continue
                self.last = key
                if code in (10, 13):
                    return self.done()
                if code == 3:
                    terminal.write("^C\r\n")
                    self.set("", draw=False)
                    terminal.write(prompt)
                elif code == 4:
                    if not self.text:
                        self.ended = True
                        terminal.write("\r\n")
                        return None
                    self.cut(self.at, self.at + 1)
                elif key == "up" or key == "down":
                    step = place + (-1 if key == "up" else 1)
                    if 0 <= step <= len(self.history):
                        if place == len(self.history):
                            draft = self.text
                        place = step
                        self.set(draft if place == len(self.history) else self.history[place])
                elif code == 12:
                    terminal.write("\x1b[2J\x1b[H" + prompt + self.text + "\b" * (len(self.text) - self.at))
                else:
                    self.edit(key, code)
        finally:
            terminal.set_raw(False)

    def edit(self, key, code):
        """Keys that change the line or move in it."""
        at = self.at
        text = self.text
        if key == "home":
            self.move(0)
        elif key == "end":
            self.move(len(text))
        elif key == "left":
            self.move(max(0, at - 1))
        elif key == "right":
            self.move(min(len(text), at + 1))
        elif key == "erase":
            if at:
                self.cut(at - 1, at)
        elif key == "delete":
            self.cut(at, at + 1)
        elif code == 11:
            self.killed = text[at:]
            self.cut(at, len(text))
        elif code == 21:
            self.killed = text[:at]
            self.cut(0, at)
        elif code == 23:
            start = len(text[:at].rstrip())
            while start and text[start - 1] != " ":
                start -= 1
            self.killed = text[start:at]
            self.cut(start, at)
        elif code == 25:
            self.insert(self.killed)
        elif len(key) == 1 and (code >= 32 or code == 9):
            self.insert(key)

    def done(self):
        line = self.text
        self.terminal.write("\r\n")
        if line.strip() and (not self.history or self.history[-1] != line):
            self.history.append(line)
            if len(self.history) > _HISTORY_MAX:
                del self.history[0]
        return line + "\n"

    def insert(self, text):
        if len(self.text) + len(text) > _LINE_MAX:
            self.terminal.write("\x07")
            return
        tail = self.text[self.at :]
        self.text = self.text[: self.at] + text + tail
        self.at += len(text)
        self.terminal.write(text + tail + "\b" * len(tail))

    def cut(self, start, end):
        end = min(end, len(self.text))
        tail = self.text[end:]
        out = "\b" * (self.at - start) if start < self.at else ""
        self.text = self.text[:start] + tail
        self.at = start
        self.terminal.write(out + tail + "\x1b[K" + "\b" * len(tail))

    def move(self, at):
        if at < self.at:
            self.terminal.write("\b" * (self.at - at))
        else:
            self.terminal.write(self.text[self.at : at])
        self.at = at

    def set(self, text, draw=True):
        if draw:
            self.terminal.write("\b" * self.at + text + "\x1b[K")
        self.text = text
        self.at = len(text)
