# The clients of a Server: their connections, and the task that enforces their limits. Loaded with the first client.
#
# There are at most `clients_max` connections, of these `unauthenticated_max` not logged in. A client must log in within
# `login_ms`. When the slots or the memory are used up, a new client replaces the oldest unauthenticated one. A peer that
# sends nothing for `idle_ms` gets `farewell` and is dropped; so is one that accepts no output for `stall_ms`.
# Nothing is queued here: send() and fill() wait for the peer, and block only their caller.

import asyncio
import gc
import socket
import sys
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base.modules import unload
from net.sockets import endpoint, readable, writable
from process import cpu
from process.process import evict
from services import intern
from services.server import unload_later

_MIN_MS = const(4_000)  # an unauthenticated client is not evicted before; new clients wait meanwhile
_WATCH_MS = const(1_000)
_LINGER = const(2)  # checks without a client, after which the modules are unloaded
_CHECK_MS = const(200)  # between two checks of the memory: one takes longer than a short answer
_PATIENCE_MS = const(15_000)  # how long a request waits for memory
_RESERVED = const(10_240)
_SHELL = const(40_960)  # bytes that the shell takes with the first session
_UNLOADABLE = const(24_576)  # of these, bytes of modules that are unloaded while memory is short
_SMALL = const(1024)  # bytes of a buffer where memory is short
_LEAST = const(256)  # and where it is in small pieces, too
_TCP = const(6)  # IPPROTO_TCP and its options; few ports have their names
_NODELAY = const(1)
_ERR = const(3)  # levels of base.log
_WARNING = const(4)
_INFO = const(6)


def tune(sock):
    """Set TCP_NODELAY, and keepalive to detect dead peers."""
    sock.setblocking(False)
    options = [(_TCP, _NODELAY, 1), (socket.SOL_SOCKET, getattr(socket, "SO_KEEPALIVE", 8), 1)]
    if sys.platform == "linux":
        # idle 60 s, then every 15 s, 4 times; urgent data stays in the stream (SO_OOBINLINE)
        options += [(_TCP, 4, 60), (_TCP, 5, 15), (_TCP, 6, 4), (1, 10, 1)]
    for level, name, value in options:
        try:
            sock.setsockopt(level, name, value)
        except (OSError, ValueError, TypeError):  # not on this port
            pass


class Connection:
    """One client. Its handler's task does all waiting for it; the server cancels that task to drop the client."""

    farewell = b""  # sent to a client that has been idle for too long
    admitted = False  # logged in
    stalled = False  # output waits for the peer
    task = None
    on_watch = None  # a function called about once a second
    idle = False  # waits for the next request: the first to be dropped for another client
    reserved = _RESERVED  # bytes of memory that it will need but has not allocated yet

    def __init__(self, sock, address, idle_ms):
        self.sock = sock
        self.address = address
        self.idle_ms = idle_ms
        self.opened = self.last = self.moved = ticks_ms()  # accepted, last input, last output accepted

    async def fill(self, buffer):
        """Read into buffer, at least one byte; returns the number of bytes, 0 at the end."""
        while True:
            count = self.sock.readinto(buffer)
            if count is not None:
                self.last = ticks_ms()
                return count
            await readable(self.sock)

    def push(self, data):
        """Write what the socket accepts now; returns the number of bytes. OSError if the peer has disconnected."""
        count = self.sock.write(data) or 0
        if count or not self.stalled:
            self.moved = ticks_ms()
        return count

    async def send(self, data, done=0):
        """Send data after its first `done` bytes."""
        size = len(data)
        if not done:
            done = self.push(data)
        if done < size:
            view = memoryview(data)
            self.stalled = True
            while done < size:
                await writable(self.sock)
                done += self.push(view[done:])
            self.stalled = False

    async def send_file(self, file, left, data, turn_ms):
        """Send the next `left` bytes of a file through the buffer `data`; returns how many bytes the file lacks.

        After turn_ms milliseconds other tasks run.
        """
        size = len(data)
        view = memoryview(data)
        push = self.push
        turn = ticks_ms()
        while left > 0 and (count := file.readinto(data if left >= size else view[:left])):
            left -= count
            piece = data if count == size else view[:count]
            done = push(piece)
            if done != count:
                await self.send(piece, done)
            if ticks_diff(ticks_ms(), turn) > turn_ms:
                await asyncio.sleep_ms(0)
                turn = ticks_ms()
        return left

    def close(self):
        self.sock.close()


def buffer(size):
    """A buffer of at most size bytes, less where memory is short or in small pieces; MemoryError if there is hardly any."""
    while True:
        try:
            return bytearray(size)
        except MemoryError:
            if size <= _LEAST:
                raise
            if size <= _SMALL:
                evict(True)
            size = _SMALL if size > _SMALL else _LEAST


def close_idle(server):
    """Close a connection that only waits for another request; returns whether there was one."""
    for connection in server.connections:
        if connection.idle:
            connection.idle = False
            connection.task.cancel()
            return True
    return False


def must_wait(server):
    """True while the next client must wait: a connection is closing, or the one to be replaced is too recent."""
    capacity = has_capacity(server)
    if not capacity and close_idle(server):
        return True
    unauthenticated = [c for c in server.connections if not c.admitted]
    if unauthenticated and ticks_diff(ticks_ms(), unauthenticated[0].opened) <= _MIN_MS:
        return len(unauthenticated) >= server.unauthenticated_max or not capacity
    if capacity:
        server.refuse_at = None
        return False
    if server.refuse_at is None:
        server.refuse_at = ticks_add(ticks_ms(), server.wait_ms)
    return ticks_diff(server.refuse_at, ticks_ms()) > 0


def has_capacity(server):
    """True if another client fits: a slot, and memory beside what the present clients have reserved."""
    if len(server.connections) >= server.clients_max:
        return False
    count = len(server.connections)
    if count <= server.capacity[1] and ticks_diff(ticks_ms(), server.capacity[0]) < _CHECK_MS:
        return True
    need = server.memory + sum([c.reserved for c in server.connections])
    if server.shell and "shell.execute" not in sys.modules:
        need += _UNLOADABLE if "shell.session" in sys.modules else _SHELL
    if gc.mem_free() <= need:
        intern.release()
        evict()
        if gc.mem_free() <= need:
            evict(True)  # also modules of the shell, which its next command reloads
            if gc.mem_free() <= need:
                return False
    server.capacity = (ticks_ms(), count)
    return True


def accept(server, sock, address):
    """Start a task for a new client, or refuse it."""
    address = endpoint(address)[0]
    why = "Too many clients; try again later."
    guard = sys.modules.get("services.guard")  # not loaded before a login has failed
    try:
        tune(sock)
        unauthenticated = [c for c in server.connections if not c.admitted]
        full = not has_capacity(server)
        if full and not unauthenticated:
            why = refusal_reason(server, address)
            raise OSError
        if guard and guard.locked(address):
            why = "Too many failures; try again later."
            raise OSError
        if full or len(unauthenticated) >= server.unauthenticated_max:
            unauthenticated[0].task.cancel()
        connection = Connection(sock, address, server.idle_ms)
        server.connections.append(connection)
    except (OSError, MemoryError):
        try:
            sock.write(server.refusal(why))
        except (OSError, MemoryError):
            pass
        sock.close()
        return
    connection.task = asyncio.create_task(handle(server, connection))
    if not server.watcher:
        server.watcher = asyncio.create_task(watch(server))


def refusal_reason(server, address):
    """Why a client is refused; logged at most once a minute."""
    if len(server.connections) >= server.clients_max:
        why = "Too many clients; try again later."
    else:
        why = no_memory("another client")
    if server.refusal_logged is None or ticks_diff(ticks_ms(), server.refusal_logged) > 60_000:
        server.refusal_logged = ticks_ms()
        note(server.name, f"{address} refused: {why}", _WARNING)
    return why


def no_memory(what):
    """The message for a request that memory does not suffice for."""
    try:
        from services import holders  # late: rarely needed

        text = holders.refusal(what)
        unload("services.holders")
        return text
    except MemoryError:
        return "Out of memory."


def patience():
    """The ticks until which a request waits for memory."""
    return ticks_add(ticks_ms(), _PATIENCE_MS)


async def wait_memory(limit):
    """Evict what can be loaded again, and wait a moment for others to end; MemoryError when the ticks `limit` have passed."""
    intern.release()
    evict(True)
    if ticks_diff(limit, ticks_ms()) < 0:
        raise MemoryError
    await asyncio.sleep_ms(_CHECK_MS)


def note(name, text, level):
    """base.log.note, loaded on demand."""
    from base import log  # late: most messages are below the level

    log.note(name, text, level)


async def handle(server, connection):
    """The task of a connection: run its handler, log errors, close the socket."""
    try:
        module = server.package + ".session"
        try:
            __import__(module)
        except MemoryError:
            connection.push(server.refusal(no_memory("another client")))
            raise
        await sys.modules[module].handler(connection)
    except asyncio.CancelledError:
        pass
    except (OSError, EOFError, MemoryError):  # the peer has disconnected, or out of memory
        pass
    except Exception as e:
        note(server.name, f"{connection.address}: {type(e).__name__}: {e}", _ERR)
    finally:
        connection.close()
        if connection in server.connections:
            server.connections.remove(connection)


async def watch(server):
    """Drop clients that are idle, stalled or do not log in; unload the modules some time after the last client."""
    empty = 0
    while empty < _LINGER:  # a client that is answered at once disconnects before this begins
        await asyncio.sleep_ms(_WATCH_MS)
        empty = 0 if server.connections else empty + 1
        try:
            intern.check()
            server.unload_idle()
        except MemoryError:  # retried in a second
            evict()
        now = ticks_ms()
        for connection in list(server.connections):
            if connection.on_watch:
                connection.on_watch()
            if connection.stalled:
                late = ticks_diff(now, connection.moved) > server.stall_ms
            else:
                late = connection.idle_ms and ticks_diff(now, connection.last) > connection.idle_ms
            if late or (not connection.admitted and ticks_diff(now, connection.opened) > server.login_ms):
                if connection.farewell and not connection.stalled:
                    try:
                        connection.push(connection.farewell)
                    except OSError:
                        pass
                note(server.name, f"{connection.address} timed out", _INFO)
                connection.task.cancel()
    connection = server.watcher = None
    cpu.schedule(unload_later(server))
