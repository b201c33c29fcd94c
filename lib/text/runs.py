# Sorting more lines than memory holds: runs that are in order wait in /tmp, and are merged (text.order compares).

import asyncio
import gc
import os
import sys

from micropython import const

from base.errors import Failure
from process import load

# Bytes that a line in memory takes besides its text, with what stands for it in comparisons.
LINE_COST = 160 if sys.maxsize > 0x7FFFFFFF else 80
PIECE = const(512)  # bytes split at a time, since a long list needs its memory in one piece
BUDGET_MIN = const(8192)  # bytes of memory for a run at least
SIZE_MAX = const(4194304)  # bytes of text
RUNS_MAX = const(12)  # runs merged at a time: each holds a file open
PART = const(32)  # lines written at a time

_sorts = 0  # how many have used /tmp: their names


class Sorter:
    """Takes lines and gives them back in order."""

    def __init__(self, order):
        self.order = order
        self.lines = []
        self.number = 0  # lines before those in memory
        self.cost = 0  # bytes that those in memory take
        self.size = 0  # bytes of text so far
        load.drop()  # programs that nobody runs are in the way
        self.budget = max(gc.mem_free() // 8, BUDGET_MIN)
        self.runs = []  # paths
        self.made = 0  # runs so far
        self.merging = None  # the generator that merges
        self.name = None

    async def add(self, data):
        """Take the lines of a block."""
        self.size += len(data)
        if self.size > SIZE_MAX:
            raise Failure("", f"more than {SIZE_MAX} bytes to sort", 2)
        start = 0
        while start < len(data):
            end = data.find(b"\n", start + PIECE)
            if end < 0:
                end = len(data) - (data[-1] == 10)
            lines = data[start:end].split(b"\n")
            self.lines.extend(lines)
            self.cost += end - start + LINE_COST * len(lines)
            start = end + 1
            if self.cost > self.budget:
                await self._spill()

    async def _spill(self):
        lines, self.lines, self.cost = self.lines, [], 0
        count = len(lines)
        await self._keep(self.order.sort(lines, self.number))
        self.number += count
        if len(self.runs) >= RUNS_MAX:
            await self._keep(self._merge(self.runs[:]))

    async def _keep(self, lines):
        """Write lines to a new run."""
        global _sorts
        if self.name is None:
            _sorts += 1
            self.name = f"/tmp/.sort{_sorts}."
        self.made += 1
        path = self.name + str(self.made)
        self.runs.append(path)
        with open(path, "wb") as file:
            for part in _parts(lines):
                file.write(part)
                await asyncio.sleep_ms(0)

    def _merge(self, paths):
        """An iterator over the lines of some runs in order; the runs are gone behind them."""
        self.merging = self._merged(paths)
        return self.merging

    def _merged(self, paths):
        files = [open(path, "rb") for path in paths]
        try:
            yield from self.order.merge([_lines(file) for file in files])
        finally:
            for file in files:
                file.close()
            for path in paths:
                self.runs.remove(path)
                os.remove(path)

    async def write(self, out):
        """Write all lines in order."""
        if self.runs and self.lines:
            await self._spill()
        lines = self._merge(self.runs[:]) if self.runs else self.order.sort(self.lines, 0)
        for part in _parts(lines):
            out.write(part)
            await asyncio.sleep_ms(0)

    def close(self):
        """Remove what an interrupted sort has left."""
        if self.merging:
            self.merging.close()
        for path in self.runs:
            os.remove(path)


def _parts(lines):
    """Yield the text of lines, PART lines at a time."""
    part = []
    for line in lines:
        part.append(line)
        if len(part) == PART:
            yield b"\n".join(part) + b"\n"
            part.clear()
    if part:
        yield b"\n".join(part) + b"\n"


def _lines(file):
    while line := file.readline():
        yield line[:-1]
