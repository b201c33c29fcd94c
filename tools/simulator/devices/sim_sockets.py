# sim_sockets: usocket and uselect as the firmware of a board has them: an address is (HOST, PORT), and there is select().
#
# The system imports socket and select, which are this computer's own and quick. Programs for boards import these, too.

import io
import select as native_select
import socket as native
from socket import *  # noqa: F403  (the constants)

from micropython import const

_FILENO = const(10)  # requests to a stream
_CLOSE = const(4)


class socket(io.IOBase):
    """A socket that takes and gives addresses as pairs."""

    def __init__(self, *args, own=None):
        self._own = own or native.socket(*args)

    def __getattr__(self, name):
        return getattr(self._own, name)

    def ioctl(self, request, argument):
        if request == _CLOSE:
            self._own.close()
            return 0
        return self._own.fileno() if request == _FILENO else -1

    def readinto(self, *args):
        return self._own.readinto(*args)

    def write(self, *args):
        return self._own.write(*args)

    def bind(self, address):
        self._own.bind(_packed(address))

    def connect(self, address):
        self._own.connect(_packed(address))

    def sendto(self, data, address):
        return self._own.sendto(data, _packed(address))

    def recvfrom(self, size):
        data, address = self._own.recvfrom(size)
        return data, _pair(address)

    def accept(self):
        own, address = self._own.accept()
        return socket(own=own), _pair(address)


def getaddrinfo(*args):
    return [entry[:-1] + (_pair(entry[-1]),) for entry in native.getaddrinfo(*args)]


def _packed(address):
    return native.getaddrinfo(address[0] or "0.0.0.0", address[1])[0][-1] if isinstance(address, tuple) else address


def _pair(address):
    family, host, port = native.sockaddr(address)[:3]
    return native.inet_ntop(family, host), port


def poll():
    return native_select.poll()


def select(readers, writers, errors, timeout=None):
    """The three lists of what is ready within timeout seconds."""
    poller = native_select.poll()
    flags = {}
    for streams, flag in (
        (readers, native_select.POLLIN),
        (writers, native_select.POLLOUT),
        (errors, native_select.POLLERR),
    ):
        for stream in streams:
            flags[id(stream)] = flags.get(id(stream), 0) | flag
            poller.register(stream, flags[id(stream)])
    ready = poller.poll(-1 if timeout is None else int(timeout * 1000))
    broken = native_select.POLLERR | native_select.POLLHUP
    return (
        [stream for stream, event in ready if stream in readers and event & (native_select.POLLIN | broken)],
        [stream for stream, event in ready if stream in writers and event & (native_select.POLLOUT | broken)],
        [stream for stream, event in ready if stream in errors and event & broken],
    )
