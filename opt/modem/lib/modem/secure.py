# TLS of the board on a connection through a modem.

import io

from micropython import const

_POLL = const(3)
_READY = const(5)  # POLLIN | POLLOUT
_PIECE = const(1024)
_ECONNRESET = const(104)


class Tunnel(io.IOBase):
    """The socket of the TLS engine: buffers of received bytes, and of bytes to send."""

    def __init__(self):
        self.inbox = b""
        self.outbox = bytearray()
        self.ended = False

    def readinto(self, buffer):
        if not self.inbox:
            return 0 if self.ended else None
        count = min(len(buffer), len(self.inbox))
        buffer[:count] = self.inbox[:count]
        self.inbox = self.inbox[count:]
        return count

    def write(self, data):
        self.outbox.extend(data)
        return len(data)

    def setblocking(self, on):
        """Do nothing: it never blocks."""

    def ioctl(self, request, argument):
        return argument & _READY if request == _POLL else 0


class Secure:
    """A connection (see modem.link) with TLS."""

    def __init__(self, below, context, host):
        self.below = below
        self.tunnel = Tunnel()
        self.tls = context.wrap_socket(self.tunnel, server_hostname=host, do_handshake_on_connect=False)

    async def turn(self, ms=None):
        """Send pending bytes; with ms, also receive."""
        tunnel = self.tunnel
        if tunnel.outbox:
            data, tunnel.outbox = tunnel.outbox, bytearray()
            await self.below.send(data)
        if ms is not None and not tunnel.inbox:
            tunnel.inbox = await self.below.receive(_PIECE, ms)
            if not tunnel.inbox:
                tunnel.ended = True

    async def receive(self, n, ms):
        """Receive at most n bytes; b"" at the end."""
        while (data := self.tls.read(n)) is None:
            if self.tunnel.ended:
                return b""
            await self.turn(ms)
        return data

    async def send(self, data, ms=30_000):
        view = memoryview(data)
        while len(view):
            count = self.tls.write(view[:_PIECE])
            if count:
                view = view[count:]
                await self.turn()
            elif self.tunnel.ended:
                raise OSError(_ECONNRESET)
            else:
                await self.turn(ms)

    def close(self):
        self.below.close()
