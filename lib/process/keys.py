# Keys: what a person types at a terminal, one key at a time. For the line editor and for full-screen programs.


class Keys:
    """Decodes the input of a terminal in raw mode."""

    typed = ""  # characters read ahead

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
            self.typed = self.typed[1:]
            if c == "\x1b":
                c = yield from self.module("process.sequences").read(self)
            if c != "":
                return c

    def fill(self):
        """Read ahead; False at the end of the input. A generator."""
        data = yield from self.terminal.read()
        try:
            self.typed += data.decode()
        except UnicodeError:
            self.typed += yield from self.module("process.sequences").mend(self, data)
        return self.typed != ""

    def module(self, name):
        """A module that is loaded when it is needed."""
        last = name.partition(".")[2]
        return getattr(__import__(name), last)

    def give_back(self):
        """What has been read ahead is for the next reader of the terminal."""
        if self.typed:
            self.terminal.unread(self.typed.encode())
            self.typed = ""

    def ask_size(self):
        """Ask the terminal for its size, by going to the last cell: the answer is a key that key() takes for itself."""
        self.terminal.sized = True
        self.terminal.write("\x1b7\x1b[999;999H\x1b[6n\x1b8")
