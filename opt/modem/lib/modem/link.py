# Connections through a modem, with the interface of net.link.Link: all TCP clients use them if the variable MODEM is set.
#
# A driver (modem.espat ...) opens one connection at a time. If the firmware has TLS, the board encrypts and the modem sees
# encrypted data only. Otherwise the modem encrypts, without verifying certificates.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

import modem
from base.errors import Failure
from net.link import Link
from net.tls import BY_MODEM
from process import cpu

_STEP_MS = const(50)
_CLOSE_MS = const(5000)


class ModemLink(Link):
    """An open connection through a modem."""

    def at_once(self, buffer):
        """None: data must be requested by a command."""
        return None

    async def readinto(self, buffer):
        data = await self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    async def read(self, n=512):
        if self.rest:
            data = self.rest[:n]
            self.rest = self.rest[n:]
            return data
        try:
            return await self.sock.receive(n, self.idle_ms)
        except (OSError, ValueError) as e:
            self.explain(e)

    async def send(self, data):
        try:
            await self.sock.send(data)
        except (OSError, ValueError) as e:
            self.explain(e)


class Connection:
    """The socket of a ModemLink."""

    driver = None

    def __init__(self, owner):
        self.modem = owner
        self.inbox = bytearray()
        owner.connection = self
        self.process = cpu.current
        self.open = True

    async def receive(self, n, ms):
        """Receive at most n bytes; b"" at the end."""
        while not self.inbox:
            if not await self.driver.receive(ms):
                if self.driver.lost:
                    raise Failure(self.modem.name, "the modem has lost the network")
                return b""
        data = bytes(self.inbox[:n])
        self.inbox[:n] = b""
        return data

    async def send(self, data):
        if self.driver.closed:
            raise OSError(104)  # ECONNRESET
        view = memoryview(data)
        piece = self.driver.piece
        while len(view):
            await self.driver.send(view[:piece])
            view = view[piece:]

    def close(self):
        if self.open:
            self.open = False
            cpu.schedule(self.hang_up())

    async def hang_up(self):
        """Close the connection at the modem, which allows the next one."""
        owner = self.modem
        try:
            if self.driver:
                await asyncio.wait_for_ms(self.driver.close(), _CLOSE_MS)
        except (Failure, OSError, asyncio.TimeoutError):
            pass
        if self.driver:
            self.driver.attach(None)
        owner.connection = None


async def connect(name, host, port, connect_ms, idle_ms, context=None):
    """Connect to a host through a modem; returns a Link, or raises Failure."""
    owner = modem.get(name)
    limit = ticks_add(ticks_ms(), connect_ms)
    while (held := owner.connection) is not None:
        if held.process.status is not None:  # its process has ended
            held.close()
        if ticks_diff(limit, ticks_ms()) < 0:
            raise Failure(name, f"{held.process.name} is using the modem", 7)
        await asyncio.sleep_ms(_STEP_MS)
    connection = Connection(owner)  # now the modem is ours
    try:
        if not owner.driver:
            from modem.families import driver

            owner.driver = await driver(owner.channel)
        connection.driver = owner.driver
        owner.driver.attach(connection.inbox.extend)
        if context is BY_MODEM and not owner.driver.tls:
            raise Failure(name, "neither this firmware nor the modem has TLS", 35)
        await owner.driver.open(host, port, context is BY_MODEM, connect_ms)
        if context and context is not BY_MODEM:
            from modem.secure import Secure

            connection = Secure(connection, context, host)
        found, connection = ModemLink(connection, (host, port), idle_ms), None
        return found
    finally:
        if connection:
            connection.close()
