# Terminals in a browser: a shell on a WebSocket, which outlives its connection.
#
# Binary messages are what is typed and what is shown. Text messages are JSON: {"columns": 80, "rows": 24} from the
# browser, {"terminal": NAME, "position": N} from here as the first one. Where a connection is lost the session lives on
# for a while; a client that sends its name and the number of bytes it has seen gets the rest.
# For /cp/serial/ of CircuitPython's clients both directions are text.

import asyncio
import json
import os
from binascii import hexlify
from time import ticks_diff, ticks_ms

from micropython import const

from base import users
from base.errors import Failure
from process import cpu, memory
from process import process as processes
from process.session import Session
from services import server
from services.http import access, websocket
from services.http.protocol import HTTPError
from services.http.websocket import frame, whole
from services.server import unload_later, writable
from services.stream import no_memory
from services.terminal import NetPort, NetTerminal

_TERMINALS_MAX = const(8)
_MESSAGE_MAX = const(2048)  # bytes in a message from the browser
_PIECE = const(512)  # bytes in a message to it
_RECENT_MAX = const(4096)  # bytes of output kept for a client that reconnects
_ALONE_MS = const(300_000)  # how long a session lives without a browser,
_LEFT_MS = const(10_000)  # and one whose page was closed, if it is idle or memory is short; a reload reconnects sooner
_LOOK_MS = const(2000)
_PING_MS = const(20_000)
_DEAD_MS = const(60_000)  # a browser that answers no ping for so long is gone
_PING = b"\x89\x00"
_STEP_MS = const(10)
_SETTLE_MS = const(500)  # how long the last output may take


class Port(NetPort):
    """What a NetTerminal needs, and what stays when the browser goes: its name, its user, its recent output."""

    echoes = True
    left = False  # the page was closed, and the connection not just lost
    answers = b""  # messages of the WebSocket itself, whole

    def __init__(self, login, plain):
        self.name = hexlify(os.urandom(8)).decode()
        self.user = login.name
        self.options = login.options  # of the user, when his shell began
        self.plain = plain  # both directions are text
        self.kind = websocket.TEXT if plain else websocket.BINARY  # of the messages with output
        self.recent = bytearray()
        self.sent = 0  # bytes of output ever given to a browser
        self.came = asyncio.Event()  # a browser is there
        self.alone = ticks_ms()  # since when there has been none
        self.over = False  # the shell has ended
        self.ended = asyncio.Event()  # and its last output has been sent, or has no receiver

    @property
    def pending(self):
        return self.waiting or self.answers

    def notice(self, opcode, data):
        """Send a message that is no output."""
        if isinstance(data, str):
            data = data.encode()
        if self.connection and len(self.answers) < _MESSAGE_MAX:
            self.answers += frame(opcode, data)
            self.terminal.kick()

    def keep(self, data):
        self.sent += len(data)
        self.recent.extend(data)
        if len(self.recent) > _RECENT_MAX:
            self.recent = self.recent[-_RECENT_MAX:]

    def attach(self, connection, seen):
        """A browser has connected; it has seen so many bytes."""
        if self.connection:
            self.connection.task.cancel()
        self.connection = connection
        self.waiting = self.answers = b""
        missed = self.sent - seen
        if missed < 0 or missed > len(self.recent):
            missed = len(self.recent)
        if not self.plain:
            hello = {"terminal": self.name, "position": self.sent - missed}
            self.waiting = frame(websocket.TEXT, json.dumps(hello).encode())
        tail = bytes(self.recent[len(self.recent) - missed :]) if missed else b""
        for at in range(0, len(tail), _PIECE):
            self.waiting += frame(self.kind, tail[at : at + _PIECE])
        self.came.set()
        self.terminal.kick()

    def detach(self, connection, left=False):
        """The browser has gone; left: it has said so."""
        if self.connection is connection:
            self.left = left
            self.connection = None
            self.waiting = self.answers = b""
            self.alone = ticks_ms()
            self.came.clear()

    async def read(self):
        """Not used: what is typed comes from the task of the connection."""
        return b""

    def urgent(self):
        data, self.answers = self.answers, b""
        return data

    def pack(self, piece):
        piece = bytes(piece)
        if self.plain:
            piece = piece[: whole(piece)] or piece
        self.waiting = frame(self.kind, piece)
        self.keep(piece)
        return len(piece)

    def lost(self, taken, data):
        self.connection.task.cancel()
        self.detach(self.connection)
        return taken

    async def writable(self):
        while not self.connection:
            await self.came.wait()
        await writable(self.connection.sock)


class WebTerminal(NetTerminal):
    """A terminal that waits for its browser."""

    def press(self):
        if self.port.connection:
            super().press()
        else:  # a plain function must not wait for a client that may not reconnect
            self.out = self.out[-8192:]


def life(args):
    """The main function of a session's process: it becomes a shell."""
    return shell(cpu.current)


def shell(process):
    from services import sessions  # late: with the first shell

    port = process.session.terminal.port
    try:
        user = users.find(port.user) or users.User(port.user)
        return (yield from sessions.become(user, {"TERM": "xterm-256color", "REMOTEHOST": process.args[0]}))
    finally:
        cpu.schedule(over(port))


async def over(port):
    """The shell has ended: so does the connection, when its last output has gone."""
    for _ in range(_SETTLE_MS // _STEP_MS):
        if not port.terminal.flusher or not port.connection:
            break
        await asyncio.sleep_ms(_STEP_MS)
    port.over = True
    port.notice(websocket.CLOSE, websocket.NORMAL.to_bytes(2, "big"))
    for _ in range(_SETTLE_MS // _STEP_MS):
        if not port.pending or not port.connection:
            break
        await asyncio.sleep_ms(_STEP_MS)
    port.ended.set()
    if port.connection:
        port.connection.task.cancel()


async def watch(server, port):
    """The owner of a session: ends it when its shell has ended, or no client has been connected for long."""
    try:
        while not port.ended.is_set():
            try:
                await asyncio.wait_for_ms(port.ended.wait(), _LOOK_MS)
            except asyncio.TimeoutError:
                if not port.connection and has_expired(port):
                    break
                if server.socket not in [other.socket for other in running()]:
                    break  # the service has been stopped
    finally:
        server.terminals.pop(port.name, None)
        await port.terminal.end()
        if not server.connections:
            cpu.schedule(unload_later(server))


def has_expired(port):
    """Whether the session of a terminal without a browser has lived long enough."""
    alone = ticks_diff(ticks_ms(), port.alone)
    if alone > _ALONE_MS:
        return True
    if not port.left or alone <= _LEFT_MS:
        return False
    # vi and edit have a journal of what was typed: nothing is lost with them.
    return is_idle(port.terminal.session) or memory.is_short(memory.collect())


def is_idle(session):
    """Whether nothing but a shell at its prompt would end with a session."""
    leader = session and session.leader
    return not leader or not (session.foreground or (leader.jobs and leader.jobs.list))


def running():
    return server.running


def open_session(request, plain):
    """A new session; returns its Port."""
    server = request.server
    if len(server.terminals) >= _TERMINALS_MAX:
        raise HTTPError(503, "too many terminals; close one")
    port = Port(request.login, plain)
    terminal = port.terminal = WebTerminal(port)
    process = processes.spawn("login", [request.connection.address], processes.get(1), life, stdin=terminal)
    process.stdout.close()
    process.stderr.close()
    process.stdout = process.stderr = terminal
    process.session = Session("web", terminal, port.user)
    server.terminals[port.name] = port
    cpu.schedule(watch(server, port))
    return port


def get_terminal(request, rest):
    """The sessions of the user who asks; with an upgrade to a WebSocket: one of them, or a new one."""
    if "upgrade" in request.headers:
        return serve(request, False)
    found = request.server.terminals
    return [
        {"terminal": port.name, "looked_at": bool(port.connection)} for port in found.values() if owns(request, port)
    ]


def delete_terminal(request, rest):
    """End a session."""
    port = request.server.terminals.get(rest)
    if not port or not owns(request, port):
        raise HTTPError(404, "no such terminal")
    port.ended.set()
    return "", 204


def owns(request, port):
    login = request.login
    return port.user == login.name and port.options == login.options


def number(request, name, least, most, default):
    text = request.argument(name)
    return min(max(int(text), least), most) if text.isdigit() and len(text) < 12 else default


async def serve(request, plain):
    """Connect a WebSocket with a session, for as long as it lasts."""
    websocket.check(request.headers)
    server = request.server
    name = request.argument("terminal")
    port = server.terminals.get(name)
    if name and (not port or not owns(request, port)):
        raise HTTPError(404, "no such terminal")
    if plain:
        for other in server.terminals.values():
            if other.plain and other.connection:
                raise HTTPError(409, "terminal in use by another user")
    connection = request.connection
    await websocket.handshake(request.stream, request.headers)
    if not port:
        try:
            port = open_session(request, plain)
        except (Failure, MemoryError):  # 1013: try again later
            await connection.send(websocket.closing(1013, no_memory("another shell")))
            return
        except HTTPError as e:  # 1008: not until one is closed
            await connection.send(websocket.closing(1008, e.text))
            return
    terminal = port.terminal
    columns, rows = number(request, "columns", 2, 500, 0), number(request, "rows", 2, 300, 0)
    if columns and rows:
        terminal.resize(columns, rows)
    login = request.login
    connection.on_watch = lambda: check_idle(connection, port, login)
    port.attach(connection, number(request, "seen", 0, 1 << 40, 0))
    left = False
    try:
        while not port.over:
            receive(port, await websocket.receive(request.stream, _MESSAGE_MAX, port.notice))
            while len(terminal.input) > _MESSAGE_MAX and not terminal.gone:
                await asyncio.sleep_ms(_STEP_MS)
    except websocket.Closed as e:
        left = True
        if not port.pending and not port.over:  # where the session has ended, its own close came first
            await connection.send(websocket.closing(e.args[0]))
    except (EOFError, UnicodeError):
        pass
    except MemoryError:  # the message is lost, and where the next one begins is unknown
        terminal.lose()
        raise
    finally:
        port.detach(connection, left)
        if plain:
            port.ended.set()


def check_idle(connection, port, login):
    """About once a second: is the browser there, and is its user still logged in?"""
    if access.is_good(login) or users.is_open():
        access.touch(login)
    else:
        connection.task.cancel()
    silent = ticks_diff(ticks_ms(), connection.last)
    if silent > _DEAD_MS:
        connection.task.cancel()
    elif silent > _PING_MS and not port.pending:
        port.answers += _PING
        port.terminal.kick()


def receive(port, message):
    """A message from the browser."""
    terminal = port.terminal
    if isinstance(message, str) and not port.plain:
        try:
            found = json.loads(message)
            columns, rows = int(found["columns"]), int(found["rows"])
        except (ValueError, KeyError, TypeError):
            return
        if 2 <= columns <= 500 and 2 <= rows <= 300:
            terminal.resize(columns, rows)
        return
    terminal.receive(message.encode() if isinstance(message, str) else message)
