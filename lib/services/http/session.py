# A connection of httpd: dispatch one request after another to a module. Loaded with the first client.
#
# Routes are found by the first part of a path: patterns would take a call of the C stack for each of its characters.

import asyncio
import gc
import sys
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure, reason
from base.modules import unload
from services import intern
from services.http import access
from services.http.protocol import Answer, HTTPError, HTTPStream, refuse, send_answer
from services.server import running
from services.stream import no_memory

_BODY_MAX = const(8192)  # bytes in a body that is read as a whole
_DRAIN_MAX = const(262_144)  # bytes of a refused body for which the connection is kept

# The first part of a path: the module whose serve(request) answers. All others are files of /www.
_API = "services.http.api"
_ROUTES = {
    "fs": "files",
    "cp": "files",
    "api": "api",
    "metrics": "metrics",
    "edit": "files",
    "rest": "rest",
    "config": "config",
    "stream": "camera",
    "capture.jpg": "camera",
    "cam": "camera",
}

# Modules without state.
_STATELESS = (
    "auth",
    "bodies",
    "camera",
    "config",
    "controls",
    "files",
    "metrics",
    "pages",
    "pins",
    "processes",
    "rest",
    "run",
    "settings",
    "system",
)
# Modules without state that only those import.
_HELPERS = ("net.address", "base.board", "base.chip")
_SHORT = const(49_152)  # bytes free, below which they are unloaded before another one is loaded
_PIECE = const(6144)  # bytes that are free in one piece before a request is answered

_PATIENCE_MS = const(15_000)  # how long a request waits for memory
_WAIT_MS = const(150)  # before another try
_IDLE_S = const(10)  # seconds after which an unused module is unloaded
_NEED = const(3072)  # bytes that a connection takes, beside the modules that all share

_GONE = const((9, 32, 104, 103, 128))  # socket errors: the client has disconnected
# The status for the number of an OSError; 500 for others.
_STATUS = const(" 1=403 2=404 13=403 17=412 20=404 21=409 22=400 28=507 30=403 36=400 39=409 ")


used = set()  # modules that requests have used since the last eviction
_seconds = 0  # since that


class Request:
    """A request on its way to the module that serves it."""

    login = None  # the Login of its sender; services.http.access sets it
    begun = False  # its module may have changed something
    unsafe = False  # it changes something, or opens a WebSocket
    content = b""  # its body, if it has been read as a whole

    def __init__(self, stream, method, target, fields, body):
        path, _, self.query = target.partition("?")
        self.stream = stream
        self.connection = stream.connection
        self.server = self.connection.server
        self.method = method
        self.path = decode(path)
        self.route = ""  # the name of the module
        self.headers = fields  # with their names in lower case
        self.body = body  # the Body, None without one

    def arguments(self, name):
        """The values of a name in the query."""
        found = []
        for pair in self.query.split("&") if self.query else ():
            key, _, value = pair.partition("=")
            if key == name:
                found.append(decode(value.replace("+", " ")))
        return found

    def argument(self, name):
        """The first one, "" without any."""
        return (self.arguments(name) or ("",))[0]

    def cookie(self, name):
        """The value of a cookie, "" if it is not there."""
        for pair in self.headers.get("cookie", "").split(";"):
            key, _, value = pair.partition("=")
            if key.strip() == name:
                return value.strip()
        return ""


async def serve(request):
    """The Answer to a request; errors become status codes here. None if the connection is over."""
    try:
        return make_answer(await dispatch(request))
    except OSError as e:
        if e.args and e.args[0] in _GONE:
            return None
        return error_response(request, reason(e), int(_STATUS.partition(f" {e.errno}=")[2][:3] or 500))
    except EOFError:
        return None
    except Failure as e:
        return error_response(request, str(e), 409)
    except HTTPError as e:
        return error_response(request, e.text, e.status, e.fields)
    except MemoryError:
        return error_response(request, no_memory("this request"), 503, {"Retry-After": "5"})
    except Exception as e:
        from base import log  # late: rare

        log.note("httpd", f"{request.method} {request.path}: {type(e).__name__}: {e}", log.ERR)
        return error_response(request, "internal error", 500)


async def dispatch(request):
    """Call the module of a request.

    A request that may be repeated waits for memory if necessary: others will end, and idle connections are closed.
    """
    limit = None
    while True:
        try:
            if request.route not in sys.modules:  # there was no memory for it, or the eviction below has unloaded it
                load(request.route)
            if not access.check(request):
                from services.http import auth  # late: logged-in users and the pages themselves do not need it

                await auth.authorize(request)
            request.begun = request.route != _API  # which says itself when it begins
            found = sys.modules[request.route].serve(request)
            return await found if hasattr(found, "send") else found
        except MemoryError:
            intern.release()
            sys.modules["process.memory"].evict(True)
            now = ticks_ms()
            if limit is None:
                limit = ticks_add(now, _PATIENCE_MS)
            if not may_repeat(request) or ticks_diff(limit, now) < 0:
                raise
            sys.modules["services.stream"].close_idle(request.server)
        await asyncio.sleep_ms(_WAIT_MS)


def may_repeat(request):
    """True for a request that can be handled a second time: it has done nothing yet, only reads, or sets what the body says
    that is still here."""
    return not request.begun or request.method in access.SAFE or (request.method == "PUT" and request.route == _API)


def make_answer(found):
    """The Answer for the result of a module: a body, or a tuple with status and fields, too; None behind a WebSocket."""
    if found is None:
        return None
    if not isinstance(found, tuple):
        return Answer(found, 200, {})
    return Answer(found[0], found[1], found[2] if len(found) > 2 else {})


def error_response(request, text, status, fields=None):
    """The answer to a failed request: text, or for the API JSON."""
    body = {"error": text} if request.route == _API else text and text + "\n"
    return Answer(body, status, {} if fields is None else fields)


def decode(text):
    """Decode the %XX of a path; HTTPError for control characters and invalid UTF-8."""
    if "%" in text:
        parts = text.encode().split(b"%")
        out = [parts[0]]
        for part in parts[1:]:
            try:
                out.append(bytes((int(part[:2], 16),)))
            except ValueError:
                raise HTTPError(400)
            if len(part) < 2 or part[:1] in b"+- ":
                raise HTTPError(400)
            out.append(part[2:])
        try:
            text = b"".join(out).decode()
        except UnicodeError:
            raise HTTPError(400)
        for c in text:
            if c < " " or c == "\x7f":
                raise HTTPError(400)
    return text


def route_of(path):
    """The name of the module for a path."""
    endpoints = sys.modules.get("services.micros.endpoints")  # there while a Load Module has some
    if endpoints and endpoints.owns(path):
        return access.ENDPOINTS
    return "services.http." + _ROUTES.get(path[1:].partition("/")[0], "static")


def load(module):
    """Load the module for a path, where the stack is still shallow."""
    if module not in sys.modules:
        free_memory()
        gc.collect()  # so that resident data stays close together
        __import__(module)
    used.add(module[len("services.http.") :])


def evict(server):
    """Called each second: unload modules, and their helpers, that no request has used for some seconds."""
    global _seconds
    _seconds += 1
    if _seconds < _IDLE_S:
        return
    _seconds = 0
    for name in _STATELESS + ("api", "static", "inflate"):
        if name not in used:
            unload("services.http." + name)
    used.clear()
    for name in _HELPERS:
        unload(name)
    if not server.terminals:
        for name in ("services.http.terminal", "services.http.websocket", "base.users"):
            unload(name)


def free_memory():
    """If memory is short, unload the modules without state; a running request keeps its own alive."""
    if gc.mem_free() > _SHORT:
        return
    gc.collect()
    if gc.mem_free() > _SHORT:
        return
    from process import memory  # late: rare

    for name in _STATELESS:
        unload("services.http." + name)
    memory.evict()


def ensure_piece():
    """Evict where a request would soon lack memory: not each can be handled a second time. True where it had to."""
    memory = sys.modules["process.memory"]
    if memory.has_piece(_PIECE):
        return False
    intern.release()
    memory.evict(True)
    return True


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
    stream = HTTPStream(connection)
    idle_ms = connection.idle_ms
    connection.idle_ms = 0  # the time limits of HTTPStream apply instead
    connection.reserved = _NEED
    try:
        while True:
            method, target, modern, fields = await stream.head()
            if not await handle_request(stream, method, target, modern, fields):
                return
            stream.limit(idle_ms)
            connection.idle = not stream.rest
    except HTTPError as e:
        await refuse(stream, e.status)
    except MemoryError:
        sys.modules["process.memory"].evict(True)
        if not stream.answering:
            await refuse(stream, 503)
    except EOFError:
        pass
    finally:
        if tls:  # a socket whose handshake has failed does not close the one below it
            plain.close()


async def handle_request(stream, method, target, modern, fields):
    """Answer one request; returns whether the connection is kept."""
    connection = stream.connection
    body = None
    if "content-length" in fields or "transfer-encoding" in fields:
        from services.http import bodies  # late: most requests have none

        body = bodies.body_of(stream, fields)
    expect = fields.get("expect")
    if expect is not None and expect.lower() != "100-continue":
        raise HTTPError(417)
    if target == "*":
        target = "/"
    crowded = ensure_piece()
    request = Request(stream, method, target, fields, body)
    if body and body.left and request.path[:4] != "/fs/":
        try:
            request.content = await body.whole(_BODY_MAX)
        except HTTPError as e:
            await refuse(stream, e.status)
            await body.drain()
            return False
    request.route = route_of(request.path)
    try:
        load(request.route)
    except MemoryError:  # dispatch() tries again
        pass
    # A kept connection holds 2.5 kB, and a browser keeps six.
    keep = (
        modern
        and not crowded
        and connection.server.refuse_at is None
        and "close" not in fields.get("connection", "").lower()
    )
    response = await serve(request)
    if not response:
        return False
    if stream.lost or (body and body.left and (body.expects or body.left > _DRAIN_MAX)):
        keep = False
    keep = await send_answer(stream, response, method, keep, modern)
    stream.answering = False
    if body and body.left:
        keep = await body.drain() and keep
    return keep
