# aioespnow: espnow for asyncio (https://docs.micropython.org/en/latest/library/espnow.html#supporting-asyncio).

from asyncio import core

import espnow


class AIOESPNow(espnow.ESPNow):
    """The radio, whose methods can be awaited."""

    async def arecv(self):
        await _ready(self)
        return self.recv(0)

    async def airecv(self):
        await _ready(self)
        return self.irecv(0)

    async def asend(self, mac, msg=None, sync=None):
        if msg is None:
            return self.send(mac)
        return self.send(mac, msg, True if sync is None else sync)

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self.airecv()


def _ready(stream):
    """Wait until there is something to read."""
    yield core._io_queue.queue_read(stream)
