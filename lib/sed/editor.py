# Run sed scripts.

import asyncio

from micropython import const

from base.errors import Failure
from process import cpu
from process.stream import LINE_MAX
from program import open_input
from sed.files import Input, Output, Written

PARTS = const(100)  # pieces of a substituted line, joined when there are more
TURN = const(32)  # backward jumps before yielding to other tasks


class Editor:
    """Runs a script for each line."""

    def __init__(self, script, quiet, mark, width):
        self.commands, files, self.to_last = script
        self.quiet = quiet
        self.mark = mark
        self.width = width
        self.number = 0
        self.hold = b""
        self.last = False
        self.finder = None  # the last regular expression used
        self.quit = None  # the exit status, after q or Q
        self.streams = {}  # files read by R
        self.turn = 0  # backward jumps since the last yield
        self.outputs = {b"/dev/stdout": None, b"/dev/stderr": Output(cpu.current.stderr, mark)}
        for path in files:
            if path not in self.outputs:
                self.outputs[path] = Output(Written(path), mark)

    async def edit(self, files, out):
        """Edit the concatenated files and write the result to out."""
        self.out = out = Output(out, self.mark)
        self.input = source = Input(files, self.mark)
        source.out = out
        self.appended = []
        again = False  # after D: restart without reading a line
        while self.quit is None:
            if not again:
                if not await source.more():
                    break
                self.space = await self.read()
            again, shown = await self.cycle()
            if shown and not self.quiet:
                out.line(self.space, source.complete)
            await self.append()
        out.flush()

    async def read(self):
        """The next line of the input, after more() has found one."""
        line = await self.input.line()
        self.number += 1
        if self.to_last:
            self.last = not await self.input.more()
        return line

    def close(self):
        for output in self.outputs.values():
            if output:
                output.flush()
        for output in self.outputs.values():
            if output and isinstance(output.stream, Written):
                output.stream.close()

    async def cycle(self):
        """Run the script once. Return (True to restart with the same pattern space, True to print it)."""
        pc = 0
        done = False  # a substitution was made since the last line was read or t was taken
        commands = self.commands
        source, out = self.input, self.out
        while pc < len(commands):
            command = commands[pc]
            name = command.name
            pc += 1
            if self.selects(command) == command.negated:
                if name == "{":
                    pc = command.jump
                continue
            if name == "s":
                done = self.substitute(command) or done
            elif name == "p":
                out.line(self.space, source.complete)
            elif name == "d":
                return False, False
            elif name == "b" or (name == "t" and done) or (name == "T" and not done):
                self.turn += command.jump < pc
                if self.turn > TURN:
                    self.turn = 0
                    await asyncio.sleep_ms(0)
                pc = command.jump
                done = done and name == "b"
            elif name == "T":
                done = False
            elif name in "nN":
                if not await source.more():
                    self.quit = 0
                    return False, True
                if name == "n" and not self.quiet:
                    out.line(self.space, source.complete)
                await self.append()
                line = await self.read()
                self.space = line if name == "n" else self.space + self.mark + line
                if len(self.space) > LINE_MAX:
                    raise Failure("", "pattern space too long")
            elif name == "D":
                at = self.space.find(self.mark)
                if at < 0:
                    return False, False
                self.space = self.space[at + 1 :]
                return True, False
            elif name == "c":
                if not command.second or command.negated or not command.active:
                    out.text(command.text)
                return False, False
            elif name in "qQ":
                self.quit = command.number or 0
                return False, name == "q"
            else:
                await self.simple(command, name)
        return False, True

    async def simple(self, command, name):
        """Run a command that neither jumps nor reads input."""
        out = self.out
        if name == "g":
            self.space = self.hold
        elif name == "G":
            self.space += self.mark + self.hold
        elif name == "h":
            self.hold = self.space
        elif name == "H":
            self.hold += self.mark + self.space
            if len(self.hold) > LINE_MAX:
                raise Failure("", "hold space too long")
        elif name == "x":
            self.space, self.hold = self.hold, self.space
        elif name == "P":
            out.line(self.space.split(self.mark, 1)[0])
        elif name == "=":
            out.text(b"%d" % self.number + self.mark)
        elif name == "i":
            out.text(command.text)
        elif name in "arR":
            self.appended.append(command)
        elif name == "y":
            table = command.table
            try:
                self.space = "".join([table.get(c, c) for c in self.space.decode()]).encode()
            except UnicodeError:  # invalid UTF-8: keep those bytes
                parts = [bytes((c,)) if c > 127 else table.get(chr(c), chr(c)).encode() for c in self.space]
                self.space = b"".join(parts)
        elif name == "z":
            self.space = b""
        elif name == "F":
            out.text(self.input.name.encode() + b"\n")
        elif name == "l":
            shown = _shown(self.space, self.width if command.number is None else command.number)
            out.text(shown + self.mark)
        elif name in "wW":
            output = self.outputs[command.text] or out
            if name == "w":
                output.line(self.space, self.input.complete)
            else:
                output.line(self.space.split(self.mark, 1)[0])

    def selects(self, command):
        """Return whether the addresses of a command select this line."""
        first = command.first
        if first is None:
            return True
        second = command.second
        if second is None:
            return self.is_at(first)
        kind, value = second
        number = self.number
        if not command.active:
            if first[0] == "n" and not first[1] and number == 1 and kind == "/":  # 0,/x/
                command.active = command.over = True
            else:
                if first[0] != "n" or command.over:
                    if not self.is_at(first):
                        return False
                elif number < first[1] or (kind == "n" and value <= number and number != first[1]):
                    return False
                command.over = True
                command.until = value
                if kind == "+":
                    command.until = number + value
                elif kind == "~":
                    command.until = number + value - number % value if value else number
                command.active = number < command.until if kind in "n+~" else kind == "/" or not self.last
                return True
        if kind == "/":
            command.active = not self.finds(value)
        elif kind == "$":
            command.active = not self.last
        else:
            command.active = number < command.until
            return number <= command.until
        return True

    def is_at(self, address):
        kind, value = address
        if kind == "n":
            return self.number == value
        if kind == "$":
            return self.last
        if kind == "~":
            first, step = value
            return self.number == first if step < 1 else self.number >= first and (self.number - first) % step == 0
        return self.finds(value)

    def used(self, finder):
        """Return the finder and remember it as the last one; None stands for the last one."""
        finder = finder or self.finder
        if not finder:
            raise Failure("", "no previous regular expression")
        self.finder = finder
        return finder

    def finds(self, finder):
        return self.used(finder).search(self.space) is not None

    def substitute(self, command):
        finder = self.used(command.finder)
        space = self.space
        out = []
        copied = count = 0
        for found in finder.matches(space):
            count += 1
            if count < command.number:
                continue
            if found[0] > copied or not out:
                out.append(space[copied : found[0]])
            _replace(command.parts, space, found, out)
            if len(out) > PARTS:
                out = [b"".join(out)]
            copied = found[1]
            if not command.everywhere:
                break
        if not out:
            return False
        out.append(space[copied:])
        self.space = b"".join(out)
        if len(self.space) > LINE_MAX:
            raise Failure("", "pattern space too long")
        if command.shown:
            self.out.line(self.space, self.input.complete)
        if command.path:
            (self.outputs[command.path] or self.out).line(self.space, self.input.complete)
        return True

    async def append(self):
        """Write what a, r and R have queued for the end of the cycle."""
        commands, self.appended = self.appended, []
        for command in commands:
            if command.name == "a":
                self.out.text(command.text)
                continue
            path = command.text.decode()
            try:
                stream = self.streams.get(path) or open_input("-" if path == "/dev/stdin" else path)
            except OSError:  # POSIX: a missing file reads as empty
                continue
            if command.name == "r":
                while data := await stream.read():
                    self.out.text(data)
                    self.out.flush()
                if path != "/dev/stdin":
                    stream.close()
                continue
            self.streams[path] = stream
            line = await stream.readline()
            if line:
                self.out.line(line.rstrip(b"\n"))


def _replace(parts, space, found, out):
    """Append the replacement for a match to out."""
    case = once = ""
    for part in parts:
        if isinstance(part, str):
            if part in "ul":
                once = part
            else:
                case = "" if part == "E" else part
                once = "" if part == "E" else once
            continue
        if isinstance(part, int):
            begin, end = found[2 * part], found[2 * part + 1]
            part = space[begin:end] if begin >= 0 else b""
        if part and (case or once):
            part = _changed(part, case, once)
            once = ""
        if part:
            out.append(part)


def _changed(part, case, once):
    """part (bytes) with all letters, or the first one, large or small: \\U \\L \\u \\l."""
    from text.case import lower, upper  # late: few scripts change them

    part = upper(part) if case == "U" else lower(part) if case == "L" else part
    if once:
        end = 1
        while end < len(part) and part[end] & 0xC0 == 0x80:
            end += 1
        part = (upper if once == "u" else lower)(part[:end]) + part[end:]
    return part


def _shown(data, width):
    """Return data in the unambiguous form of the l command."""
    out = bytearray()
    column = 0
    for c in data:
        at = b"\\\a\b\f\n\r\t\v".find(bytes((c,)))
        text = "\\" + "\\abfnrtv"[at] if at >= 0 else chr(c) if 32 <= c < 127 else f"\\{c:03o}"
        if width > 1 and column + len(text) > width - 1:
            out.extend(b"\\\n")
            column = 0
        out.extend(text.encode())
        column += len(text)
    return bytes(out) + b"$"
