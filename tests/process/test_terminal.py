"""Terminals on ports that accept only a part of the output, or have no memory for it."""

PROGRAM = """
import asyncio
from process.session import Session
from process.terminal import Terminal
from services.terminal import NetTerminal

proc = None


class Port:
    echoes = pending = False

    def __init__(self, fails):
        self.taken = b""
        self.fails = fails

    async def writable(self):
        await asyncio.sleep_ms(0)

    def write(self, data):
        if self.fails and len(self.taken) > 300:
            self.fails -= 1
            raise MemoryError
        self.taken += bytes(data[:300])
        return min(300, len(data))


async def write(terminal, letter):
    for i in range(20):
        terminal.write(letter * 600)
        await terminal.drain()


async def __main__(args):
    for kind in (Terminal, NetTerminal):
        port = Port(int(args[0]))
        terminal = kind(port)
        tasks = [asyncio.create_task(write(terminal, letter)) for letter in "ab"]
        for task in tasks:
            await task
        while terminal.flusher:
            await asyncio.sleep_ms(5)
        print(port.taken.count(b"a"), port.taken.count(b"b"), len(port.taken), terminal.full)
"""


def run(sim, fails):
    return sim(f"cat > /tmp/p.py <<'END'\n{PROGRAM}END\n/tmp/p {fails}")


def test_a_port_that_takes_a_part_holds_up_nobody(sim):
    """The event that wakes a writer was still set when the output filled up again: the writer span for ever."""
    result = run(sim, 0)
    assert (result.stdout, result.stderr) == ("12000 12000 24000 False\n" * 2, "")


def test_output_goes_on_after_a_moment_without_memory(sim):
    result = run(sim, 3)
    assert (result.stdout, result.stderr) == ("12000 12000 24000 False\n" * 2, "")
