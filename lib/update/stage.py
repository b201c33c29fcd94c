# Staging: download the files of the plan to new/, named by their numbers, and verify them by reading them back.
#
# What a reset or a lost connection has left is used again: a complete file is checked, a part (NUMBER.part) is continued.
# Files that lie together in the bundle come in one answer of the server.

import asyncio
import os

from micropython import const

from base.errors import Failure
from update import NEW, plan

_BUFFER = const(2048)
GAP = const(16384)  # bytes: a smaller gap is read and discarded instead of sending another request
TRIES = const(4)  # in a row, without a byte more
_PAUSE_MS = const(1000)


class Stage:
    """The download of one plan."""

    def __init__(self, source, bundle, image="", progress=None):
        self.source = source
        self.bundle = bundle
        self.image = image  # what the chunks of a ROMFS image are parts of
        self.progress = progress  # called with the number of bytes staged
        self.buffer = bytearray(_BUFFER)
        self.stream = None
        self.at = 0  # where the stream is
        self.done = 0

    async def get(self, kinds, go_on=False, complain=None):
        """Stage the steps of these kinds. go_on: report a file that cannot be downloaded, and go on with the others."""
        good = True
        try:
            for step in plan.steps(kinds.replace("d", "")):
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
        """Stage one file, complete and verified."""
        path = NEW + step.number
        if self.source.foreign:
            await self.leave()
            self.bundle = step.path[1:]
        if step.kind == "b" and self.bundle != self.image:
            await self.leave()
            self.bundle = self.image
        if plan.size(path) == step.size and plan.sha(path, step.sha) == step.sha:
            self.advance(step.size)
            return
        part = path + ".part"
        for _ in range(2):
            await self.download(step, part)
            if plan.sha(part, step.sha) == step.sha:  # read back from the flash
                os.rename(part, path)
                return
            os.remove(part)
            self.done -= step.size
            await self.leave()
        raise Failure(step.path, "checksum mismatch")

    async def download(self, step, part):
        """Download one file into part, which may hold the beginning of it."""
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
                    if tries >= TRIES or not self.source.remote:
                        raise Failure(self.bundle, f"cannot be downloaded (error {e.errno or 0})")
                    if tries > 1:
                        await asyncio.sleep_ms(_PAUSE_MS)
                    continue
                if file.write(memoryview(self.buffer)[:n]) != n:
                    raise OSError(28)  # ENOSPC
                have += n
                tries = 0
                self.advance(n)

    async def seek(self, position):
        """Move the stream to this position of the bundle."""
        if self.stream and not 0 <= position - self.at <= GAP:
            await self.leave()
        if not self.stream:
            self.stream = await self.source.get(self.bundle, position)
            self.at = self.stream.at
            if self.at > position:
                raise Failure(self.bundle, "the server sent the wrong range")
        while self.at < position:  # a server without ranges sends what comes before, too
            if not await self.read(position - self.at):
                raise OSError(104)  # ECONNRESET

    async def read(self, most):
        """Read at most so many bytes into the buffer."""
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
