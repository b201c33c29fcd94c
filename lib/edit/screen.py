# A terminal's screen with a copy of its content, so that only changes are sent.

from text.width import width

PLAIN, KEYWORD, STRING, COMMENT, NUMBER, NAME, DIM, MARK = range(8)  # colours
_SGR = ("", "33", "35", "36", "31", "32", "34", "7")


def cells(text):
    """Return the number of cells of a text without control characters."""
    return len(text) if len(text) == len(text.encode()) else sum([width(c) for c in text])


def _common(one, other):
    """Return the number of equal elements at the beginning."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:  # the first low are equal, the first high + 1 are not
        middle = (low + high) // 2
        if one[low : middle + 1] == other[low : middle + 1]:
            low = middle + 1
        else:
            high = middle
    return low


class Screen:
    """The rows of the screen: (text, colours), with a colour for each character or b"" without colours."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.reset()

    def reset(self):
        """Clear the screen and update its size."""
        self.columns, self.height = self.terminal.columns, self.terminal.rows
        self.rows = [("", b"")] * self.height
        self.out = ["\x1b[m\x1b[H\x1b[2J"]
        self.y = self.x = 0  # position of the cursor; -1: unknown

    @property
    def is_current(self):
        """Return False if the size of the window has changed."""
        return self.columns == self.terminal.columns and self.height == self.terminal.rows

    def put(self, y, text, colours=b""):
        """Show text in row y."""
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
            if size == had:  # skip an equal end, too
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
        """Append a text with its colours to the output."""
        now = start = 0
        for i in range(len(colours) + 1):
            colour = colours[i] if i < len(colours) else PLAIN
            if colour != now:
                self.out.append(text[start:i])
                self.out.append(f"\x1b[{';'.join(['0', _SGR[colour]]) if now and colour else _SGR[colour]}m")
                start, now = i, colour
        self.out.append(text[start:])

    def move(self, y, x):
        """Move the cursor."""
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
        """Scroll the rows from top up to bottom up by `by`, down if it is negative. The freed rows become empty."""
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
        """Send the collected output."""
        if self.out:
            self.terminal.write("".join(self.out))
            self.out = []


def _at(colours, i):
    return colours[i] if colours else PLAIN


def _joins(text, i):
    """Return whether the character at i combines with the previous one."""
    return i < len(text) and text[i] >= "\u0300" and width(text[i]) == 0
