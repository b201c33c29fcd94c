# The window on a text: its visible rows, incremental drawing, and the message line.

from base.paths import basename
from edit.cells import height, place, plain, render
from edit.screen import DIM, MARK, Screen, cells

_SYNC = 100  # lines above the window at which colouring begins
_FAR = 1 << 30


def language(path, first):
    """ "py", "sh" or "" for a file with that first line."""
    name = basename(path) if path else ""
    last = name[name.rfind(".") + 1 :] if "." in name else ""
    if last in ("py", "pyi"):
        return "py"
    if last in ("sh", "profile") or name == "profile":
        return "sh"
    if first[:2] == b"#!":
        return "py" if b"python" in first else "sh" if b"sh" in first else ""
    return ""


class View:
    """The window of an editor: it shows editor.buffer around editor.row and editor.col."""

    bars = ()  # texts of the rows below the messages
    numbers = False
    kind = ""  # the language for the colours: "py", "sh" or "" for none
    colours = None  # the module edit.colours, once a text has a language
    filler = "~"  # in rows below the end of the text

    def __init__(self, terminal):
        self.screen = Screen(terminal)
        self.begin()

    def begin(self):
        """Start with another text."""
        self.top = self.part = 0  # the first visible line, and which of its rows
        self.known = None  # (line, state of the colours before it)
        self.shown = [()] * self.screen.height  # the source of each row

    def set_language(self, kind):
        """Colour the text as this language, if there is enough memory."""
        self.kind = ""
        self.known = None
        if kind:
            try:
                from edit import colours  # late: 5 kB that most texts do not need
            except MemoryError:
                return
            self.colours = colours
            self.kind = kind

    def redraw(self):
        """Send everything again at the next draw()."""
        self.screen.reset()
        self.shown = [()] * self.screen.height

    @property
    def height(self):
        """Return the rows for text."""
        rows = self.screen.terminal.rows
        return max(rows - 1 - len(self.bars), 1) if rows > len(self.bars) + 3 else max(rows - 1, 1)

    @property
    def gutter(self):
        """Return the columns for line numbers."""
        return self.digits if self.numbers and self.screen.terminal.columns > 2 * self.digits else 0

    @property
    def columns(self):
        return max(self.screen.terminal.columns - self.gutter, 1)

    def draw(self, editor):
        """Update the screen."""
        screen = self.screen
        if not screen.is_current:
            self.redraw()
        self.digits = max(len(str(len(editor.buffer))), 3) + 1
        y, x = self.follow(editor)
        height = self.height
        rows = self.sources(editor, height, y)
        self.shift(rows, height)
        shown = self.shown
        for k in range(height):
            if rows[k] != shown[k]:
                screen.put(k, *self.row(rows[k]))
        shown[:height] = rows
        x += self.gutter
        if screen.height > 1 or editor.prompt is not None or editor.message:
            low = height if screen.height > 1 else 0
            text, marks, at = self.low(editor)
            screen.put(low, text, marks)
            if not low:
                shown[0] = ()
            if at is not None:
                y, x = low, at
        if screen.height > height + len(self.bars):
            for k in range(len(self.bars)):
                screen.put(height + 1 + k, *self.bar(self.bars[k]))
        screen.move(y, min(x, screen.columns - 1))
        screen.flush()

    # --- the window

    def follow(self, editor):
        """Scroll so that the cursor is visible. Return its (row of the window, column)."""
        buffer, columns, size = editor.buffer, self.columns, self.height
        row = editor.row
        part, x = place(buffer[row], editor.col, columns)
        if self.top >= len(buffer):
            self.top, self.part = len(buffer) - 1, 0
        self.part = min(self.part, max(height(buffer[self.top], columns) - 1, part if self.top == row else 0))
        if (row, part) < (self.top, self.part):
            if self.top - row < size:
                self.top, self.part = row, part
            else:
                self.top, self.part = self.up(buffer, row, part, size // 2)
        y = -self.part
        for k in range(self.top, row):
            y += height(buffer[k], columns)
            if y > 2 * size:
                break
        y += part
        if y >= size:
            y = size - 1 if y < size + size // 2 else size // 2
            self.top, self.part = self.up(buffer, row, part, y)
        return y, x

    def up(self, buffer, row, part, count):
        """Return the (line, part) count screen rows above, or the beginning of the text."""
        while count > part and row:
            count -= part + 1
            row -= 1
            part = height(buffer[row], self.columns) - 1
        return row, max(part - count, 0)

    def sources(self, editor, size, y):
        """Return the source of each row: (line, part, state of the colours, marked, number), None below the end."""
        buffer, columns, kind = editor.buffer, self.columns, self.kind
        row, part = self.top, self.part
        rows = []
        state = self.state(buffer) if kind else b""
        while len(rows) < size and row < len(buffer):
            line = buffer[row]
            count = height(line, columns)
            if row == editor.row:
                count = max(count, y - len(rows) + part + 1)
            marked = editor.marked(row, line)
            for k in range(part, min(count, part + size - len(rows))):
                rows.append((line, k, state, marked, row + 1 if self.numbers else 0))
            if kind:
                state = self.colours.end_state(kind, line, state)
            part = 0
            row += 1
        return rows + [None] * (size - len(rows))

    def state(self, buffer):
        """Return the state of the colours before the first visible line."""
        if self.known is None or self.known[0] != self.top or buffer.touched < self.top:
            state = b""
            for k in range(max(self.top - _SYNC, 0), self.top):
                state = self.colours.end_state(self.kind, buffer[k], state)
            self.known = self.top, state
            buffer.touched = _FAR
        return self.known[1]

    def shift(self, rows, size):
        """Scroll rows that are already on the screen at another height."""
        shown = self.shown
        first = 0
        while first < size and rows[first] == shown[first]:
            first += 1
        end = size
        while end > first and rows[end - 1] == shown[end - 1]:
            end -= 1
        for start in (first, first + 1):
            if end - start < 3:
                return
            for one, other, sign in ((rows, shown, 1), (shown, rows, -1)):
                if not one[start]:
                    continue
                for k in range(start + 1, end):
                    if _same(one[start], other[k]):
                        break
                else:
                    continue
                by = k - start
                saved = sum([_same(one[i], other[i + by]) - _same(one[i], other[i]) for i in range(start, end - by)])
                if saved < 2:
                    continue
                self.screen.scroll(start, end, by * sign)
                empty = [()] * by
                if sign > 0:
                    shown[start:end] = shown[start + by : end] + empty
                else:
                    shown[start:end] = empty + shown[start : end - by]
                return

    # --- rows

    def row(self, source):
        """Return (text, colours) of a row."""
        if source is None:
            return self.filler, bytes((DIM,))
        line, part, state, marked, number = source
        paint = self.colours.paint(self.kind, line, state)[0] if self.kind else b""
        if marked:
            paint = paint or bytearray(len(line))
            for k in range(marked[0], min(marked[1], len(line))):
                paint[k] = MARK
        text, paint = render(line, part, 1, self.columns, paint)[0]
        if marked and not line:
            text, paint = " ", bytes((MARK,))
        if self.gutter:
            digits = self.digits
            lead = f"{number:{digits - 1}} " if not part else " " * digits
            paint = bytes((DIM,)) * digits + (paint or bytes(len(text)))
            text = lead + text
        return text, paint

    def low(self, editor):
        """Return (text, colours, column of the cursor or None) of the message line."""
        room = max(self.screen.columns - 1, 1)
        if editor.prompt is not None:
            before = editor.prompt + editor.answer[: editor.at]
            cut = 0
            while cells(before[cut:]) > room - (room > 10):
                cut += max((len(before) - cut) // 4, 1)
            text = clip(before[cut:] + editor.answer[editor.at :], room)
            return text, b"", cells(before[cut:])
        if editor.message:
            text = clip(editor.message, room)
            return text, bytes((MARK,)) * len(text) if editor.alarm else b"", None
        left, right = editor.status()
        gap = room - cells(left) - len(right)
        if gap < 1:
            return clip(left, room), b"", None
        return left + " " * gap + right, b"", None

    def bar(self, pairs):
        """Return (text, colours) of a row of keys and their functions."""
        room = self.screen.columns
        width = max(room // len(pairs), 12)
        text = ""
        paint = bytearray()
        for key, what in pairs:
            if len(text) + width > room and text:
                break
            one = f"{key} {what}"[: width - 1]
            one += " " * (width - len(one))
            text += one
            paint.extend(bytes((MARK,)) * len(key) + bytes(width - len(key)))
        size = min(len(text.rstrip()), room - 1)
        return text[:size], bytes(paint[:size])


def _same(one, other):
    """Return whether two rows show the same part of the same text."""
    return bool(one and other and one[0] == other[0] and one[1] == other[1])


def clip(text, room):
    """Clip a text, and remove control characters."""
    if not plain(text.encode()):
        text = "".join([c if " " <= c != "\x7f" else "^" + chr(ord(c) ^ 64) for c in text])
    while cells(text) > room:
        text = text[: len(text) - max((cells(text) - room) // 2, 1)]
    return text
