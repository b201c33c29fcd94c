# Getting what the plan names: into new/, under the numbers of the plan, and believed only after it has been read back.
#
# What a reset or a lost connection has left is used again: a complete file is checked, a part (NUMBER.part) is continued.
# Files that lie together in the bundle come in one answer of the server.

import asyncio
import os

from micropython import const

from base.errors import Failure
from base.paths import exists, isdir, space
from update import ROOM, plan

NEW = ROOM + "new/"
OLD = ROOM + "old/"
RESERVE = const(65536)  # bytes of flash that must stay free
_BUFFER = const(2048)
_BLOCK = const(4096)  # of the flash
_GAP = const(16384)  # bytes that are rather read over than asked for anew
_TRIES = const(4)  # in a row, without a byte more
_PAUSE_MS = const(1000)


class Stage:
    """The download of one plan."""

    def __init__(self, source, bundle, progress=None):
        self.source = source
        self.bundle = bundle
        self.progress = progress  # called with the bytes that are there
        self.buffer = bytearray(_BUFFER)
        self.stream = None
        self.at = 0  # where the stream is
        self.done = 0

    async def get(self, go_on=False, complain=None):
        """Get everything; go_on: a file that cannot be had is complained about, and the others are tried."""
        good = True
        try:
            for step in plan.steps():
                try:
                    await self.file(step)
                except (Failure, OSError) as e:
                    if not go_on:
                        raise
                    complain(step.path, e)
                    good = False
        finally:
            await self.leave()
        return good

    async def file(self, step):
        """One file, complete and checked."""
        path = NEW + step.number
        if plan.size(path) == step.size and plan.sha(path) == step.sha:
            self.advance(step.size)
            return
        part = path + ".part"
        for _ in range(2):
            await self.download(step, part)
            if plan.sha(part) == step.sha:  # what has been read back
                os.rename(part, path)
                return
            os.remove(part)
            self.done -= step.size
            await self.leave()
        raise Failure(step.path, "what has come is not what the release promises")

    async def download(self, step, part):
        """The bytes of one file into part, which may hold some of them."""
        tries = 0
        have = max(plan.size(part), 0)
        if have > step.size:
            os.remove(part)
            have = 0
        self.advance(have)
        with open(part, "ab") as file:
            while have < step.size:
                try:
                    await self.seek(step.at + have)
                    n = await self.read(step.size - have)
                    if not n:
                        raise OSError(104)  # ECONNRESET
                except OSError as e:
                    await self.leave()
                    tries += 1
                    if tries >= _TRIES or not self.source.remote:
                        raise Failure(self.bundle, f"cannot be had (error {e.errno or 0})")
                    if tries > 1:
                        await asyncio.sleep_ms(_PAUSE_MS)
                    continue
                if file.write(memoryview(self.buffer)[:n]) != n:
                    raise OSError(28)  # ENOSPC
                have += n
                tries = 0
                self.advance(n)

    async def seek(self, position):
        """Have the stream at this position of the bundle."""
        if self.stream and not 0 <= position - self.at <= _GAP:
            await self.leave()
        if not self.stream:
            self.stream = await self.source.get(self.bundle, position)
            self.at = self.stream.at
            if self.at > position:
                raise Failure(self.bundle, "the server sends another part than was asked for")
        while self.at < position:  # a server without ranges sends what comes before, too
            if not await self.read(position - self.at):
                raise OSError(104)  # ECONNRESET

    async def read(self, most):
        """At most so many bytes into the buffer."""
        view = self.buffer if most >= _BUFFER else memoryview(self.buffer)[:most]
        n = await self.stream.readinto(view)
        self.at += n
        await asyncio.sleep_ms(0)
        return n

    async def leave(self):
        """Close the stream."""
        if self.stream:
            stream, self.stream = self.stream, None
            await stream.close()

    def advance(self, n):
        self.done += n
        if self.progress:
            self.progress(self.done)


async def fetch(source, name, path, limit):
    """A small file as a whole, to path; Failure where it is longer than limit."""
    stream = await source.get(name)
    try:
        length = getattr(stream, "length", None)
        if length is not None and length > limit:
            raise Failure(name, f"longer than {limit} bytes")
        buffer = bytearray(512)
        have = 0
        with open(path, "wb") as file:
            while n := await stream.readinto(buffer):
                have += n
                if have > limit:
                    raise Failure(name, f"longer than {limit} bytes")
                if file.write(memoryview(buffer)[:n]) != n:
                    raise OSError(28)  # ENOSPC
                await asyncio.sleep_ms(0)
    finally:
        await stream.close()


def room():
    """Failure where the flash has no room for the plan; what is there already and belongs to no plan goes first."""
    last = 0
    need = RESERVE
    for step in plan.steps("racd"):
        last = int(step.number)
        if step.kind == "c":
            need += _BLOCK
        if step.kind != "d" and plan.size(NEW + step.number) != step.size:
            need += -(-step.size // _BLOCK) * _BLOCK - max(plan.size(NEW + step.number + ".part"), 0)
    for name in os.listdir(NEW):
        number = name.partition(".")[0]
        if not number.isdigit() or not 0 < int(number) <= last:
            os.remove(NEW + name)
    free = space("/")[1]
    if need > free:
        raise Failure("", f"the flash has {free // 1024} kB free, and {need // 1024} kB are needed")


def directories():
    """The directories that staging needs."""
    for path in ("/var", ROOM[:-1], NEW[:-1], OLD[:-1]):
        if not isdir(path):
            os.mkdir(path)


def clear(top):
    """Empty a directory of this room."""
    if exists(top):
        for name in os.listdir(top):
            os.remove(top + name)
