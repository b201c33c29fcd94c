# A service that listens: one socket, and a task for each client. What a client needs is loaded with the first of them
# (services.stream has its limits), so that a service that nobody uses costs little.

import asyncio
import sys

from micropython import const

from net.sockets import listener, readable, writable  # noqa: F401  (its rooms take them from here)
from process.stream import Stream
from services import intern

_STEP_MS = const(50)
_LOGIN = const(60)  # seconds in which a client logs in
STALL = const(30)  # seconds in which a client takes something of what waits for it
_SHARED = (
    "services.stream",
    "services.sessions",
    "services.terminal",
    "services.daemon",
    "services.policy",
    "services.protected",
    "base.users",
)

running = []  # the Servers that there are


class Server:
    """A listening socket and its connections. `await serve()` in the process of the service."""

    shell = False  # its clients get a shell
    wait_ms = 10_000  # how long one too many waits for a place or for memory, in the queue of the socket
    roomy = (0, -1)  # ticks at which there was memory for one more, and how many there were then
    told = None  # ticks at which the log was told that clients are sent away
    late = None  # ticks at which those who wait now are sent away

    process = None  # the process of the service

    libraries = None  # the package of others that its room stands on, given back with it

    def __init__(self, name, room, port, most, strangers, idle_ms, full, memory):
        """room: the package whose session.handler(connection) is the life of a client; the limits are those of services.stream.

        most: connections; strangers: of these, how many that have not logged in; full: what is said to one too many, %s is why;
        memory: bytes that must be free for one more.
        """
        from base import config

        self.name = name
        self.room = room
        self.most = most
        self.strangers = strangers
        self.idle_ms = idle_ms
        self.full = full
        self.memory = memory
        options = config.get(name) or {}
        self.login_ms = options.get("login", _LOGIN) * 1000
        self.stall_ms = options.get("stall", STALL) * 1000
        self.connections = []
        self.watcher = None
        self.port = config.port(port)
        self.socket = listener(self.port, options.get("bind"))
        running.append(self)
        intern.look()

    def refusal(self, text):
        """What is sent to a client that is not taken; text says why."""
        return self.full % text.encode() if self.full else b""

    def rest(self):
        """Called about once a second while there are clients: unload what none of them has used for a while."""

    def is_left(self):
        """Whether nothing of its clients is here any more when they have gone."""
        return True

    def main(self, args):
        """The main function of the process of the service."""
        return self.serve()

    async def serve(self):
        """Accept until the task is cancelled; then everything is closed."""
        try:
            while True:
                await readable(self.socket)
                sock = None
                try:
                    while clients().crowded(self):
                        await asyncio.sleep_ms(_STEP_MS)
                    sock, address = self.socket.accept()
                    clients().take(self, sock, address)
                    sock = address = None  # nothing of a client is held here while others are waited for
                except OSError:  # it has gone again, or there is no room for another socket
                    await asyncio.sleep_ms(_STEP_MS)
                except MemoryError:  # who comes waits until others have ended
                    if sock:
                        sock.close()
                    await asyncio.sleep_ms(_STEP_MS)
        finally:
            self.socket.close()
            for connection in list(self.connections):
                connection.task.cancel()
                connection.close()
            self.connections.clear()
            if self.watcher:  # it would hold all this until it looks again
                self.watcher.cancel()
                self.watcher = None
            running.remove(self)
            spare(self)


def clients():
    """The module for clients, which goes with the last of them: nobody keeps it."""
    from services import stream

    return stream


async def leave(server):
    """spare(), in a task of the kernel's, once the task that asks for it is done: until then that holds what it has used."""
    await asyncio.sleep_ms(_STEP_MS)
    if not server.connections:
        spare(server)


def spare(server):
    """Nobody uses this service now: give back what is loaded for its clients, when the garbage is collected."""
    from process import memory

    process = server.process
    if process and process.tasks:  # a task that is done still holds all that it has used
        process.tasks = [task for task in process.tasks if not task.done()]
    if not server.is_left():
        return
    busy = any(other.connections or not other.is_left() for other in running)
    found = True
    while found:  # without a list of them: there may be no room for one
        found = False
        for name in sys.modules:
            used = name == server.room or name.startswith(server.room + ".") or name.split(".")[0] == server.libraries
            if used or (not busy and name in _SHARED):
                memory.unload(name)
                found = True
                break


class Null(Stream):
    """The streams of a service: nobody reads what it prints."""
