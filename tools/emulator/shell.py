"""Diatom's console on an emulated board whose time is held: commands typed as by a person at a terminal."""

import re
from typing import NamedTuple

from emulator.machine import EmulatorError

PROMPT = r"[$#]: \x1b\[\?2004h$"
SIZE_QUERY = "\x1b[6n"
SIZE = "\x1b[24;80R"  # what a terminal answers
NO_MEMORY = re.compile(r"out of memory|MemoryError|memory allocation failed")
NOT_FOUND = re.compile(r"^\S*: not found|: not found\r", re.M)
INTERRUPT = "\x03"
LONGEST = 120  # seconds of the board


class Command(NamedTuple):
    """What became of a line."""

    line: str
    output: str
    ms: float  # from Enter to the prompt
    stack: int  # bytes, the deepest
    done: bool  # the prompt came back

    @property
    def failed(self):
        """Whether it lacked memory, or never ended."""
        return not self.done or NO_MEMORY.search(self.output) is not None

    @property
    def missing(self):
        return NOT_FOUND.search(self.output) is not None


def boot(machine, seconds=60):
    """Wait for the first prompt; returns the milliseconds."""
    return machine.expect("", PROMPT, seconds).ms


def first_key(machine, key="p"):
    """Milliseconds from the first key after a boot to its echo."""
    answer = machine.expect(key, re.escape(key))
    return answer.ms


def run(machine, line, seconds=LONGEST):
    """Type a line, then Enter: a Command."""
    typed = machine.exchange(line, "[%s]" % re.escape(line[-1]) if line else None, 5)
    if SIZE_QUERY in typed.output:
        machine.exchange(SIZE, seconds=0.1)
    machine.exchange(seconds=0.05 + 0.01 * len(line))  # the rest of the echo
    answer = machine.exchange("\r", "(%s)|%s" % (PROMPT, re.escape(SIZE_QUERY)), seconds)
    output, ms, stack, done = answer.output, answer.ms, max(typed.stack, answer.stack), answer.matched
    while done and output.endswith(SIZE_QUERY):
        more = machine.exchange(SIZE, PROMPT, seconds)
        output, ms, stack, done = output + more.output, ms + more.ms, max(stack, more.stack), more.matched
    if not done:
        machine.exchange(INTERRUPT, PROMPT, 10)
    return Command(line, output, ms, stack, done)


def cut_heap(machine, size):
    """Leave MicroPython a heap of so many bytes from the next boot on; the board is at Diatom's prompt."""
    surplus = machine.heap()["size"] - size
    if surplus <= 0:
        raise EmulatorError("the heap has no %d bytes" % size)
    code = "import builtins; builtins.surplus = bytearray(%d)\n" % surplus
    program = "t=open('/boot.py').read();f=open('/boot.py','w');f.write(%r+t);f.close();print('cut')" % code
    machine.expect("\x01", "raw REPL[^>]*>$")  # Diatom's console speaks the raw REPL as the firmware's does
    machine.expect(program + "\x04", "cut")
    machine.exchange("\x02", seconds=1)
