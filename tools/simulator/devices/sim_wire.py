# Wires between two simulators of this computer, for I2C and UART: datagram sockets in a directory, and the faults of a bad cable.
#
# PATH.noise is how many of 100 transfers are damaged, PATH.seed which ones: the same in each run. PATH.damaged counts them.

import os
import socket

import vfs
from micropython import const

import simulator

_UNIX = const(1)  # AF_UNIX
_FRAME = const(4096)  # bytes


def address(directory, name):
    """A packed sockaddr_un."""
    return b"\1\0" + ("%s/%s" % (directory, name)).encode() + b"\0"


def names(directory):
    """What is connected to the wire."""
    return [entry[0] for entry in vfs.VfsPosix(directory).ilistdir("/")]


def plug(directory, name=None):
    """A socket of this name in the directory; None: of a new one."""
    sock = socket.socket(_UNIX, socket.SOCK_DGRAM)
    sock.setblocking(False)
    name = name or "end-" + os.urandom(6).hex()
    try:
        vfs.VfsPosix(directory).remove("/" + name)  # that of the board before a reset
    except OSError:
        pass
    sock.bind(address(directory, name))
    return sock


class Noise:
    """The faults of one bus or line."""

    def __init__(self, path):
        self._path = path
        self._state = None

    def number(self, below):
        """The next number of the sequence, 0 to below - 1."""
        if self._state is None:
            self._state = simulator.get(self._path + "seed", 1)
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 8) % below

    def damage(self, data):
        """What arrives of the bytes: all, with a bit changed, with a byte lost, or None."""
        if self.number(10_000) >= simulator.get(self._path + "noise", 0) * 100 or not data:
            return data
        path = self._path + "damaged"
        simulator.put(path, simulator.get(path, 0) + 1)
        kind = self.number(8)
        if not kind:
            return None
        place = self.number(len(data))
        if kind < 4:
            return bytes(data[:place]) + bytes(data[place + 1 :])
        data = bytearray(data)
        data[place] ^= 1 << self.number(8)
        return bytes(data)


class Cable:
    """The end of a serial cable."""

    def __init__(self, path, feed):
        """feed(bytes): called with what the other end sends."""
        self._directory, _, name = simulator.get(path + "wire").partition(":")
        self._sock = plug(self._directory, name)
        self._other = address(self._directory, "b" if name == "a" else "a")
        self._noise = Noise(path)
        self._feed = feed
        simulator.pollers.append(self._poll)

    def _poll(self):
        while True:
            try:
                data = self._sock.recv(_FRAME)
            except OSError:
                return
            self._feed(data)

    def send(self, data):
        """Send bytes. Without anybody at the other end they are lost."""
        for start in range(0, len(data), _FRAME):
            part = self._noise.damage(data[start : start + _FRAME])
            try:
                self._sock.sendto(part or b"", self._other)
            except OSError:
                pass
