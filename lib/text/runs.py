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
BUDGET_MIN = const(4096)  # bytes of memory for a run at least
READING = const(12288)  # bytes of memory for what reads the input
SIZE_MAX = const(4194304)  # bytes of text
RUNS_MIN, RUNS_MAX = const(3), const(12)  # runs merged at a time: each holds a file open
RUN_COST = const(4608)  # bytes of memory for one, with what a heap in pieces loses
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
        spare = gc.mem_free() - READING
        self.budget = max(spare // 3, BUDGET_MIN)
        self.most = min(max(spare // RUN_COST, RUNS_MIN), RUNS_MAX)  # runs merged at a time
        self.runs = []  # (how often its lines have been merged, path), in the order of the input
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
        await self._keep(self.order.sort(lines, self.number), 0)
        self.number += count
        lines = None
        while len(self.runs) >= self.most and self.runs[-1][0] == self.runs[-self.most][0]:
            await self._join(self.most)

    async def _join(self, count):
        """Make one run of the last ones: only those of about the same size, so that no line is copied often."""
        runs = self.runs[-count:]
        gc.collect()  # each file needs a piece of more than a kilobyte: the heap must not be in small ones
        await self._keep(self._merge(runs), runs[0][0] + 1)
        self.merging = None  # it holds on to files

    async def _keep(self, lines, level):
        """Write lines to a new run."""
        global _sorts
        if self.name is None:
            _sorts += 1
            self.name = f"/tmp/.sort{_sorts}."
        self.made += 1
        path = self.name + str(self.made)
        self.runs.append((level, path))
        with open(path, "wb") as file:
            for part in _parts(lines):
                file.write(part)
                await asyncio.sleep_ms(0)

    def _merge(self, runs):
        """An iterator over the lines of some runs in order; the runs are gone behind them."""
        self.merging = self._merged(runs)
        return self.merging

    def _merged(self, runs):
        files = [open(path, "rb") for _, path in runs]
        try:
            yield from self.order.merge([_lines(file) for file in files])
        finally:
            for file in files:
                file.close()
            for run in runs:
                self.runs.remove(run)
                os.remove(run[1])

    async def write(self, out):
        """Write all lines in order."""
        if self.runs and self.lines:
            await self._spill()
        while len(self.runs) > self.most:
            await self._join(min(self.most, len(self.runs) - self.most + 1))
        lines = self._merge(self.runs[:]) if self.runs else self.order.sort(self.lines, 0)
        for part in _parts(lines):
            out.write(part)
            await asyncio.sleep_ms(0)

    def close(self):
        """Remove what an interrupted sort has left."""
        if self.merging:
            self.merging.close()
        for _, path in self.runs:
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
