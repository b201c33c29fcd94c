# Sockets and the event loop, for servers and clients: waiting, and the differences between ports.

import asyncio
from asyncio import core

from micropython import const

try:
    import socket
except ImportError:  # firmware without a network: a modem may have one
    socket = None

_BACKLOG = const(8)
_ETIMEDOUT = const(110)

_unpack = getattr(socket, "sockaddr", None)  # only the unix port has these two, and needs them
_text = getattr(socket, "inet_ntop", None)


def readable(sock):
    """Wait until the socket is readable. A generator; only this module uses asyncio's internals."""
    yield core._io_queue.queue_read(sock)


def writable(sock):
    """Wait until the socket is writable. A generator."""
    yield core._io_queue.queue_write(sock)


async def within(waiting, ms):
    """The result of a coroutine or generator; OSError(ETIMEDOUT) after ms. None: no limit."""
    if ms is None:
        return await waiting
    try:
        return await asyncio.wait_for_ms(waiting, ms)
    except asyncio.TimeoutError:
        raise OSError(_ETIMEDOUT)


def endpoint(address):
    """(IP, port) of an address from accept() or recvfrom(): a tuple, or packed on the unix port."""
    if _unpack and isinstance(address, (bytes, bytearray)):
        address = _unpack(address)
        return _text(address[0], address[1]), address[2]
    return address[0], address[1]


def sockaddr(ip, port):
    """The argument of connect(), bind() and sendto() for a numeric address."""
    return socket.getaddrinfo(ip, port)[0][-1]


def datagrams(port=None, ip="0.0.0.0"):
    """A non-blocking UDP socket, bound to a port if one is given; OSError."""
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
    """A listening socket on one of the board's addresses, or on all; OSError if it cannot be opened."""
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
