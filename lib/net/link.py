# A link: a TCP connection of a client, with or without TLS, with a timeout for each wait.

import asyncio
import socket
from errno import EINPROGRESS

from micropython import const

from base.errors import Failure, reason
from net.sockets import readable, sockaddr, within, writable
from process import cpu

CONNECT_MS = const(15_000)
IDLE_MS = const(30_000)  # how long the peer may send nothing, or accept nothing
_PIECE = const(512)  # bytes read at a time for line()
_TURN = const(16)  # reads without waiting, before other tasks may run
_TCP = const(6)  # IPPROTO_TCP
_NODELAY = const(1)
_ECONNRESET = const(104)

links = []  # the open ones, for netstat: (host, port, program) of each


class Link:
    """An open connection. read(), line(), exactly() and send() raise OSError; ETIMEDOUT after idle_ms."""

    rest = b""  # received, not read yet
    turn = 0

    def __init__(self, sock, peer, idle_ms=IDLE_MS):
        self.sock = sock
        self.peer = peer + (cpu.current.name,)
        self.idle_ms = idle_ms  # None: no limit
        links.append(self.peer)

    def close(self):
        if self.sock:
            self.sock.close()
            self.sock = None
            links.remove(self.peer)

    async def readinto(self, buffer):
        """Read at least one byte into buffer; 0 at the end."""
        if self.rest:
            n = min(len(self.rest), len(buffer))
            buffer[:n] = self.rest[:n]
            self.rest = self.rest[n:]
            return n
        try:
            while (n := self.sock.readinto(buffer)) is None:
                self.turn = 0
                await within(readable(self.sock), self.idle_ms)
        except (OSError, ValueError) as e:
            self.explain(e)
        self.turn += 1
        if self.turn > _TURN:
            self.turn = 0
            await asyncio.sleep_ms(0)
        return n

    def at_once(self, buffer):
        """Like readinto(), but without waiting; None if there is no data, or if other tasks should run first."""
        if self.rest or self.turn >= _TURN:
            return None
        try:
            n = self.sock.readinto(buffer)
        except (OSError, ValueError) as e:
            self.explain(e)
        self.turn += 1
        return n

    async def read(self, n=_PIECE):
        """Read one to n bytes; b"" at the end."""
        if self.rest:
            data = self.rest[:n]
            self.rest = self.rest[n:]
            return data
        try:
            while (data := self.sock.read(n)) is None:
                self.turn = 0
                await within(readable(self.sock), self.idle_ms)
        except (OSError, ValueError) as e:
            self.explain(e)
        return data

    def explain(self, error):
        """Raise error, TLS errors as Failure (the handshake is part of the first write)."""
        number = error.args[0] if error.args else 0
        if isinstance(error, ValueError) or (isinstance(number, int) and number < 0):
            from net import tls  # late: only for an error of TLS

            raise tls.failure(self.peer[0], number)
        raise error

    async def exactly(self, n):
        """Read n bytes; OSError if the connection ends before."""
        parts = []
        while n:
            data = await self.read(n)
            if not data:
                raise OSError(_ECONNRESET)
            parts.append(data)
            n -= len(data)
        return b"".join(parts)

    async def line(self, limit):
        """Read a line, without its newline; Failure if it exceeds limit, OSError if the connection ends before."""
        while (end := self.rest.find(b"\n")) < 0:
            if len(self.rest) > limit:
                raise Failure(self.peer[0], "line too long")
            before, self.rest = self.rest, b""
            more = await self.read()
            if not more:
                raise OSError(_ECONNRESET)
            self.rest = before + more
        line = self.rest[:end]
        self.rest = self.rest[end + 1 :]
        return line[:-1] if line[-1:] == b"\r" else line

    async def send(self, data):
        """Send all of data."""
        view = memoryview(data)
        try:
            while len(view):
                n = self.sock.write(view)
                if n:
                    view = view[n:]
                if len(view):
                    await within(writable(self.sock), self.idle_ms)
        except (OSError, ValueError) as e:
            self.explain(e)


async def connect(host, port, connect_ms=CONNECT_MS, idle_ms=IDLE_MS, context=None):
    """Connect to a host; with context (net.tls) over TLS. Returns a Link; Failure with the reason."""
    name = cpu.current.getenv("MODEM")
    if name:
        try:
            from modem import link  # late: only with a modem
        except ImportError:
            raise Failure(str(name), "no modems here (pkg install modem)")
        return await link.connect(str(name), host, port, connect_ms, idle_ms, context)
    from net import resolver  # late: a modem has its own

    ip = await resolver.address(host)
    sock = socket.socket()
    try:
        sock.setblocking(False)
        try:
            sock.setsockopt(_TCP, _NODELAY, 1)
        except (OSError, ValueError, TypeError):  # not on this port
            pass
        try:
            sock.connect(sockaddr(ip, port))
        except OSError as e:
            if e.args[0] != EINPROGRESS:
                raise
        await within(writable(sock), connect_ms)
        sock.send(b"")  # fails if the connection was refused
        if context:
            sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
            sock.setblocking(False)
        found, sock = Link(sock, (host, port), idle_ms), None
        return found
    except OSError as e:
        raise Failure(f"{host}:{port}", reason(e), 28 if e.args[0] == 110 else 7)  # curl's exit statuses
    finally:
        if sock:
            sock.close()
