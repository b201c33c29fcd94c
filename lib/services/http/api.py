# /api/: JSON for programs and for the desktop; /api/openapi.json describes it.
#
# The second word of a path names a function in one of the rooms below: get_status(request, rest) for GET /api/status.
# What it returns is the answer: a dict or list, or (body, status, fields).

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
_VERBS = ("get", "post", "put", "patch", "delete")
_NAMED = ("users", "processes", "services", "gpio", "terminal")  # what has parts, each with a path of its own


async def serve(request):
    _, _, name, rest = (request.path + "//").split("/", 3)
    rest = rest.rstrip("/")
    if name == "openapi.json":
        return description(request)
    room = _ROOMS.get(name)
    if not room or (rest and name not in _NAMED):
        raise Bad(404, "no such thing")
    room = "services.http." + room
    if room not in sys.modules:
        session.spare()
        __import__(room)
    module = sys.modules[room]
    method = "get" if request.method == "HEAD" else request.method.lower()
    function = getattr(module, f"{method}_{name}", None) if method in _VERBS else None  # names are kept for ever
    if not function:
        allowed = [verb.upper() for verb in _VERBS if hasattr(module, f"{verb}_{name}")]
        if method == "options":
            return "", 204, {"Allow": ", ".join(allowed)}
        raise Bad(405, "method not allowed", {"Allow": ", ".join(allowed)})
    found = function(request, rest)
    if hasattr(found, "send"):
        found = await found
    if isinstance(found, (dict, list)):
        return found, 200, {"Cache-Control": "no-store"}
    return found


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
