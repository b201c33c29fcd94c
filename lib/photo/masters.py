# The buses of a master of the photo link, for photo.fetch: I2C and a serial line.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from photo.link import DATA, HEAD, PACKET_MAX, PENDING, TAIL

_TURN_MS = const(2)  # a slave needs about so long for an answer that is there
_PENDING_MS = const(50)  # the longest pause before it is asked again
_BYTE_MS = const(60)  # a pause this long on a serial line is the end of what comes
_BUFFER = PACKET_MAX + HEAD + TAIL


class I2CBus:
    """A slave at an address of an I2C bus."""

    def __init__(self, i2c, address):
        self.i2c = i2c
        self.address = address
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)

    async def exchange(self, line, size, wait_ms):
        """Say the command until the slave is ready: reading a second time need not give the same bytes."""
        end = ticks_add(ticks_ms(), wait_ms)
        pause = _TURN_MS
        while True:
            self.i2c.writeto(self.address, line)
            await asyncio.sleep_ms(pause)
            view = self._view[:size]
            self.i2c.readfrom_into(self.address, view)
            if view[0] != PENDING:
                return view
            if ticks_diff(end, ticks_ms()) <= 0:
                return None
            pause = min(2 * pause, _PENDING_MS)

    async def exchange_old(self, word, wait_ms):
        """Say a command of the first protocol; returns the first byte of the answer."""
        self.i2c.writeto(self.address, word)
        await asyncio.sleep_ms(wait_ms)
        return await self.more(1)

    async def more(self, size):
        """Read further bytes of an answer."""
        view = self._view[:size]
        self.i2c.readfrom_into(self.address, view)
        return view

    async def drain(self):
        """Read what a slave with a queue may still have."""
        self.i2c.readfrom_into(self.address, self._view)


class SerialBus:
    """A slave at the other end of a UART, whose buffer for input is that of an answer at least."""

    def __init__(self, uart):
        self.uart = uart
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)

    async def _read(self, start, size, wait_ms):
        """Read up to index size of the buffer; returns how many bytes are there."""
        end = ticks_add(ticks_ms(), wait_ms)
        while start < size:
            if self.uart.any():
                start += self.uart.readinto(self._view[start:size]) or 0
                end = ticks_add(ticks_ms(), _BYTE_MS)
            elif ticks_diff(end, ticks_ms()) <= 0:
                break
            else:
                await asyncio.sleep_ms(1)
        return start

    async def exchange(self, line, size, wait_ms):
        self._flush()
        self.uart.write(line)
        if not await self._read(0, 1, wait_ms):
            return None
        if self._view[0] != DATA:
            return self._view[:1]
        return self._view[: await self._read(1, size, _BYTE_MS)]

    async def exchange_old(self, word, wait_ms):
        self._flush()
        self.uart.write(word + b"\n")
        return await self.more(1, wait_ms)

    async def more(self, size, wait_ms=_BYTE_MS):
        got = await self._read(0, size, wait_ms)
        return self._view[:size] if got == size else None

    async def drain(self):
        """Wait until nothing comes any more."""
        while await self._read(0, _BUFFER, _BYTE_MS):
            pass

    def _flush(self):
        while self.uart.any():
            self.uart.readinto(self._view)
