# FTP's transfers: each a task beside the control connection. A file that is stored takes its place when it is complete.

import asyncio
import os
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base import generation
from base.files import ENOSPC, Replacement, pieces, sized
from base.paths import DIRECTORY, basename, dirname, exists, isdir, join, space
from services.ftp.data import begin, ready
from services.ftp.session import Reply
from services.server import readable

_BUFFER = const(4096)  # bytes, a quarter of that where memory is short
_TURN_MS = const(4)  # after which others may run
_GONE_MS = const(10)  # after the end of an upload, how long that of the control connection may come
_PLENTY = const(524_288)  # bytes free
_PLENTY_MS = const(5_000)
_RESERVE = const(16384)  # bytes of the file system that no upload takes: the system writes, too

_plenty = None  # when the file system had plenty of room


_spare = []  # the buffer of the last transfer, for the next one: so many would leave holes in the heap


def buffer():
    """A buffer, which goes back to _spare after the transfer."""
    if _spare:
        return _spare.pop()  # one that does not come back is collected
    try:
        return bytearray(_BUFFER)
    except MemoryError:
        return bytearray(_BUFFER // 4)


async def send_file(wire, file, left):
    """Send the next left bytes of a file."""
    data = buffer()
    size = len(data)
    view = memoryview(data)
    push = wire.push
    turn = ticks_ms()
    while left > 0 and (n := file.readinto(data if left >= size else view[:left])):
        left -= n
        piece = data if n == size else view[:n]
        done = push(piece)
        if done != n:
            await wire.send(piece, done)
        if ticks_diff(ticks_ms(), turn) > _TURN_MS:
            await asyncio.sleep_ms(0)
            turn = ticks_ms()
    _spare.append(data)
    return left


async def send_text(wire, file, left):
    """Send the next left bytes of a file with ends of line as the network has them."""
    turn = ticks_ms()
    while left > 0 and (data := file.read(min(left, 1024))):
        left -= len(data)
        await wire.send(data.replace(b"\n", b"\r\n"))
        if ticks_diff(ticks_ms(), turn) > _TURN_MS:
            await asyncio.sleep_ms(0)
            turn = ticks_ms()
    return left


async def receive(wire, file, text, room, path):
    """Take a file off the network; OSError(ENOSPC) when there is no room for it. The pieces written are large ones.

    A client that dies closes this connection as it does at the end of a file: whoever stores makes sure().
    """
    data = buffer()
    size = len(data)
    view = memoryview(data)
    sock = wire.sock
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
            wire.last = turn = ticks_ms()
            continue
        have += n
        if n and have < size:
            continue
        total += have
        if total > room:
            room = total + more_room(path) - have
            if total > room:
                raise OSError(ENOSPC)
        piece = data if have == size else view[:have]
        have = 0
        if text:
            piece = carry + bytes(piece)
            carry = b"\r" if piece[-1:] == b"\r" and n else b""
            piece = piece[: len(piece) - len(carry)].replace(b"\r\n", b"\n")
        if piece and write(piece) != len(piece):
            raise OSError(ENOSPC)
        now = wire.last = ticks_ms()
        if ticks_diff(now, turn) > _TURN_MS:
            await asyncio.sleep_ms(0)
            turn = ticks_ms()
    _spare.append(data)
    return total


def room_for(path):
    """How many bytes an upload may have, or for now: the file system is asked again when they have come.

    littlefs looks at all of its directories for that; when it had plenty a moment ago it is not asked.
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


def more_room(path):
    """How many bytes more, exactly."""
    global _plenty
    _plenty = None
    return room_for(path)


async def RETR(session, argument):
    path = session.readable(session.path(argument))
    if isdir(path):
        raise Reply(550, "Is a directory.")
    file, size = sized(path)
    file.close()  # until the client has come
    rest = session.rest
    if rest > size:
        raise Reply(551, "The file is shorter.")
    text = not session.binary
    ready(session)

    async def send(wire):
        with open(path, "rb") as file:
            file.seek(rest)
            if await (send_text if text else send_file)(wire, file, size - rest):
                raise Reply(451, "The file has become shorter.")
        return "Transfer complete."

    begin(session, send, f"Sending {size - rest} bytes.")


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
    """Receive into path from the byte rest on, None for its end: what is before it stays."""
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
        raise Reply(551, "The file is shorter.")
    text = not session.binary
    expected = 0 if text else session.expected
    room = room_for(path)
    if expected > room and expected > more_room(path):
        raise OSError(ENOSPC)
    ready(session)

    async def append(wire):
        """Nothing of the old file changes: what comes is added, and stays where the connection breaks."""
        generation.note()
        with open(path, "ab") as file:
            await receive(wire, file, text, room, path)
        return "Transfer complete."

    async def replace(wire):
        with Replacement(path) as new:
            if rest:
                await pieces(path, rest, new.write)
                if new.file.tell() < rest:
                    raise Reply(451, "The file has become shorter.")
            await sure(session, expected, await receive(wire, new.file, text, room - rest, path))
        return "Transfer complete."

    begin(session, append if rest and rest == size else replace, opening)


async def sure(session, expected, received):
    """Raise OSError where an upload has ended early: the client has told its size, or has gone altogether.

    A client that dies closes both connections, in any order. The end of the control connection cancels us where somebody
    reads it; while a command waits for us, nobody else does.
    """
    limit = ticks_add(ticks_ms(), _GONE_MS)
    while not session.over and ticks_diff(limit, ticks_ms()) > 0:
        await asyncio.sleep_ms(1)
        if session.waits:
            session.peek()
    if session.over or (expected and received < expected):
        raise OSError(104)
