# The master of the photo link (photo.link): it fetches photos over a bus, and repeats what was damaged.
#
# A bus has `async def exchange(line, size, wait_ms)`: send the command, and return a memoryview of the answer, size bytes at
# most; None if there is none within wait_ms. `async def drain()` throws away what is still on its way. OSError: nobody is there.

import asyncio
from binascii import crc32
from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from photo.link import BAD, DATA, GOOD, HEAD, HELLO_SIZE, INFO_SIZE, OLD_DATA, TAIL

ANSWER_MS = const(500)
CAPTURE_MS = const(8000)  # a camera may need several frames for its exposure
GONE_MS = const(20_000)  # how long a slave may be away, for example while it boots, before its master gives up
_PAUSE_MS = const(20)
_OLD_PAUSE_MS = const(50)  # what a slave of the first protocol needs between a command and its answer
_OLD_TRIES = const(3)
_REFUSALS = const(4)  # a damaged command is refused, too: only so many in turn mean that the slave does not know it
_PHOTO_MAX = const(8 * 1024 * 1024)


class Lost(Failure):
    """The photo is not there any more: the slave has restarted, or has taken another one."""


class Master:
    """Fetches photos. `repeats` counts the commands that had to be said again, `packets` all of them."""

    def __init__(self, bus, packet):
        """packet: bytes of a photo in one answer, 1 to 1024."""
        self.bus = bus
        self.packet = packet
        self.repeats = self.packets = 0
        self.second = None  # whether the slave knows the second protocol; None: not asked yet

    async def hello(self):
        """Find out what the slave knows. Failure: no slave answers."""
        start = ticks_ms()
        refused = 0
        while ticks_diff(ticks_ms(), start) < GONE_MS:
            try:
                payload = await self._once("hello 2", HELLO_SIZE, ANSWER_MS)
                if payload:
                    self.second = True
                    self.packet = min(self.packet, payload[2] | payload[3] << 8)
                    return
                if payload is not None and await self._plain("ping"):
                    refused += 1
                    if refused == _REFUSALS:
                        self.second = False
                        return
            except OSError:
                pass
            await self._again()
        raise Failure("", "no camera board answers")

    async def capture(self, number):
        """Take a photo; returns (its bytes, its CRC-32). number: a new one for each photo, 32 bits."""
        return await self._info(f"capture {number}", CAPTURE_MS, number)

    async def info(self):
        """(bytes, CRC-32) of the photo that the slave has. Lost: it has none."""
        return await self._info("info", ANSWER_MS, None)

    async def _info(self, command, wait_ms, number):
        payload = await self.request(command, INFO_SIZE, wait_ms)
        found, size, crc = [int.from_bytes(payload[i : i + 4], "little") for i in (0, 4, 8)]
        if number is not None and found != number or not 0 < size <= _PHOTO_MAX:
            raise Lost("", "the camera board gives no valid photo")
        return size, crc

    async def fetch(self, size, write, offset=0):
        """Give the photo from offset on to write(memoryview), in pieces; returns nothing. Lost: begin anew."""
        while offset < size:
            most = min(self.packet, size - offset)
            piece = await self.request(f"get {offset} {most}", most, ANSWER_MS)
            write(piece)
            offset += most

    async def request(self, command, size, wait_ms):
        """The payload of a command, of exactly size bytes, repeated until it comes undamaged."""
        start = ticks_ms()
        refused = 0
        while ticks_diff(ticks_ms(), start) < GONE_MS + wait_ms:
            self.packets += 1
            try:
                payload = await self._once(command, size, wait_ms)
            except OSError:
                payload = None
            if payload:
                return payload
            if payload is not None:
                refused += 1
                if refused == _REFUSALS:
                    raise Lost("", "the camera board has no photo")
            self.repeats += 1
            await self._again()
        raise Failure("", "the camera board does not answer any more")

    async def _again(self):
        await asyncio.sleep_ms(_PAUSE_MS)
        try:
            await self.bus.drain()
        except OSError:
            pass

    async def _once(self, command, size, wait_ms):
        """The payload; b"" if the slave refuses; None if the answer is damaged or missing."""
        line = command.encode()
        got = await self.bus.exchange(line + b"\n", HEAD + size + TAIL, wait_ms)
        if got and got[0] == BAD:
            return b""
        if not got or len(got) < HEAD + size + TAIL or got[0] != DATA or got[1] | got[2] << 8 != size:
            return None
        payload = got[HEAD : HEAD + size]
        crc = int.from_bytes(got[HEAD + size : HEAD + size + TAIL], "little")
        return payload if crc32(payload, crc32(line)) == crc else None

    async def _plain(self, word):
        """Whether a word of the first protocol is answered with 200."""
        got = await self.bus.exchange_old(word.encode(), _OLD_PAUSE_MS)
        return bool(got) and got[0] == GOOD

    async def flash(self, on):
        """Switch the light."""
        for _ in range(_REFUSALS):
            try:
                if await self._plain("flash-on" if on else "flash-off"):
                    return
            except OSError:
                pass
            await self._again()
        raise Failure("", "the camera board has no light")

    async def old_photo(self):
        """The parts of a photo by the first protocol, which tells no damage but that of JPEG's first and last two bytes."""
        for _ in range(_OLD_TRIES):
            try:
                parts = await self._old_parts() if await self._plain("capture") else None
                if parts and parts[0][:2] == b"\xff\xd8" and (b"".join(parts[-2:]))[-2:] == b"\xff\xd9":
                    return parts
            except OSError:
                pass
            self.repeats += 1
            await self._again()
        raise Failure("", "the camera board gives no valid photo")

    async def _old_parts(self):
        parts = []
        total = 0
        await asyncio.sleep_ms(3 * _OLD_PAUSE_MS)
        while total <= _PHOTO_MAX:
            self.packets += 1
            got = await self.bus.exchange_old(b"get", _OLD_PAUSE_MS)
            if not got or got[0] != OLD_DATA:
                return None
            size = await self.bus.more(2)
            size = size[0] | size[1] << 8 if size else 0xFFFF
            if not size:
                return parts
            part = await self.bus.more(size) if size <= 1024 else None
            if not part:
                return None
            parts.append(bytes(part))
            total += size
        return None
