# The raw REPL of MicroPython at the console's prompt, for mpremote, Thonny, rshell and other tools on a computer.
#
# It behaves as the firmware's (docs.micropython.org, "The internal MicroPython REPL"): Ctrl-A shows its prompt again,
# Ctrl-B leaves, Ctrl-C drops what came, Ctrl-D runs it, and Ctrl-D alone is a soft reset; Ctrl-E A Ctrl-A begins a raw
# paste with flow control. One thing is different: a soft reset clears the namespace and goes to the root directory,
# but jobs and services keep running. While a tool has the port, what others write to the terminal waits.

import io
import os
import sys

from micropython import const

from process import cpu, memory
from process.stream import Stream

_CODE_MAX = const(65536)  # bytes in one piece of code
_WINDOW = const(128)  # bytes that a raw paste may send before it is told to go on
_INT = const(2)
_ROOM = const(49152)  # bytes that a tool's code shall find,
_PIECE = const(8192)  # and so many of them in one piece

_HELLO = b"raw REPL; CTRL-B to exit\r\n>"


class Port(Stream):
    """The port as standard output of the code; as standard input it is at its end."""

    def __init__(self, port):
        super().__init__()
        self.port = port

    def write(self, data):
        if isinstance(data, str):
            data = data.encode()
        self.send(data.replace(b"\n", b"\r\n"))

    def send(self, data):
        """Write bytes as they are; waits until the port has taken them."""
        while data:
            data = data[self.port.write(data) :]


class RawRepl:
    """One visit of a tool."""

    def __init__(self, shell, out):
        self.shell = shell
        self.terminal = shell.process.tty
        self.out = out or Port(self.terminal.port)
        self.typed = b""
        self.running = False
        self.lost = False  # more code has come than there is room for
        self.place = shell.process.cwd  # where the code is unless it goes elsewhere

    def take(self, data):
        """The terminal shows all input first: Ctrl-C while code waits for something ends that. Returns the rest."""
        if self.running and b"\x03" in data:
            self.shell.process.kill(_INT)
            return data[data.rfind(b"\x03") + 1 :]
        return data

    def byte(self):
        """The next byte; None when the other side has gone. A generator."""
        if not self.typed:
            self.typed = yield from self.terminal.read()
            if not self.typed:
                return None
        c = self.typed[0]
        self.typed = self.typed[1:]
        return c

    def serve(self):
        """Run what the tool sends until it leaves; a generator."""
        send = self.out.send
        code = bytearray()
        send(_HELLO)
        while True:
            c = yield from self.byte()
            if c is None or c == 2:
                send(b"\r\n")
                return
            if c == 1:
                if code == b"\x05A":
                    send(b"R\x01")
                    code = yield from self.paste()
                    if code is not None and self.run(code):
                        self.reset()
                    else:
                        send(b">")
                elif code[:1] == b"\x05":
                    send(b"R\0>")
                else:
                    send(_HELLO)
                code = bytearray()
            elif c == 3:
                code = bytearray()
                self.lost = False
            elif c == 4:
                send(b"OK")
                if not code and not self.lost:
                    send(b"\r\n")
                    self.reset()
                elif self.run(code):
                    self.reset()
                else:
                    send(b">")
                code = bytearray()
            else:
                code = self.more(code, c)

    def more(self, code, c):
        """The code with another byte; a piece for which there is no room is given up, and is an error when it is to run."""
        try:
            if len(code) <= _CODE_MAX and not self.lost:
                code.append(c)
                return code
        except MemoryError:
            pass
        self.lost = True
        return b""

    def paste(self):
        """Take code by raw paste; None where the tool gives up. A generator."""
        send = self.out.send
        code = bytearray()
        send(b"%c\0\x01" % _WINDOW)
        room = _WINDOW
        self.lost = False
        while True:
            c = yield from self.byte()
            if c is None or c == 3 or c == 4:
                send(b"\x04")
                if c == 4:
                    return code
                send(b"\x04\x04")
                return None
            code = self.more(code, c)
            room -= 1
            if not room:
                send(b"\x01")
                room = _WINDOW

    def run(self, code):
        """Run code; its output, then its traceback, each with Ctrl-D behind it. True where it asks for a reset."""
        process = self.shell.process
        send = self.out.send
        space = self.shell.space
        if space is None:  # as the firmware's: without the names that the lines of a session find
            space = self.shell.space = {"__name__": "__main__"}
        error = None
        self.running = True
        try:
            if self.lost:
                raise MemoryError
            outer = cpu.enter(process)
            try:
                cpu.interruptible(True)
                exec(code, space)
                cpu.interruptible(False)
            finally:
                cpu.interruptible(False)
                cpu.current = outer
                cpu.moved()
                process.cwd = os.getcwd()
        except SystemExit:
            send(b"\x04\x04")
            return True
        except BaseException as e:
            error = e
        self.running = self.lost = False
        process.signal = 0
        process.sts = "R"
        send(b"\x04")
        if isinstance(error, MemoryError):  # the tool may try again
            memory.evict(True)
        if error:
            text = io.StringIO()
            sys.print_exception(error, text)
            for line in text.getvalue().split("\n"):
                if line and "shell/rawrepl." not in line and '"shell.rawrepl"' not in line:  # as compiled files say it
                    self.out.write(line.replace('"<string>"', '"<stdin>"') + "\n")
        send(b"\x04")
        return False

    def reset(self):
        """A soft reset, as far as the tool can tell."""
        self.running = False
        self.shell.space = None
        self.shell.process.cwd = self.place = "/"
        self.out.send(b"MPY: soft reboot\r\n" + _HELLO)


def run(shell, out=None):
    """Serve a tool at the terminal of a shell, or of what has `process` and `space` as it has, until it leaves; a generator.

    out: the Stream that takes the place of a Port.
    """
    memory.is_free(_ROOM, _PIECE)
    repl = RawRepl(shell, out)
    process = shell.process
    terminal = repl.terminal
    streams = process.stdin, process.stdout, process.stderr
    home = process.cwd
    terminal.held = repl
    terminal.set_raw(True)
    process.stdin, process.stdout, process.stderr = Stream(), repl.out, repl.out
    try:
        while True:
            try:
                yield from repl.serve()
                break
            except MemoryError:  # what the tool sends next must not come to the prompt: a Ctrl-D would end the session
                repl.running = repl.lost = False
                memory.evict(True)
    finally:
        process.stdin, process.stdout, process.stderr = streams
        if process.cwd == repl.place:  # the code has not gone anywhere
            process.cwd = home
        terminal.held = None
        if shell.space and len(shell.space) == 1:  # the code has left no variable
            shell.space = None
        if repl.typed:
            terminal.unread(repl.typed)
        terminal.set_raw(False)
