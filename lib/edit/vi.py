# vi: its modes. Normal mode reads and runs a command and records its keys for `.`; it calls the other modes.

from micropython import const

from edit import insert
from edit.cells import after, before, cell_of
from edit.editor import ENTER, Editor
from edit.motions import FAR, motion, word_end
from edit.operate import join, operate, put, replace, span, text_object, tilde
from process.memory import patiently

_COUNT_MAX = const(99999)
_KEYS_MAX = const(500)  # recorded keys of a command

_OPERATORS = ("d", "c", "y", "<", ">", "!")
_CHANGES = "dc<>!iaIAoOsSxXDCrRJ~pP&"
_INSERTS = "iaIAoOsSCR"


class Vi(Editor):
    """vi at a terminal."""

    mode = ""
    fold = False  # searches ignore case
    width = 0  # cells that > and < shift; 0: a Tab in a text that is indented with Tabs, else 4
    restored = None  # (row, line before its changes, number of lines) for U
    finder = None  # of the last search
    pattern = ""
    forward = True  # direction of the last search
    sought = None  # (key, character) of the last f F t T
    last = None  # (count, keys) of the last change
    replaced = None  # (text, flags) of the last :s
    start = (0, 0)  # where insert mode began: Ctrl-W and Ctrl-U stop there first

    def __init__(self, terminal):
        super().__init__(terminal, self.commands)
        self.registers = {}
        self.register = ""
        self.record = []
        self.marks = {}
        self.files = []
        self.number = 0  # index of the current file

    def commands(self):
        self.mode = ""
        self.anchor = None
        if self.swap:
            yield from self.recover()
        while not self.done:
            yield from self.command()

    def pressed(self, key):
        self.troubles = 0
        if len(self.record) <= _KEYS_MAX:
            self.record.append(key)

    def fail(self, text=""):
        """Fail a command, and discard queued keys."""
        self.queue = []
        if text:
            self.say(text, True)
        elif not self.message:
            self.terminal.write("\x07")

    def status(self):
        column = cell_of(self.buffer[self.row], self.col) + 1
        right = f"{self.row + 1},{column}  {(self.row + 1) * 100 // len(self.buffer)}%"
        if self.mode:
            return f"-- {self.mode} --", right
        return self.name() + (" [+]" if self.buffer.modified else ""), right

    # --- registers

    def keep(self, lines, whole, yanked=False):
        """Store whole lines, or a part of the text, in a register."""
        name = self.register
        lines = lines or [b""]
        if name == "_":
            return
        if "A" <= name <= "Z":
            name = name.lower()
            before = self.registers.get(name)
            if before:
                lines, whole = before[0] + lines, before[1] or whole
        self.registers[name] = self.registers[""] = lines, whole
        if yanked:
            self.registers["0"] = lines, whole
        if len(lines) > 5:
            self.say(f"{len(lines)} lines {'yanked' if yanked else 'fewer'}")

    def kept(self, name):
        return self.registers.get(name.lower(), (None, False))

    # --- normal mode

    def command(self):
        """Read a command and run it. A generator."""
        line = self.buffer[self.row]
        if self.col >= len(line):
            self.col = before(line, len(line))
        self.buffer.begin(self.row, self.col)
        if not self.restored or self.restored[0] != self.row or self.restored[2] != len(self.buffer):
            self.entered = self.row, line, len(self.buffer)
        key, count = yield from self.counted_key()
        if key in _OPERATORS:
            yield from self.operator(key, count)
        elif len(key) == 1 and key in _INSERTS:
            yield from insert.command(self, key, count)
        elif key == ":":
            # What is typed behind the colon would be commands of its own if this failed.
            yield patiently(__import__, "edit.ask")
            yield patiently(__import__, "edit.ex")
            from edit.ex import command  # late: with the first : or !

            yield from command(self, "" if not count else f".,.+{count - 1}")
        elif key == "\x1a":
            yield self.stop()
        elif key in ("v", "V"):
            from edit.visual import select  # late: with the first v

            yield from select(self, key)
        elif key == "Z":
            key = yield
            if key in ("Z", "Q"):
                yield patiently(__import__, "edit.ex")
                from edit.ex import execute  # late: only for ZZ and ZQ

                yield from execute(self, "x" if key == "Z" else "q!")
            return
        elif key == "paste":
            yield from self.paste()
        elif key in ("m", "r"):
            arg = yield
            if key == "m":
                self.marks[arg] = self.row, self.col
            elif arg != "\x1b":
                replace(self, arg, count or 1)
        elif key == "." and self.last:
            before_, keys = self.last
            self.queue = list(str(count or before_ or "")) + keys
            return
        elif not self.short(key, count):
            target = yield from self.target(key, count)
            if target:
                self.go(target)
            elif key != "\x1b":
                self.fail()
        if len(key) == 1 and key in _CHANGES and len(self.record) <= _KEYS_MAX:
            self.last = count, self.record
        self.note_change()
        if self.buffer.lost:
            self.buffer.lost = False
            self.say("change too large to undo")

    def counted_key(self):
        """Read the key of a command, behind a count and a register: (key, count). A generator."""
        self.register = ""
        self.record = []
        count = 0
        key = yield
        self.message = ""
        while True:
            if len(key) == 1 and key.isdigit() and (key != "0" or count):
                count = min(count * 10 + int(key), _COUNT_MAX)
            elif key == '"':
                self.register = yield
            else:
                return key, count
            self.record = []
            key = yield

    def note_change(self):
        """Keep the original line for U if the command has changed it."""
        row, line, total = self.entered
        if len(self.buffer) != total:
            self.restored = None
        elif self.buffer[row] != line and not (self.restored and self.restored[0] == row):
            self.restored = self.entered

    def restore_line(self):
        """U: undo all changes of the line that was changed last, or make them again."""
        if not self.restored or self.restored[2] != len(self.buffer):
            self.fail("nothing to undo in this line")
            return
        row, line, total = self.restored
        self.restored = row, self.buffer[row], total
        self.buffer.change(row, row + 1, [line])
        self.row, self.col = row, 0

    def go(self, target):
        row, col, _ = target
        if col is None:
            self.vertical(row - self.row)
            return
        self.row = row
        line = self.buffer[row]
        self.want = FAR if col == FAR else None
        self.col = min(col, len(line))
        self.clamp()

    def target(self, key, count):
        """Return the target of a motion, (row, col, kind) or None. A generator: some motions read more keys."""
        arg = None
        if key in ("f", "F", "t", "T", "g", "'", "`"):
            arg = yield
            if key == "g":
                key = "g" + arg
            elif len(arg) != 1 or arg == "\x1b":
                return None
        elif key in ("/", "?", "n", "N", "*", "#"):
            return (yield from self.search(key, count or 1))
        if key in ("G", "gg", "%") and not (key == "%" and count):
            self.marks["'"] = self.marks["`"] = self.row, self.col
        return motion(self, key, count, arg)

    def search(self, key, count):
        from edit import search  # late: with the first search

        if key in "/?":
            text = yield from self.ask(key)
            if text is None:
                return None
            text = search.cut(text, key)[0]
        elif key in "*#":
            text, start = search.word_at(self)
        if key not in "nN":
            search.compile(self, text)
            self.pattern = text or self.pattern
            self.forward = key in "/*"
        return search.again(self, count, self.forward != (key == "N"), start if key == "#" else self.col)

    def short(self, key, count):
        """Run a command that needs no more keys. Return False if key is not one."""
        buffer, row, col, n = self.buffer, self.row, self.col, count or 1
        line = buffer[row]
        if key in ("x", "X", "D", "Y", "delete"):
            if key == "Y":
                operate(self, "y", row, 0, row + n - 1, 0, True)
                return True
            end = col
            for _ in range(n if key != "D" else 0):
                if key == "X":
                    end = before(line, end)
                elif end < len(line):
                    end = after(line, end)
            if key == "D" and row + n <= len(buffer):
                operate(self, "d", *span(self, "d", key, (row + n - 1, FAR, "i")))
            elif end == col:
                self.fail()
            else:
                operate(self, "d", row, min(col, end), row, max(col, end), False)
        elif key in ("p", "P"):
            put(self, n, key == "p")
        elif key == "J":
            join(self, row, row + max(n, 2) - 1)
        elif key == "~":
            end = col
            while n and end < len(line):
                end = after(line, end)
                n -= 1
            tilde(self, row, col, end)
            self.col = end
        elif key in ("u", "\x12"):
            for _ in range(n):
                at = buffer.undo() if key == "u" else buffer.redo()
                if not at:
                    self.fail("nothing to undo" if key == "u" else "nothing to redo")
                    break
                self.row, self.col = at
                self.clamp()
        elif key == "U":
            self.restore_line()
        elif key == "&" and self.replaced:
            from edit.substitute import substitute  # late: only for &

            substitute(self, row, row, self.replaced[0], "")
        elif key == "\x07":
            self.say(f"{self.facts()}{', changed' if buffer.modified else ''}, line {row + 1} of {len(buffer)}")
        elif key == "\x0c":
            self.keys.ask_size()
            self.view.redraw()
        elif key in ("\x06", "pgdn", "\x02", "pgup", "\x04", "\x15", "\x05", "\x19"):
            self.scroll(key, count)
        elif key == "insert":
            self.queue = ["i"]
        else:
            return key in ("\x03", "unknown", "\x1a")
        return True

    async def stop(self):
        """Suspend the editor (Ctrl-Z) until `fg`; unsaved changes are in the journal meanwhile."""
        from process.suspend import suspend  # late: only for Ctrl-Z

        if self.buffer.journal and self.buffer.journal.dirty:
            self.sync()
        self.keys.give_back()
        if not await suspend(self.terminal, self.restore_screen(), ENTER):
            self.say("no shell to return to", True)
        self.view.redraw()

    def scroll(self, key, count):
        """Ctrl-F B D U E Y: scroll."""
        view = self.view
        size = view.height
        if key in ("\x05", "\x19"):
            by = count or 1
            top = min(max(view.top + (by if key == "\x05" else -by), 0), len(self.buffer) - 1)
            view.top, view.part = top, 0
            row = min(max(self.row, top), max(top + size - 1, top))
            self.vertical(row - self.row)
            return
        half = key in ("\x04", "\x15")
        by = (count or max(size // 2, 1)) if half else max(size - 2, 1) * (count or 1)
        if key in ("\x02", "pgup", "\x15"):
            by = -by
        top = min(max(view.top + by, 0), len(self.buffer) - 1)
        if by < 0 or top + size <= len(self.buffer) or not half:
            view.top, view.part = top, 0
        before = self.row
        self.vertical(by)
        if self.row == before:
            self.fail()

    def operator(self, op, count):
        """d, c, y, <, > with their motion or object. A generator."""
        key = yield
        more = 0
        while len(key) == 1 and key.isdigit() and (key != "0" or more):
            more = min(more * 10 + int(key), _COUNT_MAX)
            key = yield
        if more:
            count = min((count or 1) * more, _COUNT_MAX)
        if key == op:
            end = self.row + (count or 1) - 1
            taken = self.row, 0, min(end, len(self.buffer) - 1), 0, True
            if end > self.row == len(self.buffer) - 1:
                taken = None
        elif key in ("i", "a"):
            taken = text_object(self, key, (yield))
        else:
            target = None
            line = self.buffer[self.row]
            if op == "c" and key in ("w", "W") and self.col < len(line) and line[self.col] not in b" \t":
                at = self.row, self.col
                for k in range(count or 1):
                    at = word_end(self.buffer, at[0], at[1], key == "W", not k)
                target = at + ("i",)
            else:
                target = yield from self.target(key, count)
            taken = target and span(self, op, key, target)
            if op == "c" and not line and key in "wWeE":
                taken = self.row, 0, self.row, 0, False
            if key in ("l", "right", " ", "h") and taken and taken[:2] == taken[2:4]:
                taken = None
        if not taken:
            self.fail()
            return
        if op == "!":
            from edit.ex import command  # late: with the first : or !

            self.row = taken[0]
            lines = taken[2] - taken[0]
            yield from command(self, f".,.+{lines}" if lines else ".", "!")
            return
        operate(self, op, *taken)
        if op == "c":
            yield from insert.insert(self)

    # --- marked text

    def marked(self, row, line):
        found = super().marked(row, line)
        if not found:
            return None
        if self.mode == "VISUAL LINE":
            return 0, len(line)
        begin, end = found
        return begin, after(line, end) if end < len(line) else len(line)
