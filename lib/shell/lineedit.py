# The line editor: one line of input on the raw bytes of a terminal (see process.terminal).
#
# This is what every line needs: typing, erasing, moving, and drawing plain text that wraps. All else is loaded with
# the first key that asks for it and given back after a line that did without:
#   edit_keys    words, kill and yank, transpose, undo, Ctrl-L, Ctrl-R, pasted text
#   history      up and down, and the file                complete     TAB
#   view         text that is not plain ASCII, or taller than the screen; a change of the window's size
# Each has press(editor, key), which may return a generator. They and the core change the line by replace() only.
#
# Places on the screen are counted in cells from where the last line of the prompt begins: row * columns + column. The
# cursor never stands behind the last column: where text ends there, the editor goes to the next row itself.

import asyncio
import gc

from micropython import const

from base.errors import Failure
from process import memory
from process.keys import Keys

_ENTRY_MAX = const(1024)  # characters in an entry of the history
_BATCH = const(16)  # entries that are written to the file at a time
_BATCH_MAX = const(2048)  # characters in them
_CHANGES_MAX = const(32)  # changes that can be undone
_GROUP = const(20)  # typed characters that are one change
_RETRY_MS = const(50)
_QUIET_MS = const(200)  # a pause that ends a paste


_CTRL = {"\x01": "home", "\x02": "left", "\x05": "end", "\x06": "right", "\x08": "erase", "\x7f": "erase"}
_CTRL.update({"\x0e": "down", "\x10": "up", "\x04": "delete"})
_LATE = {"up": "shell.history", "down": "shell.history", "resize": "shell.view"}


class LineTooLong(Failure):
    """A line with more than LINE_MAX characters."""


class Editor(Keys):
    """Reads lines from a terminal; one for each session."""

    LINE_MAX = 4096  # characters in a line
    special = None  # the session's, for read_line()
    ended = False  # the last line was the end of the input
    killed = ""  # the text killed by Ctrl-K, Ctrl-U, Ctrl-W, for Ctrl-Y
    last = ""  # the key before
    completion = ""  # the module whose press() does TAB
    owner = None  # whose names that completes: a Shell
    file = ""  # the history file, "" if there is none
    complained = False  # about that file
    lost = False  # the last line was discarded: memory was short, or it was too long
    shown = False  # the prompt is on the screen
    prompt = ""
    start = 0  # its cells
    measured = ""
    used = ()  # the modules that this line has used
    kept = ()  # those that are loaded

    def __init__(self, terminal):
        super().__init__(terminal)
        self.fresh = []  # entries of the history that are not in the file yet
        self.ahead = []  # lines that came with the one that is being run

    def read_line(self, prompt, special=None):
        """Read one line, with its newline; None at the end of the input. A generator.

        Pasted text may have more newlines in it. Ctrl-C raises KeyboardInterrupt; Ctrl-A on an empty line returns
        special, where that is given. MemoryError, LineTooLong: with `lost`, the whole line has been discarded.
        """
        terminal = self.terminal
        terminal.set_raw(True)
        self.begin(prompt)
        whole = False  # its newline has been typed
        error = None
        try:
            try:
                while True:
                    key = yield from self.key()
                    if key is None:
                        self.ended = True
                        return None
                    if key == "\n" and self.last == "\r":
                        self.last = ""
                        continue
                    code = key
                    key = _CTRL.get(key, key)
                    if code == "\r" or code == "\n":
                        whole = True
                        self.last = code
                        return self.done()
                    if code == "\x03":
                        whole = True
                        self.done("^C")
                        raise KeyboardInterrupt
                    if not self.text and code < "\x05":
                        if code == "\x04":
                            self.ended = True
                            self.done()
                            return None
                        if code == "\x01" and special:
                            return special
                    waiting = self.edit(key, code)
                    if waiting:
                        yield from waiting
                    self.last = key
            except (MemoryError, LineTooLong) as e:
                self.lost = True
                error = e
            if not whole:
                yield from self.discard()
            raise error
        finally:
            terminal.editor = None
            self.close(terminal)

    def begin(self, prompt):
        """Show the prompt of a new line."""
        if prompt != self.measured:
            self.measured = prompt
            self.head = ""
            if plain(prompt):
                self.prompt = prompt
                self.start = len(prompt)
            else:
                self.module("shell.view").measure(self, prompt)
        self.text = ""
        self.at = 0
        self.plain = True  # nothing but printable ASCII: the character i is in cell start + i
        self.changes = []  # for undo: [start, old text, length of the new text]
        self.recall = None  # of the module history
        self.ended = False
        self.show(self.head, "\x1b[?2004h", self.shown)
        self.shown = False
        self.lost = False
        self.pasted = ""
        self.pasting = False
        self.terminal.editor = self

    def close(self, terminal):
        """Finish: the line is complete or cancelled."""
        try:
            self.give_back()
        except MemoryError:  # it is for the next line then
            pass
        terminal.set_raw(False)

    def discard(self):
        """Drop the line that is being typed up to its newline; a generator."""
        self.text = self.killed = ""
        self.changes = []
        self.recall = None
        terminal = self.terminal
        terminal.void_line(self)
        self.pasting = False
        gc.collect()
        key = ""
        while not key:
            try:
                key = yield from self.key()
                if key is None:
                    return
            except MemoryError:
                if self.typed or self.raw or terminal.hole:
                    terminal.void_line(self)
                yield from asyncio.sleep_ms(_RETRY_MS)
        if key == "\x03":
            terminal.write("^C\x1b[?2004l\n")
            raise KeyboardInterrupt
        self.last = key
        terminal.write("\x1b[?2004l\n")
        self.end()

    def flush(self):
        """Discard input until there is a pause: the rest of a command that is incomplete. A generator."""
        self.ahead.clear()
        terminal = self.terminal
        terminal.set_raw(True)
        while True:
            terminal.input = bytearray()
            terminal.stale = 0
            yield from asyncio.sleep_ms(_QUIET_MS)
            if not terminal.input:
                break
        terminal.set_raw(False)

    def edit(self, key, code):
        """Handle a key: returns None, or a generator to run."""
        at = self.at
        if len(key) == 1 and key >= " ":
            self.replace(at, at, key)
            if not self.terminal.sized:  # somebody types here
                self.ask_size()
        elif key == "left" or key == "right":
            self.move(self.beside(-1 if key == "left" else 1))
        elif key == "erase":
            self.replace(self.beside(-1), at)
        elif key == "delete":
            self.replace(at, self.beside(1))
        elif key == "home":
            self.move(0)
        elif key == "end":
            self.move(len(self.text))
        elif key == "\t":
            if not self.completion:
                return self.replace(at, at, "    ")
            return self.module(self.completion).press(self, key)
        else:
            return self.module(_LATE.get(key, "shell.edit_keys")).press(self, key)

    def module(self, name):
        """Import a module that is unloaded after a line that has not used it."""
        if name not in self.used:
            self.used += (name,)
        return super().module(name)

    def done(self, mark=""):
        """End the line; mark is what a cancelled line shows (^C)."""
        self.move(len(self.text))
        self.terminal.write(mark + "\x1b[?2004l\n")
        self.end()
        self.release()
        self.recall = None
        return self.text + "\n"

    def end(self):
        """The key that has ended the line was Enter; its line feed is no line of its own."""
        if self.last == "\r":
            self.terminal.last = 13
            if self.typed[:1] == "\n":
                self.typed = self.typed[1:]
                self.last = ""

    def release(self):
        """Give back the modules that have not been used since the last time."""
        for name in self.kept:
            if name not in self.used:
                memory.unload(name)
        self.kept = self.used
        self.used = ()

    def remember(self, entry):
        """Add a line, or several, to the history, unless it begins with a blank."""
        fresh = self.fresh
        if entry in fresh:
            fresh.remove(entry)
        if entry[:1] > " " and len(entry) <= _ENTRY_MAX:
            fresh.append(entry)
            if len(fresh) >= _BATCH or len("".join(fresh)) > _BATCH_MAX:
                self.module("shell.history").save(self)

    def replace(self, start, end, new=""):
        """Put new in the place of text[start:end]; the cursor comes behind it."""
        text = self.text
        old = text[start:end]
        if len(text) + len(new) - len(old) > self.LINE_MAX:
            raise LineTooLong("", f"longer than {self.LINE_MAX} characters")
        if not old and not new:
            return
        changes = self.changes
        last = changes[-1] if changes else None
        if last and len(new) == 1 and not old and not last[1] and last[0] + last[2] == start and last[2] < _GROUP:
            last[2] += 1
        else:
            changes.append([start, old, len(new)])
            if len(changes) > _CHANGES_MAX:
                del changes[0]
        self.text = text[:start] + new + text[end:]
        self.at = start + len(new)
        self.plain = (self.plain or old == text) and plain(new)
        self.draw(start, old != "")

    # --- the screen

    def show(self, before="", behind="", shown=False):
        """Draw the prompt and the line on a row that is empty from the cursor on; shown: they stand there already."""
        self.columns = self.terminal.columns
        self.rows = self.terminal.rows
        self.top = 0  # the first row that is shown of a line with more rows than the screen
        self.simple = True  # the line is plain, and all of it is on the screen
        if self.start and self.start % self.columns == 0:
            behind = " \r" + behind
        if not shown:
            self.terminal.write(before + self.prompt + behind)
        self.cursor = self.start
        if self.text:
            self.draw(0, False)

    def draw(self, start, less):
        """The text is another from index start on; less: there may be fewer characters than before."""
        columns = self.columns
        end = self.start + len(self.text)
        self.simple = self.plain and not self.top and end < columns * self.rows
        if not self.simple:
            self.module("shell.view").draw(self, start, less)
            return
        out = self.go(self.start + start) + self.text[start:]
        if end % columns == 0:
            out += " \r"
        if less:
            out += "\x1b[J"
        self.cursor = end
        self.terminal.write(out + self.go(self.start + self.at))

    def move(self, at):
        """Put the cursor before the character at."""
        self.at = at
        if self.simple:
            self.terminal.write(self.go(self.start + at))
        else:
            self.module("shell.view").draw(self, None, False)

    def beside(self, step):
        """The index one character (with what combines with it) to the left (-1) or right (1) of the cursor."""
        if not self.plain:
            return self.module("shell.view").beside(self, step)
        return min(max(self.at + step, 0), len(self.text))

    def go(self, cell):
        """What moves the cursor to a cell."""
        columns = self.columns
        down = cell // columns - self.cursor // columns
        right = cell % columns - self.cursor % columns
        self.cursor = cell
        out = ""
        if down:
            out = f"\x1b[{down}B" if down > 0 else f"\x1b[{-down}A"
        if right > 0:
            out += f"\x1b[{right}C"
        elif right:
            out += "\b" * -right if right > -4 else f"\x1b[{-right}D"
        return out


def plain(text):
    """True for printable ASCII."""
    for c in text:
        if not " " <= c <= "~":
            return False
    return True
