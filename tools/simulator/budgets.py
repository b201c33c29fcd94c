"""A board's resources for Diatom: heap, C stack, flash, and the form of the system that fits, from its file in etc/boards.

The simulator runs MicroPython's 64-bit build, whose objects are larger: what is given here is what gives a session as
much room as that board does.
"""

import json
import os
from typing import NamedTuple

from simulator.environment import ROOT

DEFAULT = "pico2-w"  # the board that we recommend
PLAIN = "sim"  # a board with every device that can be simulated, and no chip's limits

# Measured: the same commands take 1.44 times the bytes on the 64-bit build (docs/benchmarks.md).
WORD = 1.44

# Bytes of simulated devices, which lie in the heap under test; on a board they are C. sim_boot loads them at once where
# the heap is the board's, so that they take the same from every session (tests/tools/test_budgets.py measures them).
DEVICES = 31 * 1024
RADIO = 6 * 1024

TABLES = 3 / 256  # of the heap: the collector's own tables, 2 bits and the finalisers' bit for each block of 32 bytes
PAGE = 1024

# Bytes of a thread's stack, so that as many plain calls fit as on the chip: 29 in 8 KiB of an RP2040, 60 in 16 KiB of
# an ESP32. A frame of the 64-bit build takes 400 bytes instead of 240, and 8 KiB are below the limit.
STACK_FACTOR = 1.5
STACK_RESERVE = 8192


class Budget(NamedTuple):
    """heap: bytes with Wi-Fi on, where there is a radio. stack: bytes of C stack, None for that of the host. flash: bytes
    for files."""

    heap: int
    stack: int | None
    flash: int
    image: str
    radio: bool = False
    camera: bool = False

    def simulated_heap(self):
        """Bytes of heap with which the simulator has as much room."""
        devices = DEVICES + RADIO if self.radio else DEVICES
        return int((self.heap * WORD + devices) * (1 + TABLES)) // PAGE * PAGE

    def simulated_stack(self):
        """Bytes of a thread's stack that hold as many calls; 0 for no thread."""
        return int(self.stack * STACK_FACTOR) + STACK_RESERVE if self.stack else 0


def names(tree=None):
    """The boards that a tree has files of; one without such files has ours."""
    return sorted(name[:-6] for name in os.listdir(_directory(tree)) if name.endswith(".board"))


def read(name, tree=None):
    """The Budget of a board. A file without one (an older tree's) has that of the plain simulator."""
    with open(os.path.join(_directory(tree), name + ".board"), encoding="utf-8") as file:
        board = json.load(file)
    memory = board.get("memory")
    return Budget(**memory, radio=board["wifi"], camera="camera" in board) if memory else read(PLAIN)


def _directory(tree):
    found = os.path.join(tree or ROOT, "etc", "boards")
    return found if os.path.isdir(found) else os.path.join(ROOT, "etc", "boards")
