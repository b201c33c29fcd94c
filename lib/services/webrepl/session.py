# A client of WebREPL: handshake, password, then two channels in one WebSocket. Text is the terminal of a Python prompt, and
# binary messages are requests for files. Loaded with the first client.
#
# The user's rules decide: without a shell there is no prompt, and files are confined to the user's root. A client whose user
# has neither is closed.

import asyncio

from micropython import const

from base import users
from base.errors import Failure
from process import cpu
from process import process as processes
from process.session import Session
from services import sessions, webrepl
from services.http import websocket
from services.http.protocol import HTTPError, HTTPStream, refuse
from services.http.websocket import BINARY, TEXT, Closed, frame, whole
from services.server import writable
from services.terminal import NetPort, NetTerminal

_PASSWORD_MAX = const(256)  # bytes
_MESSAGE_MAX = const(4096)  # bytes in a message of the client
_OUTPUT_MOST = const(16_384)  # bytes after which a synchronous function waits
_PENDING_MAX = const(2048)  # bytes of unsent answers, above which nothing is read
_POLICY = const(1008)  # closing code: not for this user
_STEP_MS = const(10)
_SETTLE_MS = const(1000)  # how long the last output may take
_PASTES = ("\x1b[?2004h", "\x1b[?2004l")  # bracketed paste, which no client of WebREPL knows


class Port(NetPort):
    """The port of a NetTerminal on a WebSocket, and the way of the files."""

    echoes = True
    answers = b""  # whole frames that are no output
    files = None  # services.webrepl.files.Files, with the first request

    def __init__(self, connection, stream):
        self.connection = connection
        self.stream = stream
        self.root = None  # of the user's files; None: the user has none
        self.readonly = False
        self.prompts = False  # whether the user may have a Python prompt

    @property
    def pending(self):
        return self.waiting or self.answers

    async def message(self, limit):
        """(kind, data) of the next message; Closed, EOFError, OSError."""
        return await websocket.receive_bytes(self.stream, limit, self.answer, False)

    def answer(self, opcode, data):
        """Send a message that is no output."""
        if len(self.answers) <= _PENDING_MAX:  # else it is a pong for a client that reads nothing
            self.answers += frame(opcode, data)
        self.terminal.kick()

    async def reply(self, data):
        """Send bytes that belong to a request for a file."""
        self.answers += frame(BINARY, data)
        self.terminal.kick()
        while len(self.answers) > _PENDING_MAX and not self.terminal.gone:
            await asyncio.sleep_ms(_STEP_MS)

    async def read(self):
        while True:
            try:
                kind, data = await self.message(_MESSAGE_MAX)
                if kind == TEXT:
                    if data and self.prompts:
                        return data
                elif self.root:
                    await self.take(data)
            except Closed as e:
                self.answer(websocket.CLOSE, e.args[0].to_bytes(2, "big"))
                await settle(self)
                return b""
            except (EOFError, OSError, MemoryError):  # after the last one it is unknown where the next message begins
                return b""

    async def take(self, data):
        """Part of a request for a file."""
        if not self.files:
            from services.webrepl.files import Files  # late: not every client asks for files

            self.files = Files(self)
        await self.files.take(data)

    def urgent(self):
        data, self.answers = self.answers, b""
        return data

    def pack(self, piece):
        piece = bytes(piece)
        piece = piece[: whole(piece)] or piece
        self.waiting = frame(TEXT, piece)
        return len(piece)

    def lost(self, taken, data):
        self.terminal.disconnect()
        return len(data)

    async def writable(self):
        await writable(self.connection.sock)


class PlainTerminal(NetTerminal):
    """A terminal for tools that look for a prompt, and for a page that knows little of a terminal."""

    sized = True  # it is not asked

    def write(self, data):
        if isinstance(data, str):
            for sequence in _PASTES:
                data = data.replace(sequence, "")
        super().write(data)

    def send(self, data):
        """Write bytes as they are."""
        self.out.extend(data)
        if len(self.out) > _OUTPUT_MOST:
            self.press()
        self.kick()


async def handler(connection):
    """Serve a connection."""
    stream = HTTPStream(connection)
    port = Port(connection, stream)
    terminal = port.terminal = PlainTerminal(port)
    try:
        try:
            headers = (await stream.head())[3]
            check(headers)
        except HTTPError as e:
            await refuse(stream, e.status)
            return
        await websocket.handshake(stream, headers)
        user = await log_in(port)
        if not user:
            await connection.send(frame(TEXT, b"\r\nAccess denied\r\n") + websocket.closing(_POLICY))
            return
        admit(port, user)
        if not port.prompts and not port.root:
            await connection.send(frame(TEXT, b"\r\nNot for this user\r\n") + websocket.closing(_POLICY))
            return
        connection.admitted = True
        terminal.write("\nWebREPL connected\n")
        if port.prompts:
            begin(connection, terminal, user)
        port = user = headers = None  # what a prompt keeps alive is memory
        await terminal.pump()
    except (Closed, Failure):
        pass
    finally:
        if terminal.port.files:
            terminal.port.files.close()
        connection.close()
        cpu.schedule(terminal.end())


def check(headers):
    """HTTPError unless it is a handshake that may come from where it does."""
    if "upgrade" not in headers:
        raise HTTPError(400)
    websocket.check(headers)
    if "origin" in headers and users.is_open():  # any page that somebody looks at could open it
        raise HTTPError(403)


async def log_in(port):
    """The User whose password the client sends, or None."""
    from services.guard import LockedOut, authenticate  # late: only to log in

    name = webrepl.user_name()
    connection = port.connection
    await connection.send(frame(TEXT, b"Password: "))
    typed = b""
    while b"\r" not in typed and b"\n" not in typed:
        typed += (await port.message(_PASSWORD_MAX))[1]
        if len(typed) > _PASSWORD_MAX:
            return None
    if users.is_open():
        return users.find(name) or users.User(name)
    try:
        password = typed.split(b"\r")[0].split(b"\n")[0].decode()
        return await authenticate(webrepl.NAME, name, password, connection.address)
    except (LockedOut, UnicodeError):
        return None


def admit(port, user):
    """Note what a user may do."""
    port.root = "/"
    port.prompts = True
    if not user.options:
        return
    from services import policy  # late: few users have options

    port.readonly = policy.is_readonly(user)
    try:
        port.root = policy.root(user)
    except Failure:
        port.root = None
    try:
        port.prompts = policy.shell(user) is None
    except Failure:
        port.prompts = False


def begin(connection, terminal, user):
    """Start the process of a client's prompt."""
    process = processes.spawn("python", [connection.address], cpu.current, life, stdin=terminal)
    process.stdout.close()
    process.stderr.close()
    process.stdout = process.stderr = terminal
    process.session = Session("webrepl", terminal, user.name)
    process.env = sessions.environment(process.env, user)
    process.env.update({"TERM": "xterm", "REMOTEHOST": connection.address})
    process.cwd = "/"  # where a board is that runs nothing but MicroPython
    process.ppid = 1  # which reaps it


def life(args):
    """The main function of that process."""
    from services.webrepl import prompt  # late: not for files

    process = cpu.current
    try:
        return (yield from prompt.interact(process, process.tty))
    finally:
        cpu.schedule(hang_up(process.tty.port))


async def hang_up(port):
    """After the end of the prompt, close the connection when the last output has been sent."""
    port.answer(websocket.CLOSE, websocket.NORMAL.to_bytes(2, "big"))
    await settle(port)
    port.connection.task.cancel()


async def settle(port):
    """Wait until the output has been sent, or nobody takes it."""
    for _ in range(_SETTLE_MS // _STEP_MS):
        if port.terminal.gone or not port.terminal.flusher:
            break
        await asyncio.sleep_ms(_STEP_MS)
