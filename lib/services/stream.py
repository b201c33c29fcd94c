# The clients of a Server: their connections, and the task that watches them. Loaded with the first client.
#
# Everything has a limit. At most `most` connections at a time, of these `strangers` that have not logged in: they have
# `login_ms` for it, whatever they send meanwhile, and when all places, those of strangers or the memory are taken the
# one that has been there longest makes room for the next. A peer that sends nothing for `idle_ms` is told `farewell`
# and dropped, and so is one that takes nothing for `stall_ms` of what waits for it.
# Nothing is queued here: send() and fill() wait for the peer, and only their caller waits with them.

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
from services.server import leave

_YOUNG_MS = const(4_000)  # a stranger is not thrown out before; who comes meanwhile waits
_WATCH_MS = const(1_000)
_LINGER = const(2)  # times without a client, after which none is expected to come back at once
_SEEN_MS = const(200)  # how long the memory is not looked at again: that takes longer than a short answer
_PROMISED = const(10_240)
_SHELL = const(40_960)  # bytes that the shell takes when the first session needs it
_ROOMS = const(24_576)  # of these, what is given back while memory is short, and comes again with the next command
_TCP = const(6)  # IPPROTO_TCP and its options, which few ports name
_NODELAY = const(1)
_ERR = const(3)  # levels of base.log
_WARNING = const(4)
_INFO = const(6)


def tune(sock):
    """No delay for small packets, and a dead peer is noticed."""
    sock.setblocking(False)
    options = [(_TCP, _NODELAY, 1), (socket.SOL_SOCKET, getattr(socket, "SO_KEEPALIVE", 8), 1)]
    if sys.platform == "linux":
        # idle 60 s, then every 15 s, 4 times; and urgent data stays in its place in the stream (SO_OOBINLINE)
        options += [(_TCP, 4, 60), (_TCP, 5, 15), (_TCP, 6, 4), (1, 10, 1)]
    for level, name, value in options:
        try:
            sock.setsockopt(level, name, value)
        except (OSError, ValueError, TypeError):  # a port without that option does without
            pass


class Connection:
    """One client. All that waits for it is in the task of its handler, which the server cancels to drop it."""

    farewell = b""  # what a client is told that has been idle for too long
    admitted = False  # it has logged in
    stalled = False  # something waits until the peer takes it
    task = None
    on_watch = None  # called about once a second
    resting = False  # it only waits for what its client may want next, and makes room first
    promised = _PROMISED  # bytes of memory that it will take and has not yet taken

    def __init__(self, sock, address, idle_ms):
        self.sock = sock
        self.address = address
        self.idle_ms = idle_ms
        self.opened = self.last = self.moved = ticks_ms()  # when it came, was last heard, and last took something

    async def fill(self, buffer):
        """Read into buffer what has come; returns how many bytes, 0 at the end."""
        while True:
            count = self.sock.readinto(buffer)
            if count is not None:
                self.last = ticks_ms()
                return count
            await readable(self.sock)

    def push(self, data):
        """Give the peer what it takes now; returns how many bytes that was. OSError when it has gone."""
        count = self.sock.write(data) or 0
        if count or not self.stalled:
            self.moved = ticks_ms()
        return count

    async def send(self, data, done=0):
        """Send all of data behind its first `done` bytes."""
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

    def close(self):
        self.sock.close()


def crowded(server):
    """True while the next client has to wait: a place is being left, or who would make room for him has just come."""
    room = has_room(server)
    if not room:
        for connection in server.connections:
            if connection.resting:
                connection.resting = False
                connection.task.cancel()
                return True
    strangers = [c for c in server.connections if not c.admitted]
    if strangers and ticks_diff(ticks_ms(), strangers[0].opened) <= _YOUNG_MS:
        return len(strangers) >= server.strangers or not room
    if room:
        server.late = None
        return False
    if server.late is None:
        server.late = ticks_add(ticks_ms(), server.wait_ms)
    return ticks_diff(server.late, ticks_ms()) > 0


def has_room(server):
    """True where one more client may come: there is memory for him beside what those will take who have come."""
    if len(server.connections) >= server.most:
        return False
    count = len(server.connections)
    if count <= server.roomy[1] and ticks_diff(ticks_ms(), server.roomy[0]) < _SEEN_MS:
        return True
    need = server.memory + sum([c.promised for c in server.connections])
    if server.shell and "shell.interp" not in sys.modules:
        need += _ROOMS if "shell.session" in sys.modules else _SHELL
    if gc.mem_free() <= need:
        intern.release()
        evict()
        if gc.mem_free() <= need:
            evict(True)  # rooms of the shell, for one: it has them again with its next command
            if gc.mem_free() <= need:
                return False
    server.roomy = (ticks_ms(), count)
    return True


def take(server, sock, address):
    """A client has come."""
    address = endpoint(address)[0]
    why = "Too many clients; try again later."
    guard = sys.modules.get("services.guard")  # where it is not loaded nobody has failed
    try:
        tune(sock)
        strangers = [c for c in server.connections if not c.admitted]
        full = not has_room(server)
        if full and not strangers:
            why = complaint(server, address)
            raise OSError
        if guard and guard.locked(address):
            raise OSError
        if full or len(strangers) >= server.strangers:
            strangers[0].task.cancel()
        connection = Connection(sock, address, server.idle_ms)
        server.connections.append(connection)
    except (OSError, MemoryError):
        try:
            sock.write(server.refusal(why))
        except (OSError, MemoryError):
            pass
        sock.close()
        return
    connection.task = asyncio.create_task(care(server, connection))
    if not server.watcher:
        server.watcher = asyncio.create_task(watch(server))


def complaint(server, address):
    """Why somebody is sent away; noted not more often than once a minute."""
    if len(server.connections) >= server.most:
        why = "Too many clients; try again later."
    else:
        why = no_memory("another client")
    if server.told is None or ticks_diff(ticks_ms(), server.told) > 60_000:
        server.told = ticks_ms()
        note(server.name, f"{address} is sent away: {why}", _WARNING)
    return why


def no_memory(what):
    """The sentence for somebody for whom there is no memory."""
    try:
        from services import holders  # late: seldom needed

        text = holders.refusal(what)
        unload("services.holders")
        return text
    except MemoryError:
        return "Out of memory."


def note(name, text, level):
    """base.log.note, which is loaded when there is something to tell."""
    from base import log

    log.note(name, text, level)


async def care(server, connection):
    """The task of a connection: whatever happens to its handler, it is closed, and nobody else notices."""
    try:
        room = server.room + ".session"
        try:
            __import__(room)
        except MemoryError:
            connection.push(server.refusal(no_memory("another client")))
            raise
        await sys.modules[room].handler(connection)
    except asyncio.CancelledError:
        pass
    except (OSError, EOFError, MemoryError):  # the peer has gone, or there is no place for him
        pass
    except Exception as e:
        note(server.name, f"{connection.address}: {type(e).__name__}: {e}", _ERR)
    finally:
        connection.close()
        if connection in server.connections:
            server.connections.remove(connection)


async def watch(server):
    """Drop who is idle, stalled, or does not log in; when the last one has gone for good, give back what was loaded."""
    empty = 0
    while empty < _LINGER:  # a client that is answered at once is gone before this begins
        await asyncio.sleep_ms(_WATCH_MS)
        empty = 0 if server.connections else empty + 1
        try:
            intern.look()
            server.rest()
        except MemoryError:  # it looks again
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
    cpu.schedule(leave(server))
