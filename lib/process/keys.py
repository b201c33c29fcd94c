# Keys: decoded terminal input, one key at a time, for the line editor and full-screen programs.

ASK_SIZE = "\x1b7\x1b[999;999H\x1b[6n\x1b8"  # to the last cell, where is the cursor, and back


class Keys:
    """Decodes the input of a terminal in raw mode."""

    typed = ""  # characters read ahead
    tail = b""  # and the beginning of an incomplete one
    raw = b""  # bytes read but not decoded yet
    pasting = False  # a bracketed paste has begun
    pasted = ""  # its text that is not in the line yet

    def __init__(self, terminal):
        self.terminal = terminal

    def key(self):
        """The next key; None at the end of the input. A generator: `yield from` or await it.

        A key is one character (a control character is itself), "M-x" for x with Alt or behind Esc, or a name:
        up down left right home end insert delete pgup pgdn, with "C-" before it where Ctrl or Alt is held;
        paste (Paste text follows, up to the sequence ESC [201~), resize (terminal.columns and rows have changed),
        unknown (a sequence that stands for nothing).
        """
        while True:
            if not self.typed and not (yield from self.fill()):
                return None
            c = self.typed[0]
            if c == "\x1b":
                c = yield from self.module("process.sequences").read(self)
            else:
                self.typed = self.typed[1:]
            if c != "":
                return c

    def fill(self):
        """Read ahead; False at the end of the input. A generator."""
        text = ""
        while not text:
            data = yield from self.terminal.read()
            if not data:
                break
            self.raw = data
            if self.tail:
                data = self.tail + data
                self.tail = b""
            try:
                text = data.decode()
            except UnicodeError:
                text = self.module("process.sequences").mend(self, data)
            self.typed += text
            self.raw = b""
        return text != ""

    def module(self, name):
        """A module that is loaded when it is needed."""
        last = name.partition(".")[2]
        return getattr(__import__(name), last)

    def give_back(self):
        """Return what has been read ahead to the terminal."""
        if self.typed or self.tail:
            self.terminal.unread(self.typed.encode() + self.tail)
            self.typed = ""
            self.tail = b""

    def ask_size(self):
        """Ask the terminal for its size by moving to the last cell; key() handles the answer."""
        self.terminal.sized = True
        self.terminal.write(ASK_SIZE)
