# FTP's transfers, each a task beside the control connection. An upload replaces the old file when it is complete.

import asyncio
import os
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base import generation
from base.files import ENOSPC, Replacement, pieces, sized
from base.paths import DIRECTORY, basename, dirname, exists, isdir, join, space
from services.ftp.data import ready, start_transfer
from services.ftp.session import Reply
from services.server import readable
from services.stream import buffer

_BUFFER = const(4096)  # bytes, less if memory is short
_TURN_MS = const(4)  # before other tasks may run
_GONE_MS = const(10)  # after an upload, the wait for the end of the control connection
_PLENTY = const(524_288)  # bytes free
_PLENTY_MS = const(5_000)
_RESERVE = const(16384)  # bytes of the file system that uploads leave for the system

_plenty = None  # ticks at which the file system had _PLENTY


_spare = []  # the buffer of the last transfer, reused: new ones would fragment the heap


def take_buffer():
    """A buffer, which returns to _spare after the transfer."""
    return _spare.pop() if _spare else buffer(_BUFFER)  # one that does not return is collected


async def send_file(connection, file, left):
    """Send the next left bytes of a file."""
    data = take_buffer()
    left = await connection.send_file(file, left, data, _TURN_MS)
    _spare.append(data)
    return left


async def send_text(connection, file, left):
    """Send the next left bytes of a file with CR LF as newlines."""
    turn = ticks_ms()
    while left > 0 and (data := file.read(min(left, 1024))):
        left -= len(data)
        await connection.send(data.replace(b"\n", b"\r\n"))
        if ticks_diff(ticks_ms(), turn) > _TURN_MS:
            await asyncio.sleep_ms(0)
            turn = ticks_ms()
    return left


async def receive(connection, file, text, free, path):
    """Receive a file in large blocks; OSError(ENOSPC) if the file system is full.

    A client that dies closes this connection as at the end of a file: see check_complete().
    """
    data = take_buffer()
    size = len(data)
    view = memoryview(data)
    sock = connection.sock
    readinto = sock.readinto
    write = file.write
    total = have = 0
    carry = b""
    turn = ticks_ms()
    n = 1
    while n != 0:
        n = readinto(view[have:] if have else data)
        if n is None:
            await readable(sock)
            connection.last = turn = ticks_ms()
            continue
        have += n
        if n and have < size:
            continue
        total += have
        if total > free:
            free = total + recheck_space(path) - have
            if total > free:
                raise OSError(ENOSPC)
        piece = data if have == size else view[:have]
        have = 0
        if text:
            piece = carry + bytes(piece)
            carry = b"\r" if piece[-1:] == b"\r" and n else b""
            piece = piece[: len(piece) - len(carry)].replace(b"\r\n", b"\n")
        if piece and write(piece) != len(piece):
            raise OSError(ENOSPC)
        now = connection.last = ticks_ms()
        if ticks_diff(now, turn) > _TURN_MS:
            await asyncio.sleep_ms(0)
            turn = ticks_ms()
    _spare.append(data)
    return total


def free_space(path):
    """The number of bytes that may be received before free space is checked again.

    littlefs reads all of its directories for that, so a recent result with plenty of space is reused.
    """
    global _plenty
    if _plenty is not None and 0 <= ticks_diff(ticks_ms(), _plenty) < _PLENTY_MS:
        return _PLENTY // 2
    _plenty = None
    free = space(dirname(path))[1]
    if free <= _RESERVE:
        raise OSError(ENOSPC)
    if free >= _PLENTY:
        _plenty = ticks_ms()
    return free - _RESERVE


def recheck_space(path):
    """The exact free space."""
    global _plenty
    _plenty = None
    return free_space(path)


async def RETR(session, argument):
    path = session.readable(session.path(argument))
    if isdir(path):
        raise Reply(550, "Is a directory.")
    file, size = sized(path)
    file.close()  # until the client has connected
    rest = session.rest
    if rest > size:
        raise Reply(551, "Offset beyond the end of the file.")
    text = not session.binary
    ready(session)

    async def send(connection):
        with open(path, "rb") as file:
            file.seek(rest)
            if await (send_text if text else send_file)(connection, file, size - rest):
                raise Reply(451, "The file was truncated.")
        return "Transfer complete."

    start_transfer(session, send, f"Sending {size - rest} bytes.")


async def STOR(session, argument):
    path = session.writable(session.path(argument))
    store(session, path, session.rest, "Receiving.")


async def APPE(session, argument):
    store(session, session.writable(session.path(argument)), None, "Receiving.")


async def STOU(session, argument):
    directory = session.real(session.cwd)
    base = basename(argument or "upload")
    name = base
    number = 0
    while exists(join(directory, name)):
        number += 1
        name = f"{base}.{number}"
    path = session.writable(join(directory, name))
    store(session, path, 0, "FILE: " + name)


def store(session, path, rest, opening):
    """Receive into path at offset rest, None for its end; the bytes before it stay."""
    try:
        found = os.stat(path)
    except OSError:
        if not isdir(dirname(path)):
            raise Reply(553, "No such directory.")
        size = 0
    else:
        if found[0] & DIRECTORY:
            raise Reply(550, "Is a directory.")
        size = found[6]
    if rest is None:
        rest = size
    elif rest > size:
        raise Reply(551, "Offset beyond the end of the file.")
    text = not session.binary
    expected = 0 if text else session.expected
    free = free_space(path)
    if expected > free and expected > recheck_space(path):
        raise OSError(ENOSPC)
    ready(session)

    async def append(connection):
        """Append to the old file; received bytes stay if the connection breaks."""
        generation.note()
        with open(path, "ab") as file:
            await receive(connection, file, text, free, path)
        return "Transfer complete."

    async def replace(connection):
        with Replacement(path) as new:
            if rest:
                await pieces(path, rest, new.write)
                if new.file.tell() < rest:
                    raise Reply(451, "The file was truncated.")
            await check_complete(session, expected, await receive(connection, new.file, text, free - rest, path))
        return "Transfer complete."

    start_transfer(session, append if rest and rest == size else replace, opening)


async def check_complete(session, expected, received):
    """Raise OSError if an upload is incomplete: shorter than ALLO announced, or the control connection is closed, too.

    A client that dies closes both connections, in any order. The end of the control connection cancels the transfer if it
    is being read; while a command waits for the transfer it must be read here.
    """
    limit = ticks_add(ticks_ms(), _GONE_MS)
    while not session.over and ticks_diff(limit, ticks_ms()) > 0:
        await asyncio.sleep_ms(1)
        if session.waits:
            session.peek()
    if session.over or (expected and received < expected):
        raise OSError(104)
