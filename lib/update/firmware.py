# The firmware of an ESP32: written to the other partition, read back, and started on trial. The bootloader rolls back by
# itself unless the system confirms the firmware after the trial (kernel.trial).

import asyncio
from hashlib import sha256

from micropython import const

import recovery
from base.errors import Failure
from repository import source, verify
from update import ROOM, plan, status

MARK = ROOM + "firmware"  # the label of the partition that is on trial
STATE = "firmware"  # what recovery.py finds

_BLOCK = const(4096)
_MAGIC = const(0xE9)  # the first byte of an image
_TRIES = const(4)  # in a row, without a byte more
_PAUSE_MS = const(1000)


def partitions():
    """(the running partition, the one for the next firmware); Failure if the board has no second one."""
    try:
        Partition = __import__("esp32").Partition  # noqa: N806 (not every port has the module)
        running = Partition(Partition.RUNNING)
        return running, running.get_next_update()
    except (ImportError, AttributeError, OSError):
        raise Failure("", "this board has no second partition for a firmware")


class Image:
    """An image on its way into a partition."""

    def __init__(self, place, target, process):
        base, _, self.name = place.rpartition("/")
        self.source = source.Source(base + "/", "") if "://" in place else source.find(base or ".", "", process.cwd)
        self.target = target
        self.size = target.ioctl(4, 0) * target.ioctl(5, 0)
        self.buffer = bytearray(_BLOCK)
        self.got = 0
        self.process = process

    async def write(self):
        """Download and write the image; returns its SHA-256."""
        state = sha256()
        block = 0
        while n := await self.block():
            if not block and self.buffer[0] != _MAGIC:
                raise Failure(self.name, "not a firmware for this chip")
            if (block + 1) * _BLOCK > self.size:
                raise Failure(self.name, f"larger than the partition ({self.size // 1024} kB)")
            state.update(memoryview(self.buffer)[:n])
            for i in range(n, _BLOCK):
                self.buffer[i] = 0xFF
            self.target.writeblocks(block, self.buffer)
            block += 1
            if self.process.stderr.isatty():
                self.process.stderr.write(f"\r{self.got // 1024} kB")
            await asyncio.sleep_ms(0)
        return state.digest()

    stream = None

    async def block(self):
        """Fill the buffer; returns the number of bytes. Reconnects after a lost connection."""
        view = memoryview(self.buffer)
        filled = tries = 0
        while filled < _BLOCK:
            try:
                if not self.stream:
                    self.stream = await self.source.get(self.name, self.got)
                    if self.stream.at != self.got:
                        raise Failure(self.name, "the server does not support ranges")
                n = await self.stream.readinto(view[filled:])
            except OSError as e:
                await self.close()
                tries += 1
                if tries >= _TRIES or not self.source.remote:
                    raise Failure(self.name, f"cannot be downloaded (error {e.errno or 0})")
                await asyncio.sleep_ms(_PAUSE_MS)
                continue
            if not n:
                break
            tries = 0
            filled += n
            self.got += n
        return filled

    async def close(self):
        if self.stream:
            stream, self.stream = self.stream, None
            await stream.close()

    def read_back(self):
        """The SHA-256 of the image as the partition holds it."""
        state = sha256()
        left = self.got
        block = 0
        while left > 0:
            self.target.readblocks(block, self.buffer)
            state.update(memoryview(self.buffer)[: min(left, _BLOCK)])
            left -= _BLOCK
            block += 1
        return state.digest()


async def install(place, process, unsigned):
    """Write an image to the other partition and boot it on trial; returns its size."""
    status.check_idle()
    target = partitions()[1]
    plan.directories()
    image = Image(place, target, process)
    signature = plan.MANIFEST + ".sig"
    if not unsigned:
        try:
            await source.fetch(image.source, image.name + ".sig", signature, verify.BYTES)
        except OSError:
            raise Failure(image.name + ".sig", "missing: cannot verify this firmware")
    try:
        digest = await image.write()
    finally:
        await image.close()
    if not unsigned:
        verify.check_signature(digest, signature)
    if image.read_back() != digest:
        raise Failure(image.name, "verification of the flash failed")
    try:
        target.set_boot()
    except OSError:
        raise Failure(image.name, "not a valid firmware for this chip")
    recovery.put(MARK, target.info()[4])
    recovery.forget(recovery.RESULT)
    recovery.put(recovery.STATE, STATE)
    return image.got


def confirm():
    """Record whether the firmware passed its trial or the bootloader rolled back."""
    with open(MARK) as file:
        wanted = file.read().strip()
    running = partitions()[0]
    if running.info()[4] == wanted:
        running.mark_app_valid_cancel_rollback()
        recovery.put(recovery.RESULT, "the new firmware is confirmed")
    else:
        recovery.put(recovery.RESULT, "the new firmware failed its trial: the previous one runs")
    recovery.forget(recovery.STATE)
    recovery.forget(MARK)
    recovery.confirmed = True
    status.watchdog()
