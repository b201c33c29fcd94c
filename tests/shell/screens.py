"""The screen of a console as a person sees it, for the tests of the line editor."""

import time

import wcwidth
from harness import PATIENCE, PROMPT


class Eventually:
    """What look() gives, now or soon: equal to what it becomes within PATIENCE. Its items are such, too."""

    def __init__(self, look):
        self.look = look

    def __eq__(self, expected):
        end = time.monotonic() + PATIENCE
        while self.now() != expected:
            if time.monotonic() > end:
                return False
        return True

    def __getitem__(self, place):
        return Eventually(lambda: self.look()[place])

    def __repr__(self):
        return repr(self.now())

    def now(self):
        """What it is at this moment; None where there is no such item yet."""
        try:
            return self.look()
        except IndexError:
            return None


def answer(console, keys, end="\r"):
    """Type a line, and return the command's output."""
    console.send(keys + end)
    return console.expect(PROMPT).split("\r\n", 1)[1].rsplit("/ ", 1)[0].replace("\r\n", "\n")


def screen(console):
    """The rows from the last prompt on, without empty ones at the end, as soon as they are as expected."""

    def look():
        rows = console.display()
        while rows and not rows[-1]:
            rows.pop()
        first = max([i for i, row in enumerate(rows) if PROMPT.strip() in row], default=0)
        return rows[first:]

    return Eventually(look)


def rows_of(text, columns):
    """How a terminal shows a line: its rows, with a wide character never in two of them."""
    rows = [""]
    used = 0
    for c in text:
        cells = max(wcwidth.wcwidth(c), 0)
        if c == "\n" or used + cells > columns:
            rows.append("")
            used = 0
        if c != "\n":
            rows[-1] += c
            used += cells
        if used == columns:
            rows.append("")
            used = 0
    return [row.rstrip() for row in rows]


def filled(rows):
    """rows without those at the end that are empty."""
    return rows if rows[-1] else rows[:-1]


def shown(console):
    """All rows of the screen down to the last with text, and where the cursor is, as soon as they are as expected."""

    def look():
        rows = console.display()
        cursor = console.screen.cursor
        while rows and not rows[-1]:
            rows.pop()
        return rows, (cursor.y, cursor.x)

    return Eventually(look)
