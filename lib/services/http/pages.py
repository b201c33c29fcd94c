# Pages, JSON and streams of micrOS's Load Modules (services.micros.endpoints), in the form of its web server.
#
# A function gets the head of a request and its body, and returns (type, data). For a stream data is {"callback": function,
# "content-type": type}: each call of it makes a part, and an empty one is the end. A body of several parts is handed over
# part by part, with first= and last=.

import asyncio
import json
import os
import sys

from micropython import const

from services.http import static
from services.http.protocol import HTTPError

_ENDPOINTS = const("services.micros.endpoints")
_BODY_MAX = const(8192)  # bytes of a body, or of one of its parts
_PIECE = const(1024)  # bytes read at a time
_STREAMS_MAX = const(2)  # streams at a time
_PAUSE_MS = const(20)  # between two parts of a stream, while others run
_BOUNDARY = const(b"--micrOS_boundary")
_STREAMS = ("multipart/x-mixed-replace", "multipart/form-data")
_POLICY = const(
    "default-src 'self' 'unsafe-inline' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_REQUIRED = {"state": False, "result": "Auth required"}


class Parts:
    """The body of a stream."""

    def __init__(self, server, callback, kind):
        self.server = server
        self.callback = callback
        self.kind = kind
        self.data = None  # of the part whose head has been sent
        self.ended = False
        server.streams += 1

    async def next(self):
        if self.ended:
            return b""
        if self.data is not None:
            data, self.data = self.data, None
            return data
        await asyncio.sleep_ms(_PAUSE_MS)
        data = self.part()
        if not data:
            self.ended = True
            return b"\r\n%s--\r\n" % _BOUNDARY
        self.data = data
        return b"\r\n%s\r\ncontent-type: %s\r\n\r\n" % (_BOUNDARY, self.kind)

    def part(self):
        """The next part; None at the end, when the service has stopped, or where the module has failed."""
        if _ENDPOINTS not in sys.modules:
            return None
        try:
            return self.callback()
        except MemoryError:
            raise
        except Exception as e:
            from base import log  # late: rare

            log.note("micros", f"stream: {type(e).__name__}: {e}", log.WARNING)
            return None

    def close(self):
        self.server.streams -= 1


async def serve(request):
    login = request.login
    if login and login.options:
        raise HTTPError(403, "not allowed for this user")
    endpoints = sys.modules[_ENDPOINTS]
    name = request.path.strip("/")
    methods = endpoints.table.get(name, {})
    callback = methods.get(request.method if request.method != "HEAD" else "GET")
    if callback is None or isinstance(callback, str):
        if request.method not in ("GET", "HEAD"):
            raise HTTPError(405, "method not allowed", {"Allow": ", ".join(methods) or "GET"})
        return page(request, endpoints.place(callback or request.path))
    kind = request.headers.get("content-type", "")
    if request.body and kind.startswith("multipart/form-data") and "boundary=" in kind:
        boundary = kind.partition("boundary=")[2].partition(";")[0].strip('" ')
        return answer(request, await upload(request, callback, b"--" + boundary.encode()))
    body = request.content
    if not body and request.body:
        body = await request.body.whole(_BODY_MAX)
    head = dict(request.headers)
    if body:
        head["content-length"] = len(body)
    return answer(request, run(request, callback, head, body))


def page(request, path):
    """A file of the directory of pages, or of one that is shared."""
    if "/." in path:
        raise HTTPError(404, "Not found")
    st = os.stat(path)
    fields = {"Content-Type": static.kind(path), "Cache-Control": "no-cache", "ETag": static.tag(st)}
    fields["Content-Security-Policy"] = _POLICY
    return static.part(request, path, st, fields)


def run(request, callback, *args, **named):
    """What a function returns; None where it needs a password that has not been sent."""
    from services.micros.faces.system import PWD_KEY, AuthRequired  # late: as the Load Module

    try:
        return callback(*args, **named)
    except AuthRequired:
        password = request.headers.get("x-micros-auth")
    if password is None:
        return None
    named[PWD_KEY] = password
    try:
        return callback(*args, **named)
    except AuthRequired:
        return None


def answer(request, found):
    """The answer with what a function has returned."""
    fields = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
    if found is None:
        return _REQUIRED, 401, fields
    kind, data = found
    fields["Content-Type"] = kind + "; charset=UTF-8" if kind[:5] == "text/" and "charset" not in kind else kind
    if kind in _STREAMS:
        if request.server.streams >= _STREAMS_MAX:
            raise HTTPError(503, f"no more than {_STREAMS_MAX} streams", {"Retry-After": "5"})
        fields["Content-Type"] = f"{kind}; boundary={_BOUNDARY[2:].decode()}"
        data = Parts(request.server, data["callback"], data["content-type"])
    elif isinstance(data, (dict, list, tuple)):
        data = json.dumps(data)
    elif isinstance(data, memoryview):
        data = bytes(data)
    return data, 200, fields


async def upload(request, callback, delimiter):
    """Call a function for each part of a body; returns what it says of the last one."""
    data = request.content
    source = None if data else request.body
    found = None
    first = True
    data = b"\r\n" + data
    delimiter = b"\r\n" + delimiter
    while True:
        end = data.find(delimiter, 1)
        if end < 0 or len(data) < end + len(delimiter) + 2:  # what tells the last part is behind it
            piece = await source.read(_PIECE) if source else b""
            if not piece:
                raise HTTPError(400, "incomplete multipart body")
            data += piece
            if len(data) > _BODY_MAX + _PIECE:
                raise HTTPError(413, f"a part is longer than {_BODY_MAX} bytes")
            continue
        if not data.startswith(delimiter + b"\r\n"):
            raise HTTPError(400, "invalid multipart boundary")
        head, blank, body = data[len(delimiter) + 2 : end].partition(b"\r\n\r\n")
        if not blank:
            raise HTTPError(400, "invalid headers")
        data = data[end:]
        last = data[len(delimiter) :].startswith(b"--")
        found = run(request, callback, fields_of(head), body, first=first, last=last)
        if last or found is None:
            return found
        first = False


def fields_of(head):
    """The head of a part as a dict, names in lower case."""
    fields = {}
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        fields[name.strip().lower().decode()] = value.strip().decode()
    return fields
