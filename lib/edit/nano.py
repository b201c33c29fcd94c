# edit: an editor without modes. Commands are keys with Ctrl and Alt; the most important ones are shown at the bottom.

from base.paths import exists, normal
from edit.buffer import Buffer, each
from edit.cells import after, at_cell, before, cell_of
from edit.editor import Editor
from edit.motions import word, word_before
from process import cpu

_BARS = (
    (("^G", "Help"), ("^O", "Write out"), ("^W", "Where is"), ("^K", "Cut"), ("^C", "Position"), ("M-U", "Undo")),
    (("^X", "Exit"), ("^R", "Read file"), ("^\\", "Replace"), ("^U", "Paste"), ("^_", "Go to line"), ("M-E", "Redo")),
)

_MOVES = {
    "\x06": "right",
    "\x02": "left",
    "\x10": "up",
    "\x0e": "down",
    "\x01": "home",
    "\x05": "end",
    "\x16": "pgdn",
    "\x19": "pgup",
    "M-f": "C-right",
    "M-b": "C-left",
    "M- ": "C-left",
    "M-\\": "C-home",
    "M-/": "C-end",
    "M-|": "C-home",
}
_TYPES = ("\r", "\n", "\t", "\x7f", "\b", "\x04", "delete")  # with printable characters: undone together


class Nano(Editor):
    """The editor `edit` at a terminal."""

    meta = True
    finder = None
    pattern = ""
    fold = True  # lower-case patterns match capitals, too
    cut = ()  # the lines or the text that ^U pastes
    whole = True  # cut has whole lines
    cutting = False  # the last key was a cut: the next cut is appended
    typing = False  # the last key typed text

    def __init__(self, terminal):
        super().__init__(terminal, self.edit)
        self.view.bars = _BARS
        self.view.filler = ""

    def edit(self):
        self.anchor = None
        if self.swap:
            yield from self.recover()
        while not self.done:
            key = yield
            self.message = ""
            if key == "\x1b":  # Esc and then a key is that key with Alt
                key = "M-" + (yield)
            if key[:2] == "M-":
                key = key.lower().replace("m", "M", 1)
            printable = len(key) == 1 and key >= " " and key != "\x7f"
            types = printable or key in _TYPES
            if not types or not self.typing:
                self.buffer.begin(self.row, self.col)
            self.typing = types
            cutting, self.cutting = self.cutting, False
            if types:
                self.type(key, printable)
                self.want = None
            elif key in ("\x0b", "M-6", "M-a", "\x1e"):
                self.keep(key, cutting)
            elif key == "paste":
                yield from self.paste()
            elif not self.move(_MOVES.get(key, key)):
                yield from self.command(key)

    def status(self):
        buffer = self.buffer
        notes = " (read only)" if self.readonly or buffer.readonly else ""
        column = cell_of(buffer[self.row], self.col) + 1
        return self.name() + (" *" if buffer.modified else "") + notes, f"{self.row + 1},{column}"

    def type(self, key, printable):
        """Insert typed text."""
        self.anchor = None
        if printable:
            self.put(key)
        elif key in ("\r", "\n"):
            self.newline()
        elif key == "\t":
            self.tab()
        elif key in ("\x7f", "\b"):
            self.erase()
        else:
            self.delete()

    def move(self, key):
        """Move the cursor. Return False if key does not move it."""
        buffer, row, col = self.buffer, self.row, self.col
        line = buffer[row]
        if key in ("up", "down", "pgup", "pgdn"):
            by = 1 if len(key) > 2 and key[0] != "p" or key == "up" else max(self.view.height - 2, 1)
            if key in ("pgup", "pgdn"):
                top = self.view.top + (by if key == "pgdn" else -by)
                self.view.top = min(max(top, 0), len(buffer) - 1)
                self.view.part = 0
            self.vertical(-by if key in ("up", "pgup") else by)
            return True
        if key == "left":
            if col:
                self.col = before(line, col)
            elif row:
                self.row, self.col = row - 1, len(buffer[row - 1])
        elif key == "right":
            if col < len(line):
                self.col = after(line, col)
            elif row + 1 < len(buffer):
                self.row, self.col = row + 1, 0
        elif key in ("C-left", "C-right"):
            self.row, self.col = (word_before if key == "C-left" else word)(buffer, row, col, False)
        elif key == "home":
            lead = len(line) - len(line.lstrip())
            self.col = lead if col != lead and key == "home" and col > lead else 0
        elif key == "end":
            self.col = len(line)
        elif key == "C-home":
            self.row = self.col = 0
        elif key == "C-end":
            self.row = len(buffer) - 1
            self.col = len(buffer[self.row])
        else:
            return False
        self.want = None
        return True

    def keep(self, key, more):
        """^K cuts and M-6 copies the line or the selection; M-A and ^^ set the mark."""
        buffer, row = self.buffer, self.row
        if key in ("M-a", "\x1e"):
            self.anchor = None if self.anchor else (row, self.col)
            self.say("mark set" if self.anchor else "mark unset")
            return
        cuts = key == "\x0b"
        if self.anchor:
            one, other = sorted((self.anchor, (row, self.col)))
            lines = buffer.lines.get(one[0], other[0] + 1) or [b""]
            head, tail = lines[0][: one[1]], lines[-1][other[1] :]
            lines[-1] = lines[-1][: other[1]]
            lines[0] = lines[0][one[1] :]
            self.cut, self.whole, self.anchor = lines, False, None
            if cuts:
                buffer.change(one[0], other[0] + 1, [head + tail])
                self.row, self.col = one
            return
        line = [buffer[row]]
        if cuts:
            if row == buffer.lines.total:
                return
            buffer.change(row, row + 1, [])
            self.clamp()
            self.col = 0
        else:
            self.row, self.col = min(row + 1, len(buffer) - 1), 0
        self.cut = list(self.cut) + line if more and self.whole else line
        self.whole = self.cutting = True
        self.want = None

    def command(self, key):
        """All other keys. A generator."""
        buffer = self.buffer
        if key == "\x18":
            yield from self.leaves()
        elif key in ("\x0f", "\x13"):
            yield from self.writes(key == "\x0f")
        elif key == "\x15":
            self.puts()
        elif key in ("\x17", "M-w", "M-q"):
            yield from self.searches(key)
        elif key in ("\x1c", "M-r"):
            yield from self.replaces()
        elif key in ("M-u", "\x1a", "M-e"):
            at = buffer.redo() if key == "M-e" else buffer.undo()
            if at:
                self.row, self.col = at
                self.clamp()
            else:
                self.say("nothing to undo" if key != "M-e" else "nothing to redo")
        elif key in ("\x1f", "M-g"):
            text = yield from self.ask("Go to line: ")
            number, _, column = (text or "").partition(",")
            if number.strip().isdigit():
                self.row = min(max(int(number), 1), len(buffer)) - 1
                self.col = at_cell(buffer[self.row], int(column) - 1) if column.strip().isdigit() else 0
                self.want = None
        elif key == "\x12":
            yield from self.reads()
        elif key == "\x03":
            self.say(f"line {self.row + 1} of {len(buffer)}, {buffer.lines.size} bytes")
        elif key == "M-n":
            self.view.numbers = not self.view.numbers
        elif key == "M-i":
            self.indents = not self.indents
            self.say(f"auto-indent {'on' if self.indents else 'off'}")
        elif key == "\x0c":
            self.keys.ask_size()
            self.view.redraw()
        elif key == "\x07":
            yield from self.helps()
        elif key not in ("\x1b", "unknown", "insert"):
            self.say("unknown key; ^G for help")

    def puts(self):
        """^U: paste."""
        if not self.cut:
            return
        if self.whole:
            self.buffer.change(self.row, self.row, list(self.cut))
            self.row = min(self.row + len(self.cut), len(self.buffer) - 1)
            self.col = 0
        else:
            line = self.buffer[self.row]
            new = list(self.cut)
            end = len(new[-1]) + (self.col if len(new) == 1 else 0)
            new[0] = line[: self.col] + new[0]
            new[-1] += line[self.col :]
            self.buffer.change(self.row, self.row + 1, new)
            self.row, self.col = self.row + len(new) - 1, end

    # --- the file

    def writes(self, asks):
        """Save the text. Return False if the user cancels. A generator."""
        path = self.buffer.path
        if asks or not path:
            answer = yield from self.ask("File name to write: ", path)
            if not answer:
                self.say("not written")
                return False
        else:
            answer = path
        full = normal(answer, cpu.current.cwd)
        force = False
        if full != path and exists(full):
            if (yield from self.choose(f"{answer} exists. Replace it? Y, N", "yn")) != "y":
                self.say("not written")
                return False
            force = True
        elif full == path and (self.readonly or self.buffer.readonly or self.buffer.is_stale()):
            why = "has changed on disk" if self.buffer.is_stale() else "is read only"
            if (yield from self.choose(f"{answer} {why}. Write it? Y, N", "yn")) != "y":
                self.say("not written")
                return False
            force = True
        return (yield self.write(answer, force))

    def leaves(self):
        """^X: ask whether to save, and quit. A generator."""
        if self.buffer.modified:
            answer = yield from self.choose("Save what was changed? Y, N (drops it), ^C (goes on)", "yn")
            if not answer:
                return
            if answer == "y" and not (yield from self.writes(True)):
                return
        self.done = True

    def reads(self):
        """^R: insert a file at the cursor. A generator."""
        path = yield from self.ask("File to read: ")
        if path:
            lines = []
            yield each(path, lambda data: lines.extend(data[: -1 if data[-1:] == b"\n" else len(data)].split(b"\n")))
            row = self.row if self.buffer.lines.total else 0
            self.buffer.change(row, row, lines)
            self.say(f"{len(lines)} lines read")

    # --- searching

    def searches(self, key):
        """^W asks for a text and finds it; M-W repeats the search, M-Q backwards. A generator."""
        from edit import search  # late: with the first search

        if key == "\x17" or not self.finder:
            text = yield from self.ask(f"Search{' [' + self.pattern + ']' if self.pattern else ''}: ")
            if text is None:
                return
            self.finds(text)
        found = search.seek(self.buffer, search.compile(self, ""), self.row, self.col, key != "M-q")
        if not found:
            self.say(f'"{self.pattern}" not found', True)
            return
        if (found < (self.row, self.col)) == (key != "M-q"):
            self.say("search wrapped")
        self.row, self.col = found
        self.want = None

    def finds(self, text):
        """Set the pattern to a literal text."""
        if text:
            from regex.finder import Finder  # late: with the first search

            plain = "".join(["\\" + c if c in "\\.*[^$" else c for c in text])
            self.pattern = text
            self.finder = Finder(plain, False, text.lower() == text)

    def replaces(self):
        """^\\: replace a text, each occurrence after a question or all. A generator."""
        from edit import search  # late: with the first search

        text = yield from self.ask(f"Replace{' [' + self.pattern + ']' if self.pattern else ''}: ")
        if text is None:
            return
        self.finds(text)
        finder = search.compile(self, "")
        new = yield from self.ask("Replace with: ")
        if new is None:
            return
        new = new.encode()
        buffer = self.buffer
        every = False
        count = 0
        row, col = self.row, self.col - 1
        while found := search.seek(buffer, finder, row, col, True, False):
            self.row, self.col = row, col = found
            line = buffer[row]
            end = finder.search(line, col)[1]
            if not every:
                self.anchor = row, end
                answer = yield from self.choose("Replace this? Y, N, A (all), ^C (ends)", "yna")
                self.anchor = None
                if not answer:
                    break
                every = answer == "a"
                if answer == "n":
                    continue
            buffer.change(row, row + 1, [line[:col] + new + line[end:]])
            count += 1
            col += len(new) - 1
            self.col = col + 1
        self.clamp()
        self.say(f"{count} replaced")

    def helps(self):
        """^G: show the manual. A generator."""
        from manual import manual  # late: only for help

        if self.buffer.journal:
            self.sync()
        lines = list(manual("/bin/edit.py"))
        buffer, at = self.buffer, (self.row, self.col)
        yield from self.shows(lines)
        self.buffer = buffer
        self.row, self.col = at
        self.view.begin()
        self.view.redraw()

    def shows(self, lines):
        """Show lines instead of the text until a key that does not scroll. A generator."""
        kind, self.view.kind = self.view.kind, ""
        self.buffer = Buffer("help")
        self.buffer.lines.append("\n".join(lines).encode())
        self.row = self.col = 0
        self.view.begin()
        self.view.redraw()
        while True:
            self.say("any other key returns to the text")
            key = yield
            if not self.move(_MOVES.get(key, key)):
                break
        self.message = ""
        self.view.kind = kind
