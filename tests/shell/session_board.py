# Runs on the board: a session at a terminal that types the lines of a file and then disconnects. Prints how it ended.

import asyncio

from process import cpu
from process.session import Session
from process.terminal import Terminal
from shell.login import login

proc = None


class Port:
    """Returns one piece of input after another; then the other end has disconnected."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.out = bytearray()
        self.terminal = None

    async def read(self):
        while self.terminal.input or not self.terminal.raw:  # the editor waits for more
            await asyncio.sleep_ms(1)
        return self.pieces.pop(0) if self.pieces else b""

    def write(self, data):
        self.out.extend(data)
        return len(data)


async def __main__(args):
    with open(args[0], "rb") as file:
        port = Port(file.read().split(b"\n"))
    terminal = port.terminal = Terminal(port)
    session = Session("test", terminal)
    cpu.schedule(terminal.pump())
    status = await login(proc, session).wait()
    print("ended", status, session.leader is not None)
    print(bytes(port.out).decode())
