# Copy between a process's standard streams and a peer, in both directions at once.

import asyncio

from micropython import const

from base import task_group
from net import resolver
from net.sockets import datagrams, receive, sockaddr

_PIECE = const(1024)
_ETIMEDOUT = const(110)


class Datagrams:
    """A UDP peer with the interface of a Link. A listening one sends to the last sender."""

    def __init__(self, sock, peer):
        self.sock = sock
        self.peer = peer
        self.idle_ms = None

    @staticmethod
    async def open(host, port):
        """A peer to send to; with host None, any sender to the port."""
        if host is not None:
            return Datagrams(datagrams(), sockaddr(await resolver.address(host), port))
        from base import config  # late: only to listen

        return Datagrams(datagrams(config.port(port)), None)

    async def read(self, n):
        while True:
            data, address = await receive(self.sock, n, self.idle_ms)
            self.peer = sockaddr(*address)
            if data:
                return data

    async def send(self, data):
        if self.peer:
            for at in range(0, len(data), _PIECE):
                self.sock.sendto(data[at : at + _PIECE], self.peer)

    def close(self):
        self.sock.close()


async def both(process, peer, rest_ms):
    """Run until the peer closes, is silent for its idle_ms, or rest_ms have passed since the end of the input."""
    done = asyncio.Event()
    errors = []
    await task_group.until(
        done,
        _guarded(_down(process, peer), done, errors),
        _guarded(_up(process, peer, rest_ms), done, errors, rest_ms is None),
    )
    if errors:
        raise errors[0]


async def _guarded(coro, done, errors, endless=False):
    """Run one direction; its end ends both, unless it is endless: then only its failure does."""
    try:
        await coro
        if not endless:
            done.set()
    except Exception as e:
        errors.append(e)
        done.set()


async def _down(process, peer):
    try:
        while data := await peer.read(_PIECE):
            process.stdout.write(data)
    except OSError as e:
        if e.args[0] != _ETIMEDOUT:
            raise


async def _up(process, peer, rest_ms):
    while data := await process.stdin.read():
        await peer.send(data)
    if rest_ms is not None:
        await asyncio.sleep_ms(rest_ms)
