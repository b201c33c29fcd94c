# The common part of the full-screen editors: the key loop, prompts, typing, moving, the file.
#
# An editor is a generator, main(): it yields None to get the next key, or an awaitable to get its result. So its commands
# are plain code at a shallow depth of the C stack, and their keys can come from a queue.

import asyncio
import gc

from micropython import const

from base.errors import Failure, Usage, reason
from base.paths import basename, exists, isdir, normal
from edit.buffer import Buffer
from edit.cells import after, at_cell, before, cell_of
from edit.view import View, language
from process import cpu, memory
from process.keys import Keys
from process.process import table

_ESC_MS = const(100)  # timeout for the rest of an escape sequence
_RETRY_MS = const(500)  # before the screen is drawn once more where memory did not suffice
_ESC_STEP_MS = const(20)
_PAUSE_MS = const(1000)  # idle time after which the journal is written
_ERRORS_MAX = const(3)
_PASTE = const(256)  # characters of a paste that are inserted at a time

ENTER = "\x1b[?1049h\x1b[?2004h"  # alternate screen, bracketed paste

_COMMANDS = "ask ex exlines recover search substitute visual"


class Editor:
    """An editor at a terminal."""

    meta = False  # Alt with a key is one key, not Esc and a key
    anchor = None  # (row, col) of the beginning of the selection
    prompt = None  # the current question
    answer = ""
    at = 0  # the cursor in answer
    message = ""
    alarm = False  # the message is an error
    errors = 0  # errors since the last key
    done = False
    readonly = False
    indents = True  # auto-indent
    spaces = 0  # the tab width if Tab inserts blanks; 0: it inserts a Tab

    def __init__(self, terminal, main):
        """main: a function that returns the editor's generator."""
        self.main = main
        self.terminal = terminal
        self.keys = Keys(terminal)
        self.queue = []  # keys that precede typed ones
        self.history = []
        self.row = self.col = 0
        self.want = None  # the target column of up and down
        self.view = View(terminal)
        self.buffer = Buffer()
        self.code = 0  # the exit status

    async def run(self, path):
        """Edit the file at path ("" for none) until the user quits. Return the exit status."""
        await self.load(path)
        terminal = self.terminal
        terminal.set_raw(True)
        terminal.write(ENTER)
        try:
            main = self.main()
            result = None
            while not self.done:
                try:
                    request = main.send(result)
                    if request:
                        result = await request
                    else:
                        result = await self.key()
                        self.pressed(result)
                except StopIteration:
                    main = self.main()
                    result = None
                except Exception as e:  # keep the text in any case
                    self.handle_error(e)
                    main = self.main()
                    result = None
            return self.code
        finally:
            self.close()
            if terminal.set_raw(False):
                terminal.write(self.restore_screen())
                self.keys.give_back()

    def restore_screen(self):
        """Return the sequence that restores the screen."""
        return f"\x1b[m\x1b[{self.terminal.rows}H\x1b[K\x1b[?2004l\x1b[?1049l"

    def handle_error(self, error):
        """Report the error of a command and continue."""
        self.errors += 1
        if self.errors > _ERRORS_MAX:  # give up, not even a key can be read; the journal has the changes
            raise error
        if isinstance(error, MemoryError):
            self.free_memory()
        self.queue = []
        self.prompt = None
        self.say(reason(error), True)
        self.clamp()

    def free_memory(self):
        """Free what is not essential."""
        self.buffer.clear_undo()
        self.unload_commands()
        memory.evict(True)

    def unload_commands(self):
        """Unload the modules of commands, to free memory for a program."""
        if gc.mem_free() * 2 < gc.mem_alloc():
            for name in _COMMANDS.split():
                memory.unload("edit." + name)
            gc.collect()

    def close(self):
        """Close the editor; if the session is lost, the journal stays."""
        journal = self.buffer.journal
        if not journal:
            return
        if self.done or not self.buffer.modified:
            journal.remove()
        else:
            journal.sync(self.buffer.lines)
            journal.close()

    # --- keys

    async def key(self):
        """Return the next key. Draw before waiting for it, and write the journal in pauses."""
        if self.queue:
            return self.queue.pop(0)
        keys = self.keys
        while True:
            typed = keys.typed
            if not typed and not self.terminal.input:
                if self.terminal.full:  # a slow connection: handle typed keys first
                    await self.terminal.drain()
                    continue
                try:
                    self.view.draw(self)
                except MemoryError:  # others will end
                    self.free_memory()
                    self.view.redraw()
                    await asyncio.sleep_ms(_RETRY_MS)
                    continue
            journal = self.buffer.journal
            if journal and journal.is_late:
                self.sync()
            if not typed:
                try:
                    more = await (
                        asyncio.wait_for_ms(keys.fill(), _PAUSE_MS) if journal and journal.dirty else keys.fill()
                    )
                except asyncio.TimeoutError:
                    self.sync()
                    continue
                if not more:
                    raise SystemExit(1)
                continue
            if typed == "\x1b":
                for _ in range(_ESC_MS // _ESC_STEP_MS):
                    if self.terminal.input:
                        break
                    await asyncio.sleep_ms(_ESC_STEP_MS)
                else:
                    keys.typed = ""
                    return "\x1b"
                await keys.fill()
                continue
            if typed[0] == "\x1b" and not self.meta and not _is_sequence(typed):
                keys.typed = typed[1:]
                return "\x1b"
            key = await keys.key()
            if key is None:
                raise SystemExit(1)
            if key != "resize":
                return key

    def pressed(self, key):
        """Send a key to main()."""
        self.errors = 0

    def sync(self):
        """Write the journal."""
        journal = self.buffer.journal
        journal.sync(self.buffer.lines)
        if journal.error and journal.error is not True:
            self.say("no swap file: " + reason(journal.error), True)
            journal.error = True

    def say(self, text, alarm=False):
        self.message = text
        self.alarm = alarm

    def ask(self, prompt, text=""):
        """Ask for a line of text. Return None if the user cancels. A generator."""
        from edit.ask import line  # late: with the first question

        return line(self, prompt, text)

    def choose(self, prompt, letters):
        """Ask for one of some letters. Return "" if the user cancels. A generator."""
        from edit.ask import letter  # late: with the first question

        return letter(self, prompt, letters)

    # --- the file

    async def load(self, path):
        """Edit another file."""
        self.buffer = Buffer()  # frees the old one
        memory.evict(True)
        process = cpu.current
        if path:
            path = normal(path, process.cwd)
            if isdir(path):
                raise Failure(path, "Is a directory")
        buffer = Buffer(path)
        await buffer.load()
        self.buffer = buffer
        self.row = self.col = 0
        self.view.begin()
        self.view.set_language(language(path, buffer[0]))
        self.swap = None
        if path and exists(buffer.journal.path):
            from edit.recover import Swap  # late: only if there is a swap file

            self.swap = Swap(buffer.journal.path, buffer.journal.base[0], buffer.journal.base[1])
        self.say(self.facts())

    def facts(self):
        """Return the message about a file after reading it."""
        buffer = self.buffer
        if not buffer.path:
            return ""
        notes = " [new]" if buffer.new else " [read only]" if buffer.readonly or self.readonly else ""
        if buffer.returns:
            notes += " [CR LF]"
        return f'"{self.name()}"{notes} {buffer.lines.total} lines, {buffer.lines.size} bytes'

    def name(self):
        return basename(self.buffer.path) if self.buffer.path else "[no name]"

    def recover(self):
        """Ask what to do with a swap file, if one was found. A generator."""
        if self.swap:
            from edit.recover import offer  # late: only if there is a swap file

            yield from offer(self)

    async def write(self, path="", force=False, first=0, last=None):
        """Save the text and report it."""
        buffer = self.buffer
        if not path and not buffer.path:
            raise Failure("", "no file name")
        path = normal(path, cpu.current.cwd) if path else buffer.path
        if self.readonly and not force and path == buffer.path:
            raise Failure("", "read only (add ! to override)")
        if not buffer.path and last is None and (force or not exists(path)):
            buffer.adopt(path)
            self.view.set_language(language(path, buffer[0]))
        lines, size = await buffer.save(path, force, first, last)
        self.say(f'"{basename(path)}" {lines} lines, {size} bytes written')
        return True

    # --- typing

    def put(self, text):
        """Insert a text, which may have newlines, at the cursor."""
        row, col = self.row, self.col
        line = self.buffer[row]
        new = text.encode().split(b"\n")
        end = len(new[-1]) + (col if len(new) == 1 else 0)
        new[0] = line[:col] + new[0]
        new[-1] += line[col:]
        self.buffer.change(row, row + 1, new)
        self.row, self.col = row + len(new) - 1, end

    def newline(self):
        """Break the line at the cursor; with auto-indent, indent the new one."""
        line = self.buffer[self.row]
        size = 0
        while self.indents and size < self.col and line[size] in b" \t":
            size += 1
        head = line[: self.col]
        if size == self.col:
            head = b""  # do not leave a line of blanks
        self.buffer.change(self.row, self.row + 1, [head, line[:size] + line[self.col :]])
        self.row += 1
        self.col = size

    def tab(self):
        """Insert a Tab."""
        cell = cell_of(self.buffer[self.row], self.col)
        self.put(" " * (self.spaces - cell % self.spaces) if self.spaces else "\t")

    def erase(self):
        """Delete the character before the cursor. Return False at the beginning of the text."""
        row, col = self.row, self.col
        line = self.buffer[row]
        if col:
            start = before(line, col)
            if self.spaces and line[:col].count(b" ") == col:
                start = (col - 1) // self.spaces * self.spaces
            self.buffer.change(row, row + 1, [line[:start] + line[col:]])
            self.col = start
        elif row:
            self.row, self.col = row - 1, len(self.buffer[row - 1])
            self.buffer.change(row - 1, row + 1, [self.buffer[row - 1] + line])
        else:
            return False
        return True

    def delete(self):
        """Delete the character at the cursor."""
        row, col = self.row, self.col
        line = self.buffer[row]
        if col < len(line):
            self.buffer.change(row, row + 1, [line[:col] + line[after(line, col) :]])
        elif row + 1 < len(self.buffer):
            self.buffer.change(row, row + 2, [line + self.buffer[row + 1]])

    def paste(self):
        """Insert a bracketed paste unchanged. A generator."""
        text = last = ""
        while True:
            key = yield
            if key in ("unknown", "\x03"):
                break
            if key == "\r" or key == "\n" and last != "\r":
                text += "\n"
            elif len(key) == 1 and (key >= " " or key == "\t"):
                text += key
            last = key
            if len(text) > _PASTE:
                self.put(text)
                text = ""
        if text:
            self.put(text)

    # --- moving

    def clamp(self):
        """Move the cursor into the text if it has become shorter."""
        self.row = min(max(self.row, 0), len(self.buffer) - 1)
        line = self.buffer[self.row]
        self.col = min(self.col, len(line))
        if 0 < self.col < len(line) and line[self.col] & 0xC0 == 0x80:
            self.col = before(line, self.col + 1)

    def vertical(self, count):
        """Move down by count lines (up: < 0), keeping the target column."""
        line = self.buffer[self.row]
        if self.want is None:
            self.want = cell_of(line, self.col)
        self.row = min(max(self.row + count, 0), len(self.buffer) - 1)
        self.col = at_cell(self.buffer[self.row], self.want)

    def marked(self, row, line):
        """Return (from, to) of the selection in a line, or None."""
        if not self.anchor:
            return None
        one, other = sorted((self.anchor, (self.row, self.col)))
        if not one[0] <= row <= other[0]:
            return None
        return one[1] if row == one[0] else 0, other[1] if row == other[0] else len(line)

    def status(self):
        """Return (left, right) texts of the status line."""
        return self.name(), ""


def terminal(process, files):
    """Return the terminal of a process, or raise Failure if it has none."""
    if not process.tty or not process.stdin.isatty() or not process.stdout.isatty():
        raise Failure("", "input and output must be a terminal")
    if "-" in files:
        raise Usage("cannot edit standard input", "-")
    return process.tty


def unload(process):
    """Unload the modules of the editor after its end, unless another one is running."""
    for other in table.values():
        if other is not process and other.name in ("vi", "edit") and other.status is None:
            return
    memory.unload_package("edit.")


def _is_sequence(typed):
    """Return whether an Esc can begin an escape sequence."""
    return typed[1] == "[" or typed[1] == "O" and (len(typed) < 3 or typed[2] in "ABCDEFHMPQRS")
