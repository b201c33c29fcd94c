# FTP's data connections: passive ones from a range of ports, and active ones to the client's own address only. A
# transfer is a task beside the control connection.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base import config
from base.errors import reason
from process import memory
from services.ftp.session import Reply, Session
from services.server import listener, readable
from services.stream import Connection, endpoint, no_memory, patience, tune, wait_memory

_PORTS = (13333, 16)  # the first passive port, and their number
_CONNECT_MS = const(20_000)  # how long the client may take to connect
_STEP_MS = const(500)  # between two checks of the control connection
_PIECE = const(1280)  # bytes in one piece with which a transfer begins: a file of littlefs takes 1,200

_next = 0  # the passive port to try first


def listen(session):
    """Open the passive socket; returns its port."""
    global _next
    session.close_data()
    options = config.section("ftpd")
    first, count = options.get("passive", _PORTS)
    for _ in range(count):
        port = config.port(first + _next % count)
        _next += 1
        try:
            session.passive = listener(port, options.get("bind"))
            return port
        except OSError:  # in use by another client
            pass
    raise Reply(425, "No free port for a data connection.")


async def PASV(session, argument):
    if session.only_epsv:
        raise Reply(503, "EPSV ALL was said.")
    port = listen(session)
    from net.address import local  # late: only for PASV

    address = local(session.address).replace(".", ",")
    await session.reply(227, f"Entering Passive Mode ({address},{port >> 8},{port & 255}).")


async def EPSV(session, argument):
    argument = argument.upper()
    if argument == "ALL":
        session.only_epsv = True
        raise Reply(200, "OK.")
    if argument not in ("", "1"):
        raise Reply(522, "Network protocol not supported, use (1).")
    await session.reply(229, f"Entering Extended Passive Mode (|||{listen(session)}|).")


def set_active(session, host, port):
    """Save the address at which the client listens; it must be the client's own."""
    if session.only_epsv:
        raise Reply(503, "EPSV ALL was said.")
    if not port.isdigit() or not 1024 <= int(port) <= 65535:
        raise Reply(501, "Invalid port.")
    if host != session.address:
        raise Reply(504, "Data connections to other addresses are refused.")
    session.close_data()
    session.active = (host, int(port))
    raise Reply(200, "OK.")


async def PORT(session, argument):
    fields = argument.split(",")
    if len(fields) != 6 or not all(f.isdigit() and int(f) < 256 for f in fields):
        raise Reply(501, "Expected six numbers.")
    fields = [str(int(f)) for f in fields]
    set_active(session, ".".join(fields[:4]), str(int(fields[4]) * 256 + int(fields[5])))


async def EPRT(session, argument):
    fields = argument.split(argument[:1] or "|")
    if len(fields) != 5:
        raise Reply(501, "Expected |1|address|port|.")
    if fields[1] != "1":
        raise Reply(522, "Network protocol not supported, use (1).")
    set_active(session, fields[2], fields[3])


async def connect(session):
    """Open the data connection; returns a Connection, or raises Reply."""
    try:
        if session.active:
            host, port = session.active
            stream, _ = await asyncio.wait_for_ms(asyncio.open_connection(host, port), _CONNECT_MS)
            sock = stream.s
            tune(sock)
        else:
            sock = await accept(session)
    except (OSError, asyncio.TimeoutError):
        raise Reply(425, "Cannot open data connection.")
    finally:
        session.close_data()
    return Connection(sock, session.address, 0)


async def accept(session):
    """Accept the client's connection to the passive socket; refuse other addresses."""
    passive = session.passive
    limit = ticks_add(ticks_ms(), _CONNECT_MS)
    while True:
        left = ticks_diff(limit, ticks_ms())
        if left <= 0:
            raise OSError(110)
        try:
            await asyncio.wait_for_ms(readable(passive), min(left, _STEP_MS))
        except asyncio.TimeoutError:
            if session.waits:  # nobody reads the control connection, which may have ended
                session.peek()
            if session.over:
                raise
            continue
        sock, address = passive.accept()
        if endpoint(address)[0] == session.address:
            tune(sock)
            return sock
        sock.close()


def ready(session):
    """Raise Reply if neither PASV nor PORT has been sent."""
    if not session.passive and not session.active:
        raise Reply(425, "Use PASV or PORT first.")


async def wait_piece():
    """Wait until a file can be opened, but not for ever: less may do."""
    limit = patience()
    try:
        while not memory.has_piece(_PIECE):
            await wait_memory(limit)
    except MemoryError:
        pass


def start_transfer(session, coroutine, opening):
    """Start a transfer; coroutine(connection) returns the text of the final reply."""

    async def life():
        connection = None
        session.data = None
        Session.moving += 1
        try:
            try:
                await wait_piece()
                await session.reply(150, opening)
                connection = session.data = await connect(session)
                reply = Reply(226, await coroutine(connection))
            except Reply as e:
                reply = e
            except asyncio.CancelledError:
                reply = Reply(426, "Transfer aborted.")
            except OSError as e:
                reply = failure(e)
            except MemoryError:
                reply = Reply(451, no_memory("this transfer"))
            if connection:
                connection.close()  # before the reply: the client waits for both
            session.data = None
            if not session.over:
                await session.reply(*reply.args)
        except OSError:  # the control connection is closed, too
            pass
        finally:
            if connection:
                connection.close()
            session.data = session.transfer = None
            Session.moving -= 1

    ready(session)
    session.transfer = asyncio.create_task(life())


def failure(error):
    """The reply for an error in a transfer."""
    number = error.args[0] if error.args else 0
    if number == 28:  # ENOSPC
        return Reply(452, "No space left on device.")
    if number == 111:  # ECONNREFUSED: asyncio reports it with the first byte
        return Reply(425, "Cannot open data connection.")
    if number in (32, 103, 104, 107, 110, 113):  # EPIPE, ECONNABORTED, ECONNRESET ...
        return Reply(426, "Connection closed; transfer aborted.")
    return Reply(451, reason(error) + ".")
