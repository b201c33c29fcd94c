# A terminal's screen of which it is known what stands there, so that only what changes is sent.

from text.width import width

PLAIN, KEYWORD, STRING, COMMENT, NUMBER, NAME, DIM, MARK = range(8)  # colours
_SGR = ("", "33", "35", "36", "31", "32", "34", "7")


def cells(text):
    """The cells that a text without control characters takes."""
    return len(text) if len(text) == len(text.encode()) else sum([width(c) for c in text])


def _common(one, other):
    """How many elements at the beginning are the same."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:  # the first low are the same, the first high + 1 are not
        middle = (low + high) // 2
        if one[low : middle + 1] == other[low : middle + 1]:
            low = middle + 1
        else:
            high = middle
    return low


class Screen:
    """What is shown, row by row: (text, colours), a colour for each character or b"" where it has none."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.reset()

    def reset(self):
        """Begin with an empty screen, of the size that the window has now."""
        self.columns, self.height = self.terminal.columns, self.terminal.rows
        self.rows = [("", b"")] * self.height
        self.out = ["\x1b[m\x1b[H\x1b[2J"]
        self.y = self.x = 0  # where the cursor is; -1: nobody knows

    @property
    def is_current(self):
        """False when the window has another size by now."""
        return self.columns == self.terminal.columns and self.height == self.terminal.rows

    def put(self, y, text, colours=b""):
        """Let row y show text."""
        old, before = self.rows[y]
        if not any(colours):
            colours = b""
        if old == text and before == colours:
            return
        self.rows[y] = (text, colours)
        same = _common(old, text)
        if colours != before:
            same = min(same, _common(before or bytes(len(old)), colours or bytes(len(text))))
        size, had = cells(text), cells(old)
        end = len(text)
        if size == len(text) and had == len(old):
            at = same
            if size == had:  # nor is the same end sent again
                while end > same and text[end - 1] == old[end - 1] and _at(colours, end - 1) == _at(before, end - 1):
                    end -= 1
        else:
            while same and (_joins(text, same) or _joins(old, same)):
                same -= 1
            at = cells(text[:same])
        self.move(y, at)
        self.write(text[same:end], colours[same:end])
        self.x = at + cells(text[same:end])
        if had > size:
            self.out.append("\x1b[K")
        if self.x >= self.columns:
            self.y = -1

    def write(self, text, colours):
        """Send a text with its colours."""
        now = start = 0
        for i in range(len(colours) + 1):
            colour = colours[i] if i < len(colours) else PLAIN
            if colour != now:
                self.out.append(text[start:i])
                self.out.append(f"\x1b[{';'.join(['0', _SGR[colour]]) if now and colour else _SGR[colour]}m")
                start, now = i, colour
        self.out.append(text[start:])

    def move(self, y, x):
        """Put the cursor there."""
        if y == self.y and x == self.x:
            return
        if y == self.y and x == 0:
            self.out.append("\r")
        elif y == self.y and x == self.x - 1:
            self.out.append("\b")
        else:
            self.out.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        self.y, self.x = y, x

    def scroll(self, top, bottom, by):
        """Move the rows from top to before bottom up by so many, or down (by < 0); the others become empty."""
        rows = self.rows
        count = abs(by)
        empty = [("", b"")] * count
        if by > 0:
            rows[top:bottom] = rows[top + count : bottom] + empty
        else:
            rows[top:bottom] = empty + rows[top : bottom - count]
        letter = "M" if by > 0 else "L"
        self.out.append(f"\x1b[{top + 1};{bottom}r\x1b[{top + 1}H\x1b[{count if count > 1 else ''}{letter}\x1b[r")
        self.y = -1

    def flush(self):
        """Send what has been put together."""
        if self.out:
            self.terminal.write("".join(self.out))
            self.out = []


def _at(colours, i):
    return colours[i] if colours else PLAIN


def _joins(text, i):
    """True where the character at i combines with the one before."""
    return i < len(text) and text[i] >= "\u0300" and width(text[i]) == 0
