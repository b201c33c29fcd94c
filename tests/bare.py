"""Programs of bin/ on a bare MicroPython: real processes without a kernel, a board or a flash, some milliseconds for each."""

import tempfile

from shell.onboard import Board

SETUP = """
import asyncio
import os
import vfs
from process import cpu
from process import process as processes
from process.stream import Stream

vfs.mount(vfs.VfsPosix("TMP"), "/tmp")  # of its own: several of these run at a time
os.chdir("/tmp")

class Given(Stream):
    # Standard input, as a text in pieces of 1,000 bytes.
    def __init__(self, text):
        super().__init__()
        self.data = text.encode()

    async def fill(self):
        piece, self.data = self.data[:1000], self.data[1000:]
        return piece

class Kept(Stream):
    # Standard output or error, kept as a list of pieces.
    def __init__(self):
        super().__init__()
        self.pieces = []

    def write(self, data):
        self.pieces.append(data.encode() if isinstance(data, str) else bytes(data))
        return len(data)

    def text(self):
        return b"".join(self.pieces).decode()

def evictor():  # as kernel.boot registers it
    from kernel import eviction
    return eviction

processes.eviction = evictor
top = processes.Process("kernel", (), None)
top.cwd = "/tmp"
top.env = {"HOME": "/tmp", "PATH": "/bin", "TZ": "UTC0"}
top.session = None
top.stdin = top.stdout = top.stderr = Stream()
cpu.current = top

def run(name, args, text):
    # The output of a program, what it says on standard error, and its status.
    out, err = Kept(), Kept()
    process = processes.Process(name, args, top, Given(text), out, err)
    process.start("/tree/bin/" + name + ".py")

    async def ended():
        return await process.wait()

    return [asyncio.run(ended()), out.text(), err.text()]
"""


class Programs(Board):
    """A MicroPython that runs programs; heap: bytes of it."""

    def __init__(self, setup="", heap="4M"):
        self.tmp = tempfile.TemporaryDirectory()
        super().__init__((SETUP + setup).replace("TMP", self.tmp.name), heap)

    def run(self, name, *args, stdin=""):
        """(status, standard output, standard error) of a program."""
        return tuple(self.call("run", name, list(args), stdin))
