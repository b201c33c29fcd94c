# A connection of httpd: one request after another, each to the room that serves it. Loaded with the first client.
#
# Sockets, limits and the reading of requests are ours; Request, Response and WebSocket are microdot's. Its URL patterns
# are regular expressions, which here take a call of the C stack for each character of a path, so routes are found by the
# first word of the path instead, and nothing of its application is loaded.

import asyncio
import gc
import sys
from time import ticks_add, ticks_diff, ticks_ms

from microdot_parts.microdot import Request, Response
from micropython import const

from base.errors import Failure, reason
from base.modules import unload
from services import intern
from services.http import access, answer
from services.http.answer import Answer
from services.http.wire import Bad, Wire
from services.server import running
from services.stream import no_memory

_BODY_MAX = const(8192)  # bytes in a body that is read as a whole
_DRAIN_MAX = const(262_144)  # bytes of a refused body for which the connection is kept

# The first word of a path: the room whose serve(request) answers. All others are files of /www.
_ROOMS = {"fs": "files", "cp": "circuitpython", "api": "api", "metrics": "metrics", "edit": "circuitpython"}

# Rooms without any state.
_BARE = ("account", "authority", "bodies", "circuitpython", "files", "metrics", "pins", "run", "system", "work")
# Modules of others that only these load, and that keep nothing.
_HELPERS = ("net.address", "base.board", "base.temperature", "base.firmware")
_SHORT = const(49_152)  # bytes free, below which they are given back before another one is loaded

_PATIENCE_MS = const(15_000)  # how long a request waits for memory
_WAIT_MS = const(150)  # before it is tried again
_IDLE_S = const(10)  # seconds after which a room that nobody has used is unloaded
_NEED = const(3072)  # bytes that a connection takes, beside the rooms that all share

_GONE = const((9, 32, 104, 103, 128))  # errors of a socket: nobody is there
# The status for the number of an OSError; 500 for others.
_STATUS = const(" 1=403 2=404 13=403 17=412 20=404 21=409 22=400 28=507 30=403 36=400 39=409 ")


used = set()  # rooms that a request has asked for since the last look
_seconds = 0  # since that


async def serve(request):
    """The Response of the room of a request; errors become status codes here. None where nobody is there any more."""
    try:
        found = await room_answers(request)
        return found if isinstance(found, Response) else answered(found)
    except OSError as e:
        if e.args and e.args[0] in _GONE:
            return None
        return complaint(request, reason(e), int(_STATUS.partition(f" {e.errno}=")[2][:3] or 500))
    except EOFError:
        return None
    except Failure as e:
        return complaint(request, str(e), 409)
    except Bad as e:
        return complaint(request, e.text, e.status, e.fields)
    except MemoryError:
        return complaint(request, no_memory("this request"), 503, {"Retry-After": "5"})
    except Exception as e:
        from base import log  # late: nothing goes wrong

        log.note("httpd", f"{request.method} {request.path}: {type(e).__name__}: {e}", log.ERR)
        return complaint(request, "internal error", 500)


async def room_answers(request):
    """What the room of a request returns. What only reads waits for memory where that is short: others will end."""
    limit = None
    while True:
        try:
            if not access.check(request):
                from services.http import authority  # late: who has logged in and who wants the pages need none

                await authority.authorize(request)
            found = sys.modules[request.g.room].serve(request)
            return await found if hasattr(found, "send") else found
        except MemoryError:
            intern.release()
            sys.modules["process.memory"].evict(True)
            now = ticks_ms()
            if limit is None:
                limit = ticks_add(now, _PATIENCE_MS)
            if request.method not in access.SAFE or ticks_diff(limit, now) < 0:
                raise
        await asyncio.sleep_ms(_WAIT_MS)
        room_of(request.path)  # it may have been unloaded for want of memory


def answered(found):
    """The Response for what a room returns: what it says as a body, or a tuple with the status and the fields."""
    if not isinstance(found, tuple):
        return Answer(found, 200, {})
    return Answer(found[0], found[1], found[2] if len(found) > 2 else {})


def complaint(request, text, status, fields=None):
    """The answer to what cannot be done: text, and for the API JSON."""
    body = {"error": text} if request.g.room == "services.http.api" else text and text + "\n"
    return Answer(body, status, {} if fields is None else fields)


def decode(text):
    """A path without its %XX; Bad for what does not stand for UTF-8 without control characters."""
    if "%" in text:
        parts = text.encode().split(b"%")
        out = [parts[0]]
        for part in parts[1:]:
            try:
                out.append(bytes((int(part[:2], 16),)))
            except ValueError:
                raise Bad(400)
            if len(part) < 2 or part[:1] in b"+- ":
                raise Bad(400)
            out.append(part[2:])
        try:
            text = b"".join(out).decode()
        except UnicodeError:
            raise Bad(400)
        for c in text:
            if c < " " or c == "\x7f":
                raise Bad(400)
    return text


def room_of(path):
    """The module that serves a path, loaded here, where the stack is not yet deep."""
    name = _ROOMS.get(path[1:].partition("/")[0], "static")
    room = "services.http." + name
    if room not in sys.modules:
        spare()
        gc.collect()  # so that what stays lies close together
        __import__(room)
    used.add(name)
    return room


def evict(server):
    """Called each second: unload the rooms, and what only they need, that no request has used for some seconds."""
    global _seconds
    _seconds += 1
    if _seconds < _IDLE_S:
        return
    _seconds = 0
    for name in _BARE + ("api", "static", "inflate", "chunks", "pairs"):
        if name not in used:
            unload("services.http." + name)
    used.clear()
    for name in _HELPERS:
        unload(name)
    if not server.terminals:
        for name in ("services.http.terminal", "microdot_parts.websocket", "base.users"):
            unload(name)


def spare():
    """Where memory is short, give back the rooms that keep nothing; a request that is under way holds its own."""
    if gc.mem_free() > _SHORT:
        return
    gc.collect()
    if gc.mem_free() > _SHORT:
        return
    from process import memory

    for name in _BARE:
        unload("services.http." + name)
    memory.evict()


async def handler(connection):
    """The life of a connection."""
    for server in running:
        if connection in server.connections:
            connection.server = server
    tls = connection.server.tls
    plain = connection.sock
    if tls:  # the handshake comes with the first byte that is read
        connection.sock = tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        connection.sock.setblocking(False)
    wire = Wire(connection)
    idle_ms = connection.idle_ms
    connection.idle_ms = 0  # here it is known better than by the last byte what is late
    connection.promised = _NEED
    try:
        while True:
            method, target, modern, fields = await wire.head()
            if not await one(wire, method, target, modern, fields):
                return
            wire.limit(idle_ms)
            connection.resting = not wire.rest
    except Bad as e:
        await answer.refuse(wire, e.status)
    except MemoryError:
        sys.modules["process.memory"].evict(True)
        if not wire.answering:
            await answer.refuse(wire, 503)
    except EOFError:
        pass
    finally:
        if tls:  # a socket whose handshake has failed does not close the one below it
            plain.close()


async def one(wire, method, target, modern, fields):
    """Answer one request; returns whether the connection is kept."""
    connection = wire.connection
    body = None
    if "content-length" in fields or "transfer-encoding" in fields:
        from services.http import bodies  # late: most requests have none

        body = bodies.body_of(wire, fields)
    expect = fields.get("expect")
    if expect is not None and expect.lower() != "100-continue":
        raise Bad(417)
    if target == "*":
        target = "/"
    path = decode(target.partition("?")[0])
    whole = b""
    if body and body.left and path[:4] != "/fs/":
        try:
            whole = await body.whole(_BODY_MAX)
        except Bad as e:
            await answer.refuse(wire, e.status)
            await body.drain()
            return False
    if "cookie" in fields:  # as microdot looks for them
        fields["Cookie"] = fields["cookie"]
    if "content-type" in fields:
        fields["Content-Type"] = fields["content-type"]
    try:
        request = Request(None, (connection.address, 0), method, target, "1.1", fields, whole, body, (wire, wire))
    except ValueError:
        raise Bad(400)
    request.path = path
    g = request.g
    g.stream = body
    g.connection = connection
    g.server = connection.server
    g.room = room_of(path)
    keep = modern and g.server.late is None and "close" not in fields.get("connection", "").lower()
    response = await serve(request)
    if not response or response is Response.already_handled:
        return False
    if wire.lost or (body and body.left and (body.expects or body.left > _DRAIN_MAX)):
        keep = False
    wire.answering = True
    keep = await answer.send(wire, response, method, keep, modern)
    wire.answering = False
    if body and body.left:
        keep = await body.drain() and keep
    return keep
