# What the full-screen editors share: the loop over keys, questions in the line of messages, typing, moving, the file.
#
# An editor is a generator, main(): it yields None to get the next key, or something to wait for, whose result it gets.
# So its commands are plain code at a shallow place of the C stack, and their keys can come from a queue.

import asyncio
import gc
import sys

from micropython import const

from base.errors import Failure, Usage, reason
from base.paths import basename, exists, normal
from edit.buffer import Buffer
from edit.cells import after, at_cell, before, cell_of
from edit.colours import language
from edit.view import View
from process import cpu, memory
from process.keys import Keys
from process.process import table

_ESC_MS = const(100)  # how long an Esc waits for the rest of a sequence
_ESC_STEP_MS = const(20)
_PAUSE_MS = const(1000)  # without a key, after which the journal is written
_TROUBLES = const(3)
_PASTE = const(256)  # characters of a paste that go into the text at a time

ENTER = "\x1b[?1049h\x1b[?2004h"  # another screen, and pastes are marked

_COMMANDS = "ask away ex exfile exlines objects recover search substitute visual"


class Editor:
    """One editor at a terminal."""

    meta = False  # keys with Alt are keys, not Esc and another
    prompt = None  # the question that is asked
    answer = ""
    at = 0  # the cursor in answer
    message = ""
    alarm = False  # the message says that something went wrong
    troubles = 0  # errors since the last key
    done = False
    readonly = False
    indents = True  # a new line begins like the one before
    spaces = 0  # the cells that Tab fills with blanks; 0: it stays a Tab

    def __init__(self, terminal, main):
        """main(): makes the editor itself, a generator that gives what it waits for and is sent the result."""
        self.main = main
        self.terminal = terminal
        self.keys = Keys(terminal)
        self.queue = []  # keys that come before those that are typed
        self.history = []
        self.row = self.col = 0
        self.want = None  # the column that up and down aim at
        self.view = View(terminal)
        self.buffer = Buffer()
        self.code = 0  # the exit status

    async def run(self, path):
        """Edit the file at path ("" for none) until the user has had enough; the exit status."""
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
                except Exception as e:  # whatever it is, what has been typed stays
                    self.trouble(e)
                    main = self.main()
                    result = None
            return self.code
        finally:
            self.leave()
            if terminal.set_raw(False):
                terminal.write(self.left())
                self.keys.give_back()

    def left(self):
        """What gives the screen back."""
        return f"\x1b[m\x1b[{self.terminal.rows}H\x1b[K\x1b[?2004l\x1b[?1049l"

    def trouble(self, error):
        """A command has failed: say so, and go on."""
        self.troubles += 1
        if self.troubles > _TROUBLES:  # not even a key can be read: what is in the journal is there at the next start
            raise error
        if isinstance(error, MemoryError):
            self.spare()
        self.queue = []
        self.prompt = None
        self.say(reason(error), True)
        self.clamp()

    def spare(self):
        """Memory is short: give back what can be done without."""
        self.buffer.forget()
        self.lighten()
        memory.evict(True)

    def lighten(self):
        """Give back the rooms of commands, before a program runs that needs memory, too."""
        if gc.mem_free() * 2 < gc.mem_alloc():
            for name in _COMMANDS.split():
                memory.unload("edit." + name)
            gc.collect()

    def leave(self):
        """The end, or the session is lost: then the journal stays."""
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
        """The next key; draws before it waits, and brings the journal up to date in pauses."""
        if self.queue:
            return self.queue.pop(0)
        keys = self.keys
        while True:
            typed = keys.typed
            if not typed and not self.terminal.input:
                if self.terminal.full:  # a slow line: what was typed meanwhile comes first
                    await self.terminal.drain()
                    continue
                try:
                    self.view.draw(self)
                except MemoryError:  # the text is more than its picture: that can be sent later
                    self.spare()
                    self.view.redraw()
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
        """A key goes to main()."""
        self.troubles = 0

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
        """Ask for a line of text; None where the user gives up. A generator."""
        from edit.ask import line

        return line(self, prompt, text)

    def choose(self, prompt, letters):
        """Ask for one of some letters; "" where the user gives up. A generator."""
        from edit.ask import letter

        return letter(self, prompt, letters)

    # --- the file

    async def load(self, path):
        """Edit another file."""
        self.buffer = Buffer()  # what was there makes room
        memory.evict(True)
        process = cpu.current
        if path:
            from base.files import isdir

            path = normal(path, process.cwd)
            if isdir(path):
                raise Failure(path, "Is a directory")
        buffer = Buffer(path)
        await buffer.load()
        self.buffer = buffer
        self.row = self.col = 0
        self.view.begin()
        self.view.kind = language(path, buffer[0])
        self.swap = None
        if path and exists(buffer.journal.path):
            from edit.recover import Swap

            self.swap = Swap(buffer.journal.path, buffer.journal.base[0], buffer.journal.base[1])
        self.say(self.facts())

    def facts(self):
        """What the user should know about a file that was read."""
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
        """Ask what to do with the swap file that was found, if one was. A generator."""
        if self.swap:
            from edit.recover import offer

            yield from offer(self)

    async def write(self, path="", force=False, first=0, last=None):
        """Save the text; says what was done."""
        buffer = self.buffer
        if not path and not buffer.path:
            raise Failure("", "no file name")
        path = normal(path, cpu.current.cwd) if path else buffer.path
        if self.readonly and not force and path == buffer.path:
            raise Failure("", "read only (! writes it)")
        if not buffer.path and last is None and (force or not exists(path)):
            buffer.adopt(path)
            self.view.kind = language(path, buffer[0])
        lines, size = await buffer.save(path, force, first, last)
        self.say(f'"{basename(path)}" {lines} lines, {size} bytes written')
        return True

    # --- typing

    def put(self, text):
        """Type a text, newlines and all, at the cursor."""
        row, col = self.row, self.col
        line = self.buffer[row]
        new = text.encode().split(b"\n")
        end = len(new[-1]) + (col if len(new) == 1 else 0)
        new[0] = line[:col] + new[0]
        new[-1] += line[col:]
        self.buffer.change(row, row + 1, new)
        self.row, self.col = row + len(new) - 1, end

    def newline(self):
        """Break the line at the cursor; the new one begins like the old one, where that is wished."""
        line = self.buffer[self.row]
        size = 0
        while self.indents and size < self.col and line[size] in b" \t":
            size += 1
        head = line[: self.col]
        if size == self.col:
            head = b""  # no blanks alone
        self.buffer.change(self.row, self.row + 1, [head, line[:size] + line[self.col :]])
        self.row += 1
        self.col = size

    def tab(self):
        """Type a Tab."""
        cell = cell_of(self.buffer[self.row], self.col)
        self.put(" " * (self.spaces - cell % self.spaces) if self.spaces else "\t")

    def erase(self):
        """Take away what is before the cursor; False at the beginning of the text."""
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
        """Take away what is at the cursor."""
        row, col = self.row, self.col
        line = self.buffer[row]
        if col < len(line):
            self.buffer.change(row, row + 1, [line[:col] + line[after(line, col) :]])
        elif row + 1 < len(self.buffer):
            self.buffer.change(row, row + 2, [line + self.buffer[row + 1]])

    def paste(self):
        """Take text that the terminal marks as pasted, as it is. A generator."""
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
        """The text may have become shorter: the cursor is in it."""
        self.row = min(max(self.row, 0), len(self.buffer) - 1)
        line = self.buffer[self.row]
        self.col = min(self.col, len(line))
        if 0 < self.col < len(line) and line[self.col] & 0xC0 == 0x80:
            self.col = before(line, self.col + 1)

    def vertical(self, count):
        """Go down so many lines (up: < 0), in the column where that began."""
        line = self.buffer[self.row]
        if self.want is None:
            self.want = cell_of(line, self.col)
        self.row = min(max(self.row + count, 0), len(self.buffer) - 1)
        self.col = at_cell(self.buffer[self.row], self.want)

    def marked(self, row, line):
        """(from, to) of what is marked in a line, or None."""

    def status(self):
        """(left, right) of what stands below the text when there is no message."""
        return self.name(), ""


def terminal(process, files):
    """The terminal that a process edits files at; Failure where it has none."""
    if not process.tty or not process.stdin.isatty() or not process.stdout.isatty():
        raise Failure("", "input and output must be a terminal")
    if "-" in files:
        raise Usage("edits files, not the standard input", "-")
    return process.tty


def unload(process):
    """The editor of a process has ended: give its rooms back, where no other one is running."""
    for other in table.values():
        if other is not process and other.name in ("vi", "edit") and other.status is None:
            return
    for name in list(sys.modules):
        if name[:5] == "edit.":
            memory.unload(name)


def _is_sequence(typed):
    """True where an Esc may be the beginning of a key's sequence."""
    return typed[1] == "[" or typed[1] == "O" and (len(typed) < 3 or typed[2] in "ABCDEFHMPQRS")
