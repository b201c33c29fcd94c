# A telnet session: the port that a terminal has on a connection, login, shell and end. Loaded with the first client.

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from process import cpu, load
from process import process as processes
from services import sessions
from services.server import writable
from services.telnet.protocol import Telnet
from services.terminal import NetTerminal

_BUFFER = const(256)  # bytes read at a time
_PIECE = const(512)  # bytes sent at a time
_PENDING_MAX = const(256)  # bytes of answers; then nothing more is read
_HELLO_MS = const(300)  # how long the client may take to tell its window and type
_STEP_MS = const(10)
_SETTLE_MS = const(1000)  # how long the last output may take
_MOTD_MAX = const(1024)  # characters
_NOP_MS = const(60_000)  # an idle client is asked so often whether it is there
_NOP = b"\xff\xf1"

PATH_MOTD = "/etc/motd"

_buffer = bytearray(_BUFFER)  # one for all: what is read is taken out before anybody else runs


class Port:
    """What a NetTerminal needs, on a connection that speaks telnet."""

    def __init__(self, connection):
        self.connection = connection
        self.telnet = Telnet()
        self.pending = b""  # taken from the terminal, not yet by the network
        self.terminal = None

    async def read(self):
        telnet = self.telnet
        terminal = self.terminal
        while True:
            while len(telnet.answers) > _PENDING_MAX and not terminal.gone:
                terminal.kick()
                await writable(self.connection.sock)
            try:
                count = await self.connection.fill(_buffer)
            except OSError:
                return b""
            if not count:
                return b""
            echoes = telnet.echoes
            data = telnet.take(bytes(memoryview(_buffer)[:count]))
            if telnet.answers:
                terminal.kick()
            if telnet.echoes != echoes:
                terminal.echo = telnet.echoes
            if telnet.size:
                terminal.resize(*telnet.size)
                telnet.size = None
            if telnet.discard:
                telnet.discard = False
                terminal.out = bytearray()
            if data:
                return data

    def write(self, data):
        """Send what the network takes of it, after what waits; returns how many bytes of data that was."""
        connection = self.connection
        telnet = self.telnet
        taken = 0
        try:
            while True:
                if not self.pending:
                    if telnet.answers:
                        self.pending = bytes(telnet.answers)
                        telnet.answers = bytearray()
                    elif taken < len(data):
                        piece = data[taken : taken + _PIECE]
                        self.pending = telnet.wrap(piece)
                        taken += len(piece)
                    else:
                        break
                count = connection.push(self.pending)
                self.pending = self.pending[count:]
                if self.pending:
                    break
        except OSError:
            self.terminal.leave()
            return len(data)
        connection.stalled = len(self.pending) > 0
        if self.pending:
            self.terminal.kick()
        return taken

    def probe(self):
        """Ask an idle client whether it is there: where it is not, TCP will find out."""
        if self.telnet.answered and ticks_diff(ticks_ms(), self.connection.moved) > _NOP_MS:
            self.telnet.answers.extend(_NOP)
            self.terminal.kick()

    async def writable(self):
        await writable(self.connection.sock)


async def handler(connection):
    """The life of a session; the handler of a connection."""
    port = Port(connection)
    terminal = port.terminal = NetTerminal(port)
    terminal.echo = False
    connection.farewell = b"\r\nTimed out.\r\n"
    connection.on_watch = port.probe
    daemon = cpu.current
    pump = cpu.schedule(watch(terminal))
    try:
        terminal.kick()
        login = processes.spawn(
            "login", [connection.address], daemon, ask, stdin=terminal, stdout=terminal.dup(), stderr=terminal.dup()
        )
        session = login.session = sessions.Session("telnet", terminal)
        status = await login.wait()
        login = None
        if status or terminal.hungup:
            await settle(terminal)
            return
        connection.admitted = True
        env = {"TERM": port.telnet.kind or "vt100", "REMOTEHOST": connection.address}
        shell = sessions.start(daemon, session.account, terminal, "telnet", env=env)
        await shell.wait()
        await settle(terminal)
    except Failure as e:
        terminal.write(f"{e.reason}\n")
        await settle(terminal)
    finally:
        pump.cancel()
        connection.close()
        cpu.schedule(terminal.end())


async def settle(terminal):
    """Wait a little for the last output to go."""
    for _ in range(_SETTLE_MS // _STEP_MS):
        if terminal.gone or not terminal.flusher:
            return
        await asyncio.sleep_ms(_STEP_MS)


async def watch(terminal):
    """Read the port until it ends; then whoever sat there has gone."""
    await terminal.pump()
    await terminal.end()


async def ask(args):
    """The main function of the process that asks who is there."""
    from services.guard import LockedOut

    process = cpu.current
    terminal = process.tty
    telnet = terminal.port.telnet
    for _ in range(_HELLO_MS // _STEP_MS):
        if telnet.kind and terminal.sized:
            break
        await asyncio.sleep_ms(_STEP_MS)
    try:
        user = await sessions.ask_user("telnetd", args[0])
    except EOFError:
        return 1
    except LockedOut:
        raise Failure("", "too many failures; try again later")
    if not user:
        return 1
    process.session.user = user.name
    process.session.account = user
    load.unload("process.ask")
    try:
        with open(PATH_MOTD) as file:
            terminal.write(file.read(_MOTD_MAX))
    except OSError:  # no message today
        pass
    return 0
