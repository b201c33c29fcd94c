# The Python prompt of WebREPL: that of `python`, with the modes of the firmware's, which tools use: Ctrl-A is the raw REPL,
# Ctrl-B shows the banner, Ctrl-D is a soft reset, which ends the connection, and Ctrl-E takes a pasted text.

import builtins
import os
import sys

from micropython import const

from process import cpu
from process.stream import Stream
from shell import python_prompt
from shell.lineedit import Editor

_MODES = "\x01\x02\x05"  # Ctrl-A, Ctrl-B, Ctrl-E on an empty line
_PASTE_MAX = const(16384)  # bytes of a pasted text
_LINE = "=== "


class Mode(BaseException):
    """A key that has ended the reading of a line."""


class ModeEditor(Editor):
    """The line editor, which the keys of _MODES end."""

    def edit(self, key, code):
        if not self.text and code in _MODES:
            raise Mode(code)
        return super().edit(key, code)


class Output(Stream):
    """What the raw REPL writes to: the terminal, which waits for the network where a port would not."""

    def __init__(self, terminal):
        super().__init__()
        self.write = terminal.write
        self.send = terminal.send


class Builtins:
    """What `import builtins` gives while there is a prompt: as attributes the module has the firmware's own print() and
    input(), which are the console's, even where others have taken their names. Thonny calls them so.
    """

    prompts = 0  # how many there are

    def __init__(self):
        self.print = print
        self.input = input

    def __getattr__(self, name):
        return getattr(builtins, name)


class Leader:
    """The leader of a session of Python."""

    jobs = None

    def __init__(self, process):
        self.process = process
        self.space = None  # the namespace; None: the raw REPL makes one

    def is_background(self, process):
        return False

    def give_up(self, variables):
        """Forget the variables: they may hold the memory."""
        if self.space:
            python_prompt.give_up(self.space)


def replaced():
    """The Builtins of all prompts, in place of the module."""
    found = sys.modules.get("builtins")
    if not hasattr(found, "prompts"):
        found = sys.modules["builtins"] = Builtins()
    return found


def interact(process, terminal):
    """Read and run until Ctrl-D or exit(); a generator that returns the exit status."""
    found = replaced()
    found.prompts += 1
    try:
        return (yield from serve(process, terminal))
    finally:
        found.prompts -= 1
        if not found.prompts:
            sys.modules.pop("builtins", None)


def serve(process, terminal):
    leader = process.session.leader = Leader(process)
    editor = ModeEditor(terminal)
    while True:
        if leader.space is None:
            leader.space = {"__name__": "__main__"}
        python_prompt.prepare(editor, leader.space)
        try:
            status = yield from python_prompt.serve(process, editor, leader.space)
            terminal.write("MPY: soft reboot\n")
            return status
        except Mode as e:
            key = e.args[0]
        if key == "\x01":
            terminal.write("\n")
            from shell import rawrepl  # late: tools ask for it

            yield from rawrepl.run(leader, Output(terminal))
        elif key == "\x05":
            yield from paste(process, terminal, leader.space)
        if key != "\x05":
            system = os.uname()
            terminal.write(f"\nMicroPython {system.version}; {system.machine}\n")


def paste(process, terminal, space):
    """Take a text up to Ctrl-D and run it; Ctrl-C drops it. A generator."""
    text = bytearray()
    terminal.write("\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\n" + _LINE)
    terminal.set_raw(True)
    try:
        while True:
            data = yield from terminal.read()
            if not data:
                return
            end = len(data)
            for key in (b"\x03", b"\x04"):
                at = data.find(key)
                end = at if 0 <= at < end else end
            piece = data[:end].replace(b"\r\n", b"\r")
            terminal.send(piece.replace(b"\r", b"\r\n" + _LINE.encode()))  # as the firmware's: tools compare it
            text.extend(piece.replace(b"\r", b"\n"))
            if len(text) > _PASTE_MAX:
                text = bytearray()
                raise MemoryError
            if end < len(data):
                terminal.write("\n")
                terminal.unread(data[end + 1 :])
                break
    finally:
        terminal.set_raw(False)
    if data[end] == 4:
        run(process, text, space)


def run(process, text, space):
    """Run a pasted text; what it raises is shown."""
    try:
        cpu.interruptible(True)
        exec(compile(text.decode(), "<stdin>", "exec"), space)
    except SystemExit:
        raise
    except KeyboardInterrupt:
        process.signal = 0
        process.stderr.write("KeyboardInterrupt\n")
    except Exception as e:
        cpu.interruptible(False)
        python_prompt.show(process, e)
    finally:
        cpu.interruptible(False)
