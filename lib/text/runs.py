# Sorting more lines than memory holds: runs that are in order wait in /tmp, and are merged (text.order compares).

import asyncio
import gc
import os
import sys

from micropython import const

from base.errors import Failure
from process import load
from process.stream import CHUNK

# Bytes that a line in memory takes besides its text, and each key that stands for it in comparisons.
LINE_COST, KEY_COST = (104, 96) if sys.maxsize > 0x7FFFFFFF else (56, 48)
PIECE = const(512)  # bytes split at a time, since a long list needs its memory in one piece
BUDGET_MIN = const(2560)  # bytes of memory for a run at least
READING = const(12288)  # bytes of memory for what reads the input
SIZE_MAX = const(4194304)  # bytes of text
RUNS_MIN, RUNS_MAX = const(2), const(12)  # runs merged at a time: each holds a file open
RUN_COST = const(4608)  # bytes of memory for one, with what a heap in pieces loses
FILE = const(1472)  # bytes in one piece for an open file, and what opening it allocates besides
PART = const(16)  # lines written at a time

_sorts = 0  # how many have used /tmp: their names


class Sorter:
    """Takes lines and gives them back in order."""

    def __init__(self, order):
        self.order = order
        self.line_cost = LINE_COST + (KEY_COST * (len(order.keys) + 1) if order.keys else 0)
        self.lines = []
        self.number = 0  # lines before those in memory
        self.cost = 0  # bytes that those in memory take
        self.size = 0  # bytes of text so far
        load.drop()  # programs that nobody runs are in the way
        self.kept = []  # pieces of memory for files: lines would leave only smaller ones
        self._keep()
        spare = gc.mem_free() - READING
        self.budget = max(spare // 3, BUDGET_MIN)
        self.chunk = CHUNK if self.budget > CHUNK * 4 else CHUNK // 4  # bytes read at a time: memory is for lines
        self.most = min(max(spare // RUN_COST, RUNS_MIN), RUNS_MAX)  # runs merged at a time
        self.runs = []  # of each, in the order of the input: how often its lines have been merged << 16 | its number
        self.made = 0  # runs so far
        self.merging = None  # the generator that merges
        self.name = None

    def _keep(self):
        """Keep memory for the files of one merge, in pieces that are large enough."""
        gc.collect()
        try:
            while len(self.kept) <= RUNS_MIN:
                self.kept.append(bytearray(FILE))
        except MemoryError:  # opening them will show whether it is enough
            pass

    def _file(self, run, mode):
        """Open a file, in memory that has been kept for it."""
        path = self._path(run)
        if self.kept:
            self.kept.pop()
            gc.collect()
        return open(path, mode)

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
            self.cost += end - start + self.line_cost * len(lines)
            lines = None
            start = end + 1
            if self.cost > self.budget:
                await self._spill()

    async def _spill(self):
        lines, self.lines, self.cost = self.lines, [], 0
        count = len(lines)
        lines = self.order.sort(lines, self.number)
        file = self._create()
        self.runs.append(self.made)
        await _fill(file, lines)
        file = None
        self.number += count
        lines.clear()  # what has been called may still refer to the list
        self._keep()
        while len(self.runs) >= self.most and self.runs[-1] >> 16 == self.runs[-self.most] >> 16:
            await self._join(self.most)

    async def _join(self, count):
        """Make one run of the last ones: only those of about the same size, so that no line is copied often."""
        file = self._create()
        try:
            files = self._open(count)
        except MemoryError:
            file.close()
            os.remove(self._path(self.made))
            raise
        level = (self.runs[-len(files)] >> 16) + 1
        lines = self._merge(files)
        self.runs.append(level << 16 | self.made)
        await _fill(file, lines)
        file = lines = self.merging = None
        files.clear()
        self._keep()

    def _create(self):
        """The file of a new run, whose number is self.made."""
        global _sorts
        if self.name is None:
            _sorts += 1
            self.name = f"/tmp/.sort{_sorts}."
        self.made += 1
        return self._file(self.made, "wb")

    def _path(self, run):
        return self.name + str(run & 0xFFFF)

    def _open(self, count):
        """The files of the last runs, or of fewer where memory is not enough for more at a time."""
        files = []
        for i in range(count):
            try:
                files.append(self._file(self.runs[-1 - i], "rb"))
            except MemoryError:
                if len(files) < 2:
                    raise
                if len(files) > 2:
                    files.pop().close()  # the lines need room, too
                self.most = len(files)
                break
        files.reverse()
        return files

    def _merge(self, files):
        """An iterator over the lines of the last runs, which are open, in order; the runs are gone behind them."""
        self.merging = self._merged(files, self.runs[-len(files) :])
        return self.merging

    def _merged(self, files, runs):
        try:
            yield from self.order.merge([_lines(file) for file in files])
        finally:
            while files:  # each is large, and what has been called may still refer to the list
                files.pop().close()
            for run in runs:
                self.runs.remove(run)
                os.remove(self._path(run))

    async def write(self, out):
        """Write all lines in order."""
        if self.runs and self.lines:
            await self._spill()
        lines = files = None
        while self.runs and not lines:
            while len(self.runs) > self.most:
                await self._join(min(self.most, len(self.runs) - self.most + 1))
            files = self._open(len(self.runs))
            if len(files) == len(self.runs):
                lines = self._merge(files)
            else:
                for file in files:
                    file.close()
        for part in _parts(lines or self.order.sort(self.lines, 0)):
            out.write(part)
            await asyncio.sleep_ms(0)

    def close(self):
        """Remove what an interrupted sort has left."""
        if self.merging:
            self.merging.close()
        for run in self.runs:
            try:
                os.remove(self._path(run))
            except OSError:  # one that could not be made
                pass


async def _fill(file, lines):
    """Write lines to a file, one by one: it gathers them, and text of many would need memory in one piece."""
    with file:
        count = 0
        for line in lines:
            file.write(line)
            if file.write(b"\n") != 1:
                raise OSError(28)  # ENOSPC
            count += 1
            if not count % PART:
                await asyncio.sleep_ms(0)


def _parts(lines):
    """Yield the text of lines, PART lines at a time."""
    part = []
    for line in lines:
        part.append(line)
        if len(part) == PART:
            part.append(b"")
            yield b"\n".join(part)
            part.clear()
    if part:
        part.append(b"")
        yield b"\n".join(part)


def _lines(file):
    while line := file.readline():
        yield line[:-1]
