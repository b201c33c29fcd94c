# A connection of httpd: one request after another, each to the room that serves it. Loaded with the first client.
#
# Sockets, limits and the reading of requests are ours; Request, Response, dispatching and errors are microdot's. Its own
# URL patterns are regular expressions, which here take a call of the C stack for each character of a path, so routes
# are found by the first word of the path instead.

import gc
import sys

from microdot.microdot import HTTPException, Microdot, NoCaseDict, Request, Response
from micropython import const

from base import log
from base.errors import Failure, reason
from services.http import access, answer
from services.http.wire import Bad, Body, Wire
from services.server import running

_BODY_MAX = const(8192)  # bytes in a body that is read as a whole

# The first word of a path: the room whose serve(request) answers. All others are files of /www.
_ROOMS = {"fs": "files", "cp": "circuitpython", "api": "api", "metrics": "metrics", "edit": "circuitpython"}

_BARE = ("account", "circuitpython", "files", "metrics", "pins", "run", "system", "work")  # rooms without any state
_SHORT = const(49_152)  # bytes free, below which they are given back before another one is loaded

_GONE = (9, 32, 104, 103, 128)  # errors of a socket: nobody is there
_STATUS = {1: 403, 2: 404, 5: 500, 13: 403, 17: 412, 20: 404, 21: 409, 22: 400, 28: 507, 30: 403, 39: 409}

Request.max_content_length = 1 << 40  # the rooms have their limits


class App(Microdot):
    """microdot with our way to find a route."""

    def find_route(self, request):
        request.url_args = {}
        return serve, "", None


app = App()


async def serve(request):
    """Let the room of a request answer; errors become status codes here."""
    try:
        await access.check(request)
        return await sys.modules[request.g.room].serve(request)
    except OSError as e:
        if e.args and e.args[0] in _GONE:
            request.g.gone = True
            return 400
        return complaint(request, reason(e), _STATUS.get(e.args[0] if e.args else 0, 500))
    except EOFError:
        request.g.gone = True
        return 400
    except Failure as e:
        return complaint(request, str(e), 409)
    except Bad as e:
        return complaint(request, e.text, e.status, e.fields)
    except MemoryError:
        from process import load

        load.drop()
        return complaint(request, "not enough memory", 503)
    except Exception as e:
        if not isinstance(e, HTTPException):
            log.note("httpd", f"{request.method} {request.path}: {type(e).__name__}: {e}", log.ERR)
            return complaint(request, "internal error", 500)
        raise


def complaint(request, text, status, fields=None):
    """The answer to what cannot be done: text, and for the API JSON."""
    if request.g.room == "services.http.api":
        return {"error": text}, status, fields or {}
    return text and text + "\n", status, fields or {}


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
        __import__(room)
    return room


def spare():
    """Where memory is short, give back the rooms that keep nothing; a request that is under way holds its own."""
    if gc.mem_free() > _SHORT:
        return
    gc.collect()
    if gc.mem_free() > _SHORT:
        return
    from process import load

    for name in _BARE:
        load.unload("services.http." + name)
    load.drop()


async def handler(connection):
    """The life of a connection."""
    connection.server = [server for server in running if connection in server.connections][0]
    tls = connection.server.tls
    plain = connection.sock
    if tls:  # the handshake comes with the first byte that is read
        connection.sock = tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        connection.sock.setblocking(False)
    wire = Wire(connection)
    idle_ms = connection.idle_ms
    connection.idle_ms = 0  # here it is known better than by the last byte what is late
    try:
        while True:
            method, target, version, fields = await wire.head()
            if not await one(wire, method, target, version, fields):
                return
            wire.limit(idle_ms)
    except Bad as e:
        await answer.refuse(wire, e.status)
    except EOFError:
        pass
    finally:
        if tls:  # a socket whose handshake has failed does not close the one below it
            plain.close()


async def one(wire, method, target, version, fields):
    """Answer one request; returns whether the connection is kept."""
    connection = wire.connection
    body = Body(wire, fields)
    expect = fields.get("expect")
    if expect is not None and expect.lower() != "100-continue":
        raise Bad(417)
    if target == "*":
        target = "/"
    path = decode(target.partition("?")[0])
    whole = b""
    streams = path[:4] == "/fs/"
    if body.left and not streams:
        if body.left > _BODY_MAX:
            await refuse_body(wire, body, 413)
            return False
        whole = await body.readexactly(body.left)
    try:
        client = (connection.address, 0)
        fields = NoCaseDict(fields)
        request = Request(app, client, method, target, version[5:], fields, whole, body, (wire, wire))
    except ValueError:
        raise Bad(400)
    request.path = path
    request.g.stream = body
    request.g.connection = connection
    request.g.server = connection.server
    request.g.room = room_of(path)
    request.g.gone = False
    one = version == "HTTP/1.1"
    keep = "close" not in fields.get("connection", "").lower()
    response = await app.dispatch_request(request)
    if response is Response.already_handled or request.g.gone:
        return False
    if body.left and body.expects:
        keep = False
    keep = await answer.send(wire, response, method, keep and one, one)
    if body.left:
        keep = not body.expects and await wire.drain(body) and keep
    return keep


async def refuse_body(wire, body, status):
    await answer.refuse(wire, status)
    if not body.expects:
        await wire.drain(body)
