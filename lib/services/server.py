# A listening service: one socket, and a task for each client. The code for clients (services.stream has its limits) is
# loaded with the first of them, so an idle service costs little.

import asyncio
import sys

from micropython import const

from base.modules import preload
from net.sockets import listener, readable, writable  # noqa: F401  (for the services)
from process.stream import Stream
from services import intern

_STEP_MS = const(50)
_LOGIN = const(60)  # seconds for a client to log in
STALL = const(30)  # seconds without progress in sending after which a client is dropped
_SHARED = (
    "services.stream",
    "services.sessions",
    "services.terminal",
    "services.daemon",
    "services.policy",
    "services.protected",
    "services.guard",
    "services.http",
    "services.http.protocol",
    "services.http.websocket",
    "net.telnet",
    "net.address",
    "base.users",
)

running = []  # all Servers


class Server:
    """A listening socket and its connections. `await serve()` in the process of the service."""

    shell = False  # clients get a shell
    wait_ms = 10_000  # how long a client waits in the socket's queue for a slot or for memory, before it is refused
    capacity = (0, -1)  # ticks of the last check that found memory for one more client, and the number of clients then
    refusal_logged = None  # ticks at which a refusal was logged last
    refuse_at = None  # ticks at which waiting clients are refused

    process = None  # the process of the service

    def __init__(self, name, package, port, clients_max, unauthenticated_max, idle_ms, refusal_format, memory):
        """package: its session.handler(connection) serves a client; services.stream describes the limits.

        clients_max: connections; unauthenticated_max: of these, those not logged in; refusal_format: what a refused client
        gets, with %s for the reason; memory: bytes that must be free for another client.
        """
        from base import config  # late: unloaded after the boot

        self.name = name
        self.package = package
        self.clients_max = clients_max
        self.unauthenticated_max = unauthenticated_max
        self.idle_ms = idle_ms
        self.refusal_format = refusal_format
        self.memory = memory
        options = config.section(name, True)
        self.login_ms = options.get("login", _LOGIN) * 1000
        self.stall_ms = options.get("stall", STALL) * 1000
        self.connections = []
        self.watcher = None
        self.port = config.port(port)
        self.socket = listener(self.port, options.get("bind"))
        running.append(self)
        preload(
            "asyncio.lock", "asyncio.funcs"
        )  # which stay: loaded among those of a client they would split the free memory
        intern.check()

    def refusal(self, text):
        """The bytes sent to a refused client; text is the reason."""
        return self.refusal_format % text.encode() if self.refusal_format else b""

    def unload_idle(self):
        """Unload modules that no client has used for a while. Called about once a second while there are clients."""

    def is_unused(self):
        """Whether the service keeps no state of disconnected clients."""
        return True

    def main(self, args):
        """The main function of the process of the service."""
        return self.serve()

    async def serve(self):
        """Accept clients until the task is cancelled; then close everything."""
        try:
            while True:
                await readable(self.socket)
                sock = None
                try:
                    while clients().must_wait(self):
                        await asyncio.sleep_ms(_STEP_MS)
                    sock, address = self.socket.accept()
                    clients().accept(self, sock, address)
                    sock = address = None  # keep no reference to a client while waiting for the next
                except OSError:  # the client has disconnected, or the port has no more sockets
                    await asyncio.sleep_ms(_STEP_MS)
                except MemoryError:  # new clients wait until others have ended
                    if sock:
                        sock.close()
                    await asyncio.sleep_ms(_STEP_MS)
        finally:
            self.socket.close()
            for connection in list(self.connections):
                connection.task.cancel()
                connection.close()
            self.connections.clear()
            if self.watcher:  # it would keep the server alive until its next turn
                self.watcher.cancel()
                self.watcher = None
            running.remove(self)
            unload_package(self)


def clients():
    """The module for clients, without keeping a reference: it is unloaded after the last client."""
    from services import stream  # late: with the first client

    return stream


async def unload_later(server):
    """Call unload_package() in a kernel task: the calling task keeps what it has used alive until it is done."""
    await asyncio.sleep_ms(_STEP_MS)
    if not server.connections:
        unload_package(server)


def unload_package(server):
    """Unload the modules for clients of an unused service; the next collection frees them."""
    from process import memory  # late: with the first client

    process = server.process
    if process and process.tasks:  # a task that is done still keeps what it has used alive
        process.tasks = [task for task in process.tasks if not task.done()]
    if not server.is_unused():
        return
    busy = any(other.connections or not other.is_unused() for other in running)
    found = True
    package = server.package
    while found:  # without a list, for which memory may not suffice
        found = False
        for name in sys.modules:
            own = name == package or name.startswith(package + ".")
            if own or (not busy and name in _SHARED and not has_failures(name)):
                memory.unload(name)
                found = True
                break


def has_failures(name):
    """Whether it is the module of the guard, and knows addresses that have failed to log in."""
    return name == "services.guard" and sys.modules[name].has_failures()


class Null(Stream):
    """The streams of a service: output is discarded."""
