# Downloads into files, with a progress bar: complete or not at all, or resumable with the received part kept.

import os
from asyncio import sleep_ms
from time import ticks_diff, ticks_ms

from micropython import const

from base import files
from base.errors import Failure
from base.paths import dirname, isdir, mode, normal
from base.units import human
from process.stream import Stream

PART = ".part"  # the received part of NAME is NAME.part
_BUFFER = const(8192)  # bytes; a quarter of that if memory is short
_SHOW_MS = const(250)
_BAR = const(24)  # characters
_ENOSPC = const(28)


class Progress:
    """A line on stderr: `name  45% [=====>     ] 12K of 27K, 30K/s`. Without a terminal, only its final state."""

    def __init__(self, process, name):
        self.process = process
        self.name = name.rpartition("/")[2]
        self.done = self.total = 0
        self.before = 0  # bytes of an earlier download
        self.begun = self.shown = ticks_ms()
        self.width = 0

    def add(self, n):
        self.done += n
        if self.process.stderr.isatty() and ticks_diff(ticks_ms(), self.shown) > _SHOW_MS:
            self.shown = ticks_ms()
            self.write(self.text(), "")

    def text(self):
        ms = max(ticks_diff(ticks_ms(), self.begun), 1)
        rate = human((self.done - self.before) * 1000 // ms)
        if not self.total:
            return f"{self.name}  {human(self.done)}, {rate}/s"
        full = min(_BAR * self.done // self.total, _BAR)
        bar = "=" * full + (">" if full < _BAR else "")
        percent = 100 * self.done // self.total
        return f"{self.name} {percent:3}% [{bar:<{_BAR}}] {human(self.done)} of {human(self.total)}, {rate}/s"

    def write(self, text, end):
        if self.process.stderr.isatty():
            blanks = " " * max(self.width - len(text), 0)
            self.width = len(text)
            text = "\r" + text + blanks
        self.process.stderr.write(text + end)

    def finish(self):
        self.write(self.text(), "\n")

    def broken(self):
        """End the line after an error."""
        if self.width:
            self.process.stderr.write("\n")


def good(response):
    """Return the response; Failure if its status is not success."""
    if response.status in (200, 206):
        return response
    response.link.close()
    raise Failure(
        str(response.url.place) + response.url.path[:60], f"server returned {response.status} {response.reason}"
    )


async def stream(response, out, bar=None):
    """Write the body to a Stream, which keeps references to what it gets, or to a file."""
    try:
        buffer = bytearray(_BUFFER)
    except MemoryError:
        buffer = bytearray(_BUFFER // 4)
    view = memoryview(buffer)
    size = len(buffer)
    keeps = isinstance(out, Stream)
    while n := response.at_once(buffer) or await response.readinto(buffer):
        data = buffer if n == size else view[:n]
        if keeps:
            out.write(bytes(data))
            if out.full:
                await sleep_ms(0)  # resumed when the stream has space
        else:
            out.write(data)
        if bar:
            bar.add(n)


async def file(request, url, path, resume=False, bar=None):
    """Download url to the file path. With resume, continue an earlier download, and keep the part if it fails again."""
    if isdir(path):
        raise Failure(path, "Is a directory")
    if path.startswith("/dev/"):
        response = good(await request.follow(url))
        try:
            with open(path, "wb") as out:
                await stream(response, out, bar)
        finally:
            await response.close()
        return
    have = _size(path + PART) if resume else 0
    whole = resume and not have and mode(path)  # complete, or the server has more
    if whole:
        have = _size(path)
    if have:
        request.headers.append(f"Range: bytes={have}-")
    response = await request.follow(url)
    try:
        if response.status == 416 and have and response.header("content-range").rpartition("/")[2] == str(have):
            if not whole:
                files.rename(path + PART, path)
            elif bar:
                bar.process.stderr.write(f"{path}: is complete\n")
            return
        good(response)
        if response.status == 206 and not response.header("content-range").startswith(f"bytes {have}-"):
            raise Failure(url, "the server sent the wrong range")
        start = have if response.status == 206 else 0
        require_space(path, response.length)
        if bar:
            bar.done = bar.before = start
            bar.total = start + response.length if response.length is not None else 0
        try:
            if resume:
                await _append(response, path, start, whole, bar)
            else:
                with files.Replacement(path) as new:
                    await stream(response, new, bar)
        except BaseException:
            if bar:
                bar.broken()
            raise
        if bar:
            bar.finish()
    finally:
        await response.close()


async def _append(response, path, start, whole, bar):
    part = path + PART
    if whole and start:
        await files.copy(path, part)
    with open(part, "ab" if start else "wb") as out:
        await stream(response, _Sized(out), bar)
    files.rename(part, path)


class _Sized:
    """A file whose write() raises ENOSPC."""

    def __init__(self, file):
        self.file = file

    def write(self, data):
        if self.file.write(data) != len(data):
            raise OSError(_ENOSPC)


def _size(path):
    try:
        return os.stat(path)[6]
    except OSError:
        return 0


def require_space(path, length):
    """OSError(ENOSPC) if the file system lacks space for a file of that length."""
    if not length:
        return

    try:
        found = os.statvfs(dirname(normal(path, os.getcwd())))
    except OSError:
        return
    if found[1] * found[3] < length:
        raise OSError(_ENOSPC)
