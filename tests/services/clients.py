"""Shared by the tests of services: a password, and sockets that wait for what they expect."""

import os
import socket
import struct

import pytest
from harness import PATIENCE

PASSWORD = "geheim"


def receive(sock, wanted, timeout=PATIENCE):
    """Read from a socket up to `wanted`; the rest stays for the next reader."""
    sock.settimeout(timeout)
    data = b""
    while True:
        try:
            piece = sock.recv(4096, socket.MSG_PEEK)
        except TimeoutError:
            raise AssertionError(f"{wanted!r} does not come: {data!r}") from None
        assert piece, f"{wanted!r} does not come before the end: {data!r}"
        end = (data + piece).find(wanted)
        if end >= 0:
            return data + sock.recv(end + len(wanted) - len(data))
        data += sock.recv(len(piece))


def narrow(board, number):
    """A TCP connection to a service, with small buffers for unread data."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
    sock.settimeout(PATIENCE)
    sock.connect(("127.0.0.1", board.port(number)))
    return sock


def is_closed(sock, timeout=PATIENCE):
    """True when the other end closes the connection in time; what it sends before is dropped."""
    sock.settimeout(timeout)
    try:
        while sock.recv(4096):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


def reset(sock):
    """End a connection with a reset instead of an orderly close."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def growth(work, before, limit, stretches=3):
    """By how much the memory that work() reports grows, in the last of up to three stretches of it.

    A leak grows in each. The intern pool gets another table, of some kilobytes, once in several hundred names; and what the
    last session holds comes and goes.
    """
    for _ in range(stretches):
        after = work()
        grown, before = after - before, after
        if grown < limit:
            break
    return grown


class Talk:
    """A terminal at the other end of a connection; a subclass has step(), which adds to `text`, or is False at the end."""

    text = b""

    def wait(self, wanted):
        """Wait for a text; what comes behind it stays for the next call."""
        while wanted not in self.text:
            assert self.step(), self.text
        found, _, self.text = self.text.partition(wanted)
        return found


def unavailable(message):
    """Skip the test; in CI it fails."""
    pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
