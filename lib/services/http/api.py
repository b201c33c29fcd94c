# /api/: JSON for programs and for the desktop; /api/openapi.json describes it.
#
# The second word of a path names a function in one of the rooms below: get_status(request, rest) for GET /api/status.
# What it returns is the answer: a dict or list, or (body, status, fields).

import gc
import sys

from services.http import session
from services.http.wire import Bad

_ROOMS = {
    "login": "account",
    "logout": "account",
    "session": "account",
    "users": "account",
    "status": "system",
    "log": "system",
    "config": "system",
    "power": "system",
    "processes": "work",
    "jobs": "work",
    "services": "work",
    "run": "run",
    "gpio": "pins",
    "terminal": "terminal",
}
# What has parts, each with a path of its own: what can be done to them. The whole can be read.
_PARTS = {"users": "PUT", "processes": "GET POST", "services": "GET POST", "gpio": "GET PUT", "terminal": "DELETE"}


async def serve(request):
    _, _, name, rest = (request.path + "//").split("/", 3)
    rest = rest.rstrip("/")
    if name == "openapi.json":
        return description(request)
    room = _ROOMS.get(name)
    if not room or (rest and name not in _PARTS):
        raise Bad(404, "no such thing")
    session.used.add(room)
    room = "services.http." + room
    if room not in sys.modules:
        session.spare()
        gc.collect()  # as there
        __import__(room)
    module = sys.modules[room]
    method = "GET" if request.method == "HEAD" else request.method
    allowed = verbs(module, name, rest)
    if method not in allowed:
        fields = {"Allow": ", ".join(allowed)}
        if method == "OPTIONS":
            return "", 204, fields
        raise Bad(405, "method not allowed", fields)
    found = getattr(module, f"{method.lower()}_{name}")(request, rest)
    if hasattr(found, "send"):
        found = await found
    if isinstance(found, (dict, list)):
        return found, 200, {"Cache-Control": "no-store"}
    return found


def verbs(module, name, rest):
    """What can be done to a thing or to a part of it."""
    if name == "gpio" and rest == "rgb":
        return ["PUT"]
    if name in _PARTS:
        return (_PARTS[name] if rest else "GET").split()
    return [verb for verb in ("GET", "POST", "PATCH") if hasattr(module, f"{verb.lower()}_{name}")]


def body(request, **kinds):
    """The JSON object of a request; Bad where it is none, or a value has the wrong type: body(request, name=str)."""
    if b"\\ud" in request.body or b"\\uD" in request.body:
        from services.http import pairs  # late: only some clients write characters as two escapes

        request._body = pairs.joined(request.body)
    try:
        found = request.json
    except (ValueError, UnicodeError):
        raise Bad(400, "no valid JSON")
    if not isinstance(found, dict):
        other = request.body and "json" not in request.headers.get("content-type", "")
        raise Bad(415 if other else 400, "a JSON object is expected")
    for name in found:
        if name not in kinds:
            raise Bad(400, "unknown: " + str(name)[:40])
        kind = kinds[name]
        if kind is int:
            found[name] = whole(found[name])
        if not isinstance(found[name], kind) or (
            isinstance(found[name], bool) and kind is not bool and kind is not object
        ):
            raise Bad(400, name + ": a wrong kind of value")
    return found


def whole(value):
    """A number of JSON as an int, if it is one: 5.0 is 5."""
    if isinstance(value, float) and abs(value) < 1e9 and value == int(value):
        return int(value)
    return value


def description(request):
    from services.http import static

    request.path = "/openapi.json"
    return static.serve(request)
