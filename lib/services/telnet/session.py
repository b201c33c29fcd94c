# A telnet session: the port of its terminal, login, shell and hang-up. Loaded with the first client.

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from net.telnet import Telnet
from process import cpu, memory
from process import process as processes
from process.session import Session
from services import sessions
from services.server import writable
from services.terminal import NetPort, NetTerminal

_BUFFER = const(256)  # bytes read at a time
_PENDING_MAX = const(256)  # bytes of unsent answers, above which nothing is read
_HELLO_MS = const(300)  # how long the client may take to send its window size and terminal type
_STEP_MS = const(10)
_SETTLE_MS = const(1000)  # how long the last output may take
_DOOR = const(5120)  # bytes that the first command of a session keeps
_MOTD_MAX = const(1024)  # characters
_NOP_MS = const(60_000)  # between two NOPs that probe an idle client
_NOP = b"\xff\xf1"

PATH_MOTD = "/etc/motd"

_buffer = bytearray(_BUFFER)  # shared: its content is copied before another task runs


class Port(NetPort):
    """The port of a NetTerminal on a telnet connection."""

    def __init__(self, connection):
        self.connection = connection
        self.telnet = Telnet()

    @property
    def pending(self):
        return self.waiting or self.telnet.answers

    @property
    def echoes(self):
        return self.telnet.echoes

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
            try:
                data = telnet.take(bytes(memoryview(_buffer)[:count]))
            except MemoryError:  # an unknown part of the input is lost
                terminal.lose()
                raise
            if telnet.answers:
                terminal.kick()
            if telnet.size:
                terminal.resize(*telnet.size)
                telnet.size = None
            if telnet.discard:
                telnet.discard = False
                terminal.out = bytearray()
            if data:
                return data

    def urgent(self):
        telnet = self.telnet
        if not telnet.answers:
            return b""
        data = bytes(telnet.answers)
        telnet.answers = bytearray()
        return data

    def pack(self, piece):
        self.waiting = self.telnet.wrap(piece)
        return len(piece)

    def lost(self, taken, data):
        self.terminal.disconnect()
        return len(data)

    def probe(self):
        """Send an idle client a NOP, by which TCP detects a dead peer."""
        session = self.terminal.session
        if session and session.leader:  # its shell has started
            self.connection.reserved = 0
        if self.telnet.answered and ticks_diff(ticks_ms(), self.connection.moved) > _NOP_MS:
            self.telnet.answers.extend(_NOP)
            self.terminal.kick()

    async def writable(self):
        await writable(self.connection.sock)


async def handler(connection):
    """Serve a connection: start the process for login and shell, and feed it input."""
    port = Port(connection)
    terminal = port.terminal = NetTerminal(port)
    connection.farewell = b"\r\nTimed out.\r\n"
    connection.on_watch = port.probe
    try:
        process = processes.spawn("login", [connection.address], cpu.current, main, stdin=terminal)
        process.stdout = process.stderr = terminal
        process.session = Session("telnet", terminal)
        process.ppid = 1  # which reaps it
        process = None
        terminal.kick()
        await terminal.pump()
    except Failure as e:
        terminal.write(e.reason + "\n")
    finally:
        connection.close()
        cpu.schedule(terminal.end())


def main(args):
    """The main function of the process: log in, then become a shell."""
    return life(cpu.current)


def life(process):
    terminal = process.session.terminal
    try:
        account = yield from ask(terminal, process.args[0])
        terminal.port.connection.admitted = True
        terminal.port.connection.reserved = _DOOR
        env = {"TERM": terminal.port.telnet.kind or "vt100", "REMOTEHOST": process.args[0]}
        memory.unload("process.ask")
        return (yield from sessions.become(account, env))
    finally:
        cpu.schedule(hang_up(terminal))


async def hang_up(terminal):
    """After the end of the shell, close the connection when the last output has been sent."""
    for _ in range(_SETTLE_MS // _STEP_MS):
        if terminal.gone or not terminal.flusher:
            break
        await asyncio.sleep_ms(_STEP_MS)
    terminal.port.connection.task.cancel()


async def ask(terminal, address):
    """Log a user in; raises what ends the process if that fails."""
    from services.guard import LockedOut  # late: only to log in

    telnet = terminal.port.telnet
    for _ in range(_HELLO_MS // _STEP_MS):
        if telnet.kind and terminal.sized:
            break
        await asyncio.sleep_ms(_STEP_MS)
    try:
        user = await sessions.ask_user("telnetd", address)
    except EOFError:
        user = None
    except LockedOut:
        raise Failure("", "too many failures; try again later")
    if not user:
        raise SystemExit(1)
    try:
        with open(PATH_MOTD) as file:
            terminal.write(file.read(_MOTD_MAX))
    except OSError:  # no message
        pass
    return user
