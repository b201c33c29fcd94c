# The screen of less: displaying a Source, scrolling and searching.

import asyncio

from less.source import rows

MARK, PLAIN, LINE = "\x1b[7m", "\x1b[m", "\x1b[K"


class View:
    """A window on a source."""

    def __init__(self, source, terminal, opts):
        self.source = source
        self.terminal = terminal
        self.numbers = "N" in opts
        self.chop = "S" in opts
        self.colours = "R" in opts or "r" in opts
        self.fold = "i" in opts or "I" in opts
        self.line = 0  # the first line shown
        self.row = 0  # the first row of it that is shown
        self.most = 0  # limit for the rows used, 0 for the whole screen
        self.shift = 0  # columns scrolled to the right, with -S
        self.finder = None
        self.backwards = False
        self.message = ""
        self.bottom = (0, 0)  # the last line shown, and whether it is complete
        self.sought = -1  # line of the last search result

    @property
    def height(self):
        return max(min(self.terminal.rows - 1, self.most or self.terminal.rows), 1)

    async def rows(self, number):
        """Return the rows of a line."""
        data = await self.source.line(number)
        columns = self.terminal.columns - (8 if self.numbers else 0)
        found = rows(data, 100000 if self.chop else max(columns, 1), self.colours)
        if self.chop:
            found = [found[0][self.shift : self.shift + columns]]
        return found

    async def draw(self):
        """Draw the screen."""
        left = self.height
        out = ["\x1b[H"]
        number, first = self.line, self.row
        self.bottom = (number, True)
        while left and await self.source.has(number):
            lines = await self.rows(number)
            for k in range(first, len(lines)):
                if not left:
                    break
                title = f"{number + 1:7d} " if self.numbers and not k else " " * 8 if self.numbers else ""
                out.append(title + self.lit(lines[k]) + LINE + "\r\n")
                left -= 1
                self.bottom = (number, k == len(lines) - 1)
            number += 1
            first = 0
        out.append(("~" + LINE + "\r\n") * left)
        self.terminal.write("".join(out))
        await self.terminal.drain()
        await self.status()

    async def status(self):
        ended = self.bottom[1] and not await self.source.has(self.bottom[0] + 1)
        text = self.message
        if not text:
            total = f"/{self.source.count}" if self.source.whole else ""
            text = f"{self.source.name} lines {self.line + 1}-{self.bottom[0] + 1}{total}" if not ended else "(END)"
        self.message = ""
        self.terminal.write(f"{MARK}{text[: self.terminal.columns - 1]}{PLAIN}{LINE}")

    def lit(self, row):
        """Return a row with the matches highlighted."""
        if not self.finder:
            return row
        data = row.encode()
        out = []
        at = 0
        while at < len(data) and (found := self.finder.search(data, at)) and found[1] > found[0]:
            out.append(data[at : found[0]].decode() + MARK + data[found[0] : found[1]].decode() + PLAIN)
            at = found[1]
        return "".join(out) + data[at:].decode()

    # --- scrolling

    async def at_end(self):
        return self.bottom[1] and not await self.source.has(self.bottom[0] + 1)

    async def forward(self, count, further=False):
        """Scroll down by rows; further: even past the end."""
        for k in range(count):
            if not further and not k & 15:
                await self.place()
            if not further and await self.at_end():
                return
            if self.row + 1 < len(await self.rows(self.line)):
                self.row += 1
            elif await self.source.has(self.line + 1):
                self.line += 1
                self.row = 0
            else:
                return
            if not further:
                await self.place()

    async def place(self):
        """Set bottom to what the last row of the screen shows."""
        left = self.height
        number, first = self.line, self.row
        while left and await self.source.has(number):
            size = len(await self.rows(number)) - first
            self.bottom = (number, size <= left)
            left -= min(size, left)
            number += 1
            first = 0

    async def backward(self, count):
        for _ in range(count):
            if self.row:
                self.row -= 1
            elif self.line:
                self.line -= 1
                self.row = len(await self.rows(self.line)) - 1
            else:
                return

    async def to_line(self, number):
        """Scroll to a line."""
        await self.source.has(number)
        self.line = max(min(number, self.source.count - 1), 0)
        self.row = 0

    async def to_end(self):
        await self.source.end()
        self.line = max(self.source.count - 1, 0)
        self.row = 0
        if self.source.count:
            self.row = len(await self.rows(self.line)) - 1
        await self.backward(self.height - 1)

    # --- searching

    def set_pattern(self, text):
        """Set the pattern to search for; an empty text keeps the last one."""
        if text:
            from regex.finder import Finder  # late: with the first pattern

            self.finder = Finder(text, True, self.fold and text.lower() == text)

    async def search(self, backwards):
        """Scroll to the next matching line. Return False if there is none."""
        if not self.finder:
            return False
        step = -1 if backwards else 1
        number = self.line + step
        turn = 0
        while number >= 0 and await self.source.has(number):
            if self.finder.search(await self.source.line(number)):
                self.line, self.row = number, 0
                return True
            number += step
            turn += 1
            if not turn & 63:
                await asyncio.sleep_ms(0)
        return False
