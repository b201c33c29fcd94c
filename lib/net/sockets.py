# Sockets and the event loop: how a task waits for them, and what ports do differently. For servers and clients.

import asyncio
from asyncio import core

from micropython import const

try:
    import socket
except ImportError:  # a firmware without a network: a modem may do without
    socket = None

_BACKLOG = const(8)
_ETIMEDOUT = const(110)

_unpack = getattr(socket, "sockaddr", None)  # the unix port alone has these two, and needs them
_text = getattr(socket, "inet_ntop", None)


def readable(sock):
    """Wait until there is something to read. A generator; here alone it is known how asyncio waits for sockets."""
    yield core._io_queue.queue_read(sock)


def writable(sock):
    """Wait until something can be written. A generator."""
    yield core._io_queue.queue_write(sock)


async def within(waiting, ms):
    """What a coroutine or generator gives within ms; OSError(ETIMEDOUT) after that. ms None: no limit."""
    if ms is None:
        return await waiting
    try:
        return await asyncio.wait_for_ms(waiting, ms)
    except asyncio.TimeoutError:
        raise OSError(_ETIMEDOUT)


def endpoint(address):
    """(IP, port) of what accept() and recvfrom() give: a tuple, or the packed address of the unix port."""
    if _unpack and isinstance(address, (bytes, bytearray)):
        address = _unpack(address)
        return _text(address[0], address[1]), address[2]
    return address[0], address[1]


def sockaddr(ip, port):
    """What connect(), bind() and sendto() take for a numeric address."""
    return socket.getaddrinfo(ip, port)[0][-1]


def datagrams(port=None, ip="0.0.0.0"):
    """A UDP socket that never blocks, bound to a port where one is given; OSError."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        if port is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(sockaddr(ip, port))
        return sock
    except BaseException:
        sock.close()
        raise


async def receive(sock, size, ms=None):
    """(data, (IP, port)) of the next datagram; OSError(ETIMEDOUT) after ms."""
    await within(readable(sock), ms)
    data, address = sock.recvfrom(size)
    return data, endpoint(address)


def listener(port, host=None):
    """A socket that listens on port, at one of the board's addresses or at all; OSError where that cannot be."""
    sock = socket.socket()
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(socket.getaddrinfo(host or "0.0.0.0", port)[0][-1])
        sock.listen(_BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock
