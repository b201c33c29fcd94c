# Terminals: the line discipline between a port (console, telnet, ...) and the programs of a session.
#
# A task reads the port all the time, so that Ctrl-C is seen while a program runs. In cooked mode it edits and echoes
# lines; in raw mode (`raw = True`) bytes go through as they are, for the line editor and full-screen programs.
# Output that is not read is kept up to a limit; a terminal that accepts nothing for _GONE_MS loses it.
#
# What a full-screen program or an editor uses of its terminal (proc.tty; None where there is none):
#   columns, rows      the size now
#   set_raw(True)      bytes come as they are typed, none is echoed, Ctrl-C is byte 3; set_raw(False) into `finally`, and
#                      what takes the screen away only where that gives True: a job that is behind the shell changes nothing
#   await read()       the bytes that have come, at least one; b"" at the end. process.keys.Keys makes keys of them
#   write(data)        str or bytes, "\n" begins a new row; flow control as for every stream: the kernel waits while `full`
#   unread(data)       gives back what has been read and belongs to the next reader
# A change of the size comes as input: in raw mode the sequence ESC [8;ROWS;COLUMNSt, which Keys calls "resize".
# The other side (telnet, ssh, the web terminal, `resize`) tells the size with resize(columns, rows). A serial line tells
# nothing: it is asked with the first key that is typed, by Ctrl-L, and when Ctrl-Z or `fg` changes who has the terminal.
#
# A line of which a piece is lost (no memory, too long) is void: all of it is dropped up to its newline, since its rest
# could be a command of its own. Here `voiding` drops what comes of it; a line editor (`editor`) learns of it by a MemoryError
# from read(), and says void_line() where it has lost something itself. The code for that allocates as little as it can.

import asyncio
import sys
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from process import cpu
from process.stream import Stream, encoded

PASTE_BEGIN = "\x1b[200~"  # what a terminal puts around a paste (bracketed paste)
PASTE_END = "\x1b[201~"

_INPUT_MAX = const(1024)  # bytes that wait for a reader; then the port waits, or they are lost after _GONE_MS
_OUTPUT_MAX = const(1024)  # bytes that wait for the port; then writers wait
_OUTPUT_MOST = const(16384)  # bytes after which everybody waits with a writer that does not, a plain function
_GONE_MS = const(2000)  # a port that takes nothing for so long has nobody at its end
_RETRY_MS = const(10)
_FAILED = const(20)  # times in a row that there is no memory for a key

_INT = const(2)
_TSTP = const(20)

_MARK = b"\x1b[20"  # how PASTE_BEGIN and PASTE_END begin


class Terminal(Stream):
    """A terminal on a port, which has `async read()`, `write(data)` -> count taken."""

    # What most terminals never change stands here once instead of in each of them.
    raw = False
    echo = True
    early = b""  # typed in raw mode, but not read then: cooked when somebody reads or a signal is in it
    held = None  # the raw REPL while it has the port: its take(data) filters input, and output waits
    session = None  # whose foreground job gets Ctrl-C
    ended = 0  # how many ends of file (Ctrl-D) wait for a reader
    hungup = False
    flusher = None
    gone = False
    columns = 80
    rows = 24
    sized = False  # somebody has told the size
    last = 0
    editor = None  # the line editor (Keys) that reads now
    voiding = False  # the line that is coming in is void, up to its newline; raw: from input[sound] on
    why = ""  # it is, where the program that reads has to be told
    hole = False  # the editor does not know that its line has become void
    pasting = False  # what is dropped is a paste: newlines belong to it
    mark = 0  # how much of a paste's mark has been dropped
    sound = 0  # bytes of input before what is void
    stale = 0  # bytes of input that are void

    def __init__(self, port):
        super().__init__()
        self.terminal = self
        self.port = port
        self.input = bytearray()  # for the readers
        self.line = bytearray()  # cooked: the line that is being typed
        self.out = bytearray()
        self.ready = asyncio.Event()
        self.room = asyncio.Event()

    def resize(self, columns, rows):
        """Set the size; a raw-mode reader gets it as input."""
        self.sized = True
        columns = max(columns, 1)
        rows = max(rows, 1)
        if columns != self.columns or rows != self.rows:
            self.columns = columns
            self.rows = rows
            if self.raw:
                self.receive(b"\x1b[8;%d;%dt" % (rows, columns))

    # --- input

    async def pump(self):
        """Read the port until it ends; the task of this terminal."""
        failed = 0
        while True:
            try:
                data = await self.port.read()  # what there is no memory for stays in the port
                if not data:
                    break
                at = data.find(b"\x1b[8;")
                if at >= 0:
                    data = self.without_size(data, at)
                self.receive(data)
                failed = 0
            except MemoryError:  # a line is lost, and not the terminal
                sys.modules["process.process"].evict()
                failed += 1
                if failed == _FAILED and self.session and self.session.leader:
                    self.session.leader.give_up(False)  # else nobody could type anything ever after
                await asyncio.sleep_ms(_RETRY_MS)
            limit = ticks_add(ticks_ms(), _GONE_MS)
            while len(self.input) >= _INPUT_MAX:
                if ticks_diff(ticks_ms(), limit) > 0:  # nobody reads it, but a signal may come behind it
                    self.input = self.input[: _INPUT_MAX if self.raw else self.input.rfind(b"\n", 0, _INPUT_MAX) + 1]
                    self.stale = 0
                    break
                await asyncio.sleep_ms(_RETRY_MS)
        self.hungup = True
        self.ready.set()

    def without_size(self, data, at):
        """The input without the report of a new size at data[at:] (which xterm sends unasked); sets the size."""
        end = data.find(b"t", at)
        try:
            rows, _, columns = data[at + 4 : end].partition(b";")
            if not rows.isdigit() or not columns.isdigit():
                return data
            rest = data[:at] + data[end + 1 :]
            self.resize(int(columns), int(rows))
            return rest
        except MemoryError:
            return data

    def receive(self, data):
        """Take bytes from the port. MemoryError: the line that they belong to is void."""
        if self.early and not self.raw:
            early = self.early
            self.early = b""
            try:
                self.receive(early)
            finally:
                self.receive(data)
            return
        at = 0
        try:
            while at < len(data):
                if self.raw:  # from the beginning, or a signal has brought the editor back
                    if self.held:
                        data = self.held.take(data)
                    self.input.extend(data[at:] if at else data)
                    self.ready.set()
                    return
                if self.voiding:
                    at = self.skip(data, at)
                    if at >= len(data):
                        return
                    self.line = bytearray()
                    self.voiding = False
                    if data[at] != 3:
                        self.last = data[at]
                        at += 1
                    self.complain()
                    continue
                self.cook(data[at])
                at += 1
        except MemoryError:
            self.lose(data, at)
            raise

    def lose(self, data=b"", at=0):
        """There is no memory for data from at on: with it goes the line that it belongs to, and what else came with it."""
        if self.held:
            self.held.lost = True
        elif self.editor or not self.raw:  # else somebody reads keys, and no lines
            if not self.voiding:
                self.voiding = True
                self.why = "out of memory"
                self.mark = 0
                self.pasting = self.raw and self.editor.pasting
            if self.raw:
                self.hole = True
                self.sound = 0
                self.skip_all(self.input, self.stale)
                self.stale = len(self.input)
            if self.skip_all(data, at):
                try:
                    if self.raw:
                        self.input = bytearray(b"\n")
                        self.stale = 0
                    else:
                        self.line = bytearray()
                        self.voiding = False
                        self.complain()
                except MemoryError:  # the next line is void, too
                    pass
            self.ready.set()

    def skip(self, data, at=0):
        """Where the line that is void ends in data: the index of its newline, or of a Ctrl-C that somebody types."""
        mark = self.mark
        while at < len(data):
            c = data[at]
            if c == 27:
                mark = 1
            elif mark == 4:
                mark = 5 if c == 48 else 6 if c == 49 else 0
            elif mark > 4:
                if c == 126:
                    self.pasting = mark == 5
                mark = 0
            elif mark:
                mark = mark + 1 if c == _MARK[mark] else 0
            if c == 10 or c == 13:
                if not self.pasting:
                    break
            elif c == 3 and at + 1 == len(data):
                break
            at += 1
        self.mark = mark
        return at

    def skip_all(self, data, at):
        """Skip all lines in data; True where the last of them is whole."""
        whole = False
        while at < len(data):
            at = self.skip(data, at) + 1
            whole = at == len(data)
        return whole

    def void_line(self, keys):
        """The line that keys (Keys) has begun to read is void: the next that is read is its newline, or Ctrl-C."""
        pasted, typed = keys.pasted, keys.typed
        keys.pasted = keys.typed = self.why = ""
        if self.hole:  # what it has is void, but this terminal knows where that ends
            self.hole = False
            return
        self.voiding = True
        self.sound = self.mark = 0
        self.pasting = keys.pasting
        try:
            data = pasted.encode() + typed.encode() + keys.raw
            at = self.skip(data)
            if at < len(data):
                self.unread(data[at:])
                self.sound = 0
        except MemoryError:  # all of it goes
            for text in (pasted, typed):
                if self.pasting != (PASTE_END in text if self.pasting else PASTE_BEGIN in text):
                    self.pasting = text.rfind(PASTE_BEGIN) > text.rfind(PASTE_END)
        keys.raw = b""

    def complain(self):
        """Tell the user that a line has been dropped."""
        why = self.why
        self.why = ""
        try:
            self.write(f"\n{why}: line discarded\n")
        except MemoryError:
            pass

    def cook(self, c):
        """One byte in cooked mode: erase, kill, signals and ends of line."""
        line = self.line
        if c == 13 or c == 10:
            if c == 10 and self.last == 13:
                self.last = c
                return
            self.show("\n")
            line.append(10)
            self.deliver()
        elif c == 3 or c == 26:
            self.show("^C\n" if c == 3 else "^Z\n")
            self.line = bytearray()
            self.input = bytearray()
            self.stale = self.sound = 0
            if self.session and not self.session.signal(_INT if c == 3 else _TSTP):
                self.line.append(10)  # who asks for a name asks again
                self.deliver()
        elif c == 4:
            if line:
                self.deliver()
            else:
                self.ended += 1
                self.ready.set()
        elif c == 8 or c == 127:
            if line:
                while line and line[-1] & 0xC0 == 0x80:  # the tail of a UTF-8 character
                    line = line[:-1]
                self.line = line[:-1]
                self.show("\b \b")
        elif c == 21:
            self.show("\b \b" * sum([c & 0xC0 != 0x80 for c in line]))
            self.line = bytearray()
        elif len(line) < _INPUT_MAX:
            line.append(c)
            if self.echo:
                self.write(bytes((c,)))
        else:
            self.voiding = True
            self.pasting = False
            self.mark = 0
            self.why = f"longer than {_INPUT_MAX} bytes"
        self.last = c

    def show(self, text):
        if self.echo:
            self.write(text)

    def deliver(self):
        self.input.extend(self.line)
        self.line = bytearray()
        self.ready.set()

    def set_raw(self, raw):
        """Change the mode; what has been typed of a line goes to the editor. False from a job that is behind."""
        if self.session and self.session.is_behind(cpu.current):
            cpu.current.raw = raw
            return False
        if raw and not self.raw:
            if self.voiding and self.why:
                self.sound = len(self.input)
                self.line = bytearray()
                self.complain()
            if self.line:
                self.deliver()
            self.input.extend(self.early)
            self.early = b""
        elif self.raw and not raw and len(self.input) > self.stale:
            self.early = bytes(self.input[self.stale :])
            self.input = bytearray()
            self.stale = self.sound = 0
            if b"\x03" in self.early or b"\x1a" in self.early:
                cpu.schedule(self.cook_early())
        self.raw = raw
        return True

    async def cook_early(self):
        """Process early input: a signal in it is for the job that has started meanwhile."""
        self.receive(b"")

    def unread(self, data):
        """Give back input, for the next reader."""
        self.input = bytearray(data) + self.input[self.stale :]
        self.stale = 0
        self.sound += len(data)
        self.ready.set()

    async def fill(self):
        reader = cpu.current
        while self.session and self.session.is_behind(reader):  # it is stopped until `fg` brings it to the front
            reader.kill(_TSTP)
            await asyncio.sleep_ms(0)
        if reader and reader.raw is not None:  # what it wanted when it was behind
            self.set_raw(reader.raw)
            reader.raw = None
        while True:
            if self.hole and self.editor:
                raise MemoryError
            ends = False
            if self.voiding and self.raw and not self.sound:
                self.stale = self.skip(self.input, self.stale)
                ends = self.stale < len(self.input)
            if self.stale:
                self.input = self.input[self.stale :]
                self.stale = 0
            if ends:
                self.voiding = False
            if self.input:
                break
            if self.early:
                self.receive(b"")
                continue
            if self.ended:
                self.ended -= 1
                return b""
            if self.hungup:
                return b""
            self.ready.clear()
            await self.ready.wait()
        if not self.raw:
            end = self.input.find(b"\n") + 1 or len(self.input)
        else:
            end = self.sound if self.voiding and self.sound else len(self.input)
        try:
            data = bytes(self.input[:end])
            self.input = self.input[end:]
        except MemoryError:
            if not self.raw:  # it was for this reader, and is no command for the shell
                self.stale = end
            raise
        self.sound -= min(self.sound, end)
        return data

    # --- output

    def write(self, data):
        if self.gone and not self.has_returned():
            return
        data = encoded(data)
        if b"\n" in data:
            if b"\r\n" in data:
                data = data.replace(b"\r\n", b"\n")
            data = data.replace(b"\n", b"\r\n")
        if not self.out and not self.held:
            count = self.port.write(data)
            if count >= len(data):
                return
            data = data[count:]
        self.out.extend(data)
        if len(self.out) > _OUTPUT_MOST:
            self.press()
        self.full = len(self.out) >= _OUTPUT_MAX
        if not self.flusher:
            self.room.clear()
            self.flusher = cpu.schedule(self.flush())

    def press(self):
        """Write out, without waiting for the event loop, until no more than _OUTPUT_MAX bytes wait."""
        limit = ticks_add(ticks_ms(), _GONE_MS)
        while len(self.out) > _OUTPUT_MAX:
            count = 0 if self.held else self.port.write(self.out)
            if count:
                self.out = self.out[count:]
                limit = ticks_add(ticks_ms(), _GONE_MS)
            elif self.held or ticks_diff(ticks_ms(), limit) > 0:
                self.gone = not self.held
                self.out = self.out[:_OUTPUT_MAX]

    def has_returned(self):
        """True if a terminal that was gone takes output again."""
        if self.port.write(b"\r"):
            self.gone = False
            return True
        return False

    async def flush(self):
        """Write the pending output as the port accepts it."""
        limit = ticks_add(ticks_ms(), _GONE_MS)
        while self.out:
            await asyncio.sleep_ms(_RETRY_MS)
            if self.held:
                limit = ticks_add(ticks_ms(), _GONE_MS)
                continue
            try:
                count = self.port.write(self.out)
                if count:
                    self.sent(count)
            except MemoryError:  # the next time may find some
                continue
            if count:
                limit = ticks_add(ticks_ms(), _GONE_MS)
            elif ticks_diff(ticks_ms(), limit) > 0:
                self.gone = True
                self.out = bytearray()
            if len(self.out) < _OUTPUT_MAX and self.full:
                self.full = False
                self.room.set()
        self.flusher = None
        self.room.set()

    def sent(self, count):
        """Remove the first count bytes of the output; without memory for a copy of the rest, in place."""
        try:
            self.out = self.out[count:]
        except MemoryError:
            self.out[:count] = b""

    async def drain(self):
        while self.full:
            self.room.clear()  # it may be set since the last time: the output has filled up again
            await self.room.wait()

    def close(self):
        """A terminal is closed by its session, not by the programs that write to it."""
