# An external sort, of more lines than memory holds: runs that are in order wait in /tmp, and are merged (sort.order compares).
#
# Runs of one level, which have been merged equally often, stand one behind the other in one file. When there are as
# many as can be merged at a time, they become one of the next level: so no line is copied often, and no more than two
# files are open, each of which takes more memory than reading a run does.

import asyncio
import gc
import os
import sys
from io import open  # the plain one: a frame of Python's would take the memory that is kept for the file

from micropython import const

from base.errors import Failure
from process import cpu, memory
from process.stream import CHUNK

# Bytes that a line in memory takes besides its text, and each key that stands for it in comparisons.
LINE_COST, KEY_COST = (104, 96) if sys.maxsize > 0x7FFFFFFF else (56, 48)
PIECE = const(512)  # bytes split at a time, since a long list needs its memory in one piece
BUDGET_MIN = const(2560)  # bytes of memory for a run at least
READING = const(12288)  # bytes of memory for what reads the input
SIZE_MAX = const(4194304)  # bytes of text
RUNS_MIN, RUNS_MAX = const(3), const(16)  # runs merged at a time
RUN_COST = const(1536)  # bytes of memory for each, with what a heap in pieces loses
RUN_CHUNK = const(256)  # bytes read of one at a time
FILE = const(1472)  # bytes in one piece for an open file, and what opening it allocates besides
FILES = const(2)  # open at a time
PART = const(16)  # lines written at a time


class Sorter:
    """Takes lines and gives them back in order."""

    def __init__(self, order):
        self.order = order
        self.line_cost = LINE_COST + (KEY_COST * (len(order.keys) + 1) if order.keys else 0)
        self.lines = []
        self.number = 0  # lines before those in memory
        self.cost = 0  # bytes that those in memory take
        self.size = 0  # bytes of text so far
        self.levels = []  # of each file: where its runs begin, in the order of the input, which higher levels precede
        self.name = None
        memory.evict()  # programs that nobody runs are in the way
        self.kept = []  # pieces of memory for files: lines would leave only smaller ones
        self._keep()
        spare = gc.mem_free() - READING
        self.budget = max(spare // 3, BUDGET_MIN)
        self.chunk = CHUNK if self.budget > CHUNK * 4 else CHUNK // 8  # bytes read at a time: memory is for lines
        self.most = min(max(spare // RUN_COST, RUNS_MIN), RUNS_MAX)  # runs merged at a time

    def _keep(self):
        """Keep memory for the files of one merge, in pieces that are large enough."""
        gc.collect()
        try:
            while len(self.kept) < FILES:
                self.kept.append(bytearray(FILE))
        except MemoryError:  # opening them will show whether it is enough
            pass

    def _file(self, level, mode):
        """Open the file of a level, in memory that has been kept for it."""
        path = self.name + str(level)
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
        """Make a run of the lines in memory."""
        lines, self.lines, self.cost = self.lines, [], 0
        count = len(lines)
        lines = self.order.sort(lines, self.number)
        await self._append(0, lines)
        self.number += count
        lines.clear()  # what has been called may still refer to the list
        self._keep()
        level = 0
        while level < len(self.levels) and len(self.levels[level]) >= self.most:
            await self._join(level)
            level += 1

    async def _append(self, level, lines):
        """Write lines behind the runs of a level, one by one: text of many would need memory in one piece."""
        if self.name is None:  # no counter of this module: where memory is short, each sort may have loaded its own
            self.name = f"/tmp/.sort{cpu.current.pid}."
        if level == len(self.levels):
            self.levels.append([])
        file = self._file(level, "ab")
        try:
            self.levels[level].append(file.seek(0, 2))
            count = 0
            for line in lines:
                file.write(line)
                if file.write(b"\n") != 1:
                    raise OSError(28)  # ENOSPC
                count += 1
                if not count % PART:
                    await asyncio.sleep_ms(0)
        finally:
            file.close()
            file = None  # `with` would keep it, and with it the piece of memory, until the next call

    async def _join(self, level):
        """Make one run of the next level of all those of this one."""
        file = self._file(level, "rb")
        try:
            await self._append(level + 1, self._merged(level, file))
        finally:
            file.close()
            file = None
        self.levels[level].clear()
        os.remove(self.name + str(level))
        self._keep()

    def _merged(self, level, file):
        """An iterator over the lines of all runs of a level, in order."""
        starts = self.levels[level]
        ends = starts[1:]
        ends.append(file.seek(0, 2))
        return self.order.merge([_lines(file, starts[i], ends[i]) for i in range(len(starts))])

    async def write(self, out):
        """Write all lines in order."""
        if not self.levels:
            return await _copy(self.order.sort(self.lines, 0), out)
        if self.lines:
            await self._spill()
        top = len(self.levels) - 1
        for level in range(top):
            if self.levels[level]:
                await self._join(level)
        with self._file(top, "rb") as file:
            await _copy(self._merged(top, file), out)

    def close(self):
        """Remove the files."""
        for level in range(len(self.levels)):
            try:
                os.remove(self.name + str(level))
            except OSError:  # one that has been merged, or could not be made
                pass


def _lines(file, at, end):
    """Yield the lines from one place of a file to another; others read it meanwhile."""
    rest = b""
    while at < end:
        file.seek(at)
        data = file.read(min(RUN_CHUNK, end - at))
        at += len(data)
        if rest:
            data = rest + data
        start = 0
        while (stop := data.find(b"\n", start)) >= 0:
            yield data[start:stop]
            start = stop + 1
        rest = data[start:]


async def _copy(lines, out):
    """Write lines to a stream, PART of them at a time."""
    part = []
    for line in lines:
        part.append(line)
        if len(part) == PART:
            part.append(b"")
            out.write(b"\n".join(part))
            part.clear()
            await asyncio.sleep_ms(0)
    if part:
        part.append(b"")
        out.write(b"\n".join(part))
