# An SSD1306 on an I2C bus: a display of 128 x 64 dots, with the commands of Solomon Systech's data sheet that drivers use.
#
# {"60": {"chip": "ssd1306"}}. What it shows is in the entry afterwards: "screen", 1024 bytes in hexadecimal, eight pages of
# 128 columns, the lowest bit at the top; "on", "inverted", "contrast".

_WIDTH, _PAGES = 128, 8
# Commands with arguments behind them.
_ARGUMENTS = {0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8D: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1}


class Chip:
    """One SSD1306."""

    def __init__(self):
        self.memory = bytearray(_WIDTH * _PAGES)
        self.mode = 2  # of addresses: 0 goes on in the next page, 1 downwards first, 2 stays in its page
        self.columns, self.pages = (0, _WIDTH - 1), (0, _PAGES - 1)
        self.column = self.page = 0
        self.waiting = []  # a command that has not got all its arguments

    def write(self, entry, data):
        """Control bytes with a command or dots behind each."""
        i = 0
        while i < len(data):
            control = data[i]
            end = i + 2 if control & 0x80 else len(data)
            for value in data[i + 1 : end]:
                self.dots(value) if control & 0x40 else self.command(entry, value)
            i = end
        entry["screen"] = bytes(self.memory).hex()

    def read(self, entry, buf):
        for i in range(len(buf)):
            buf[i] = 0 if entry.get("on") else 0x40

    def dots(self, value):
        """Eight dots of a column."""
        self.memory[self.page * _WIDTH + self.column] = value
        first, last = self.columns if self.mode != 2 else (0, _WIDTH - 1)
        top, bottom = self.pages
        if self.mode == 1:
            self.page = top if self.page == bottom else (self.page + 1) % _PAGES
            if self.page == top:
                self.column = first if self.column == last else (self.column + 1) % _WIDTH
            return
        self.column = first if self.column == last else (self.column + 1) % _WIDTH
        if self.column == first and self.mode == 0:
            self.page = top if self.page == bottom else (self.page + 1) % _PAGES

    def command(self, entry, value):
        """A byte of a command."""
        self.waiting.append(value)
        code = self.waiting[0]
        if len(self.waiting) <= _ARGUMENTS.get(code, 0):
            return
        arguments, self.waiting = self.waiting[1:], []
        if code == 0x20:
            self.mode = arguments[0] & 3
        elif code == 0x21:
            self.columns = arguments[0] & 127, arguments[1] & 127
            self.column = self.columns[0]
        elif code == 0x22:
            self.pages = arguments[0] & 7, arguments[1] & 7
            self.page = self.pages[0]
        elif code == 0x81:
            entry["contrast"] = arguments[0]
        elif code in (0xAE, 0xAF):
            entry["on"] = code == 0xAF
        elif code in (0xA6, 0xA7):
            entry["inverted"] = code == 0xA7
        elif 0xB0 <= code <= 0xB7:
            self.page = code & 7
        elif code < 0x10:
            self.column = self.column & 0xF0 | code
        elif code < 0x20:
            self.column = (self.column & 15 | code << 4) & 127
