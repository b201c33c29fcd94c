# Keys: what a person types at a terminal, one key at a time. For the line editor and for full-screen programs.

_NAMES = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "1~": "home", "7~": "home"}
_NAMES.update({"4~": "end", "8~": "end", "2~": "insert", "3~": "delete", "5~": "pgup", "6~": "pgdn", "200~": "paste"})


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
            if c != "\x1b":
                return c
            text = ""
            while True:
                if not self.typed and not (yield from self.fill()):
                    return None
                c = self.typed[0]
                self.typed = self.typed[1:]
                if c == "\x1b":
                    text = ""
                elif not text and c not in "[O":
                    return "M-" + c
                elif len(text) > 16:
                    return "unknown"
                else:
                    text += c
                    if len(text) > 1 and ("@" <= c <= "~") and c != "[":
                        break
            if c == "R":  # the answer to the question where the cursor is, which was sent to the last cell
                rows, _, columns = text[1:-1].partition(";")
                if rows.isdigit() and columns.isdigit():
                    self.terminal.resize(int(columns), int(rows))
                continue
            if c == "t":
                return "resize"
            number, _, modifier = text[1:-1].partition(";")
            name = _NAMES.get(number + c if c == "~" else c, "unknown")
            return "C-" + name if modifier[:1] in ("3", "5") else name

    def fill(self):
        """Read ahead; False at the end of the input. A generator."""
        data = yield from self.terminal.read()
        while data:
            try:
                self.typed += data.decode()
                break
            except UnicodeError:
                tail = len(data) - 1
                while tail and data[tail] & 0xC0 == 0x80:
                    tail -= 1
                if data[tail] < 0xC0 or len(data) - tail > 3:  # not only cut off in the middle of a character
                    self.typed += "".join([chr(c) for c in data if c < 128])
                    if self.typed:
                        break
                    data = b""
                more = yield from self.terminal.read()
                data = data + more if more else b""
        return self.typed != ""

    def give_back(self):
        """What has been read ahead is for the next reader of the terminal."""
        if self.typed:
            self.terminal.unread(self.typed.encode())
            self.typed = ""
