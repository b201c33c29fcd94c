# External merge sort: sorted runs are kept in /tmp and merged. sort.order compares.
#
# The runs of one level have been merged equally often and are stored in one file. When there are as many as can be merged
# at once, they become one run of the next level. So no line is copied often, and at most two files are open, each of
# which takes more memory than reading a run.

import asyncio
import gc
import os
import sys
from io import open  # the plain one: a Python frame would use the memory reserved for the file

from micropython import const

from base.errors import Failure
from process import cpu, memory
from process.stream import CHUNK

# Bytes that a line takes in memory besides its text, and each of its sort keys.
LINE_COST, KEY_COST = (104, 96) if sys.maxsize > 0x7FFFFFFF else (56, 48)
PIECE = const(512)  # bytes split at a time: a long list needs contiguous memory
BUDGET_MIN = const(2560)  # minimal memory for a run, in bytes
READING = const(12288)  # memory for reading the input, in bytes
SIZE_MAX = const(4194304)  # bytes of text
RUNS_MIN, RUNS_MAX = const(3), const(16)  # fan-in of a merge
RUN_COST = const(1536)  # memory for each run of a merge in bytes, including loss by fragmentation
RUN_CHUNK = const(256)  # bytes read from a run at a time
FILE = const(1472)  # contiguous bytes for an open file, including what open() allocates temporarily
FILES = const(2)  # open at a time
PART = const(16)  # lines written at a time


class Sorter:
    """Collects lines and writes them in order."""

    def __init__(self, order):
        self.order = order
        self.line_cost = LINE_COST + (KEY_COST * (len(order.keys) + 1) if order.keys else 0)
        self.lines = []
        self.number = 0  # lines before those in memory
        self.cost = 0  # memory used by them, in bytes
        self.size = 0  # bytes of text so far
        self.levels = []  # for each file the offsets of its runs, in input order; higher levels are earlier input
        self.name = None
        memory.evict()  # free the images of idle programs
        self.kept = []  # reserves for open files, in large pieces: lines would fragment the memory
        self._keep()
        spare = gc.mem_free() - READING
        self.budget = max(spare // 3, BUDGET_MIN)
        self.chunk = CHUNK if self.budget > CHUNK * 4 else CHUNK // 8  # bytes read at a time: less if memory is short
        self.most = min(max(spare // RUN_COST, RUNS_MIN), RUNS_MAX)  # runs merged at a time

    def _keep(self):
        """Reserve pieces that are large enough for the files of a merge."""
        gc.collect()
        try:
            while len(self.kept) < FILES:
                self.kept.append(bytearray(FILE))
        except MemoryError:  # open() will show whether it is enough
            pass

    def _file(self, level, mode):
        """Open the file of a level in the memory reserved for it."""
        path = self.name + str(level)
        if self.kept:
            self.kept.pop()
            gc.collect()
        return open(path, mode)

    async def add(self, data):
        """Add the lines of a block."""
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
        """Write the lines in memory as a run."""
        lines, self.lines, self.cost = self.lines, [], 0
        count = len(lines)
        lines = self.order.sort(lines, self.number)
        await self._append(0, lines)
        self.number += count
        lines.clear()  # a caller may still refer to the list
        self._keep()
        level = 0
        while level < len(self.levels) and len(self.levels[level]) >= self.most:
            await self._join(level)
            level += 1

    async def _append(self, level, lines):
        """Append a run to a level, line by line: joined lines would need contiguous memory."""
        if self.name is None:  # no module counter: each sort may have loaded its own copy
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
            file = None  # `with` would hold the file, and its memory, until the next call

    async def _join(self, level):
        """Merge all runs of a level into one of the next level."""
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
        """Return an iterator over the merged runs of a level."""
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
            except OSError:  # merged already, or never created
                pass


def _lines(file, at, end):
    """Yield the lines between two offsets of a shared file."""
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
    """Write lines to a stream, PART at a time."""
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
