# /api/: JSON for programs and for the desktop; /api/openapi.json describes it.
#
# The second part of a path names a function in one of the modules below: get_status(request, rest) for GET /api/status.
# What it returns is the answer: a dict or list, or (body, status, fields).

import gc
import json
import sys

from services.http import session
from services.http.protocol import HTTPError

_ROUTES = {
    "login": "auth",
    "logout": "auth",
    "session": "auth",
    "users": "auth",
    "status": "system",
    "log": "system",
    "config": "settings",
    "power": "system",
    "processes": "processes",
    "jobs": "processes",
    "services": "processes",
    "run": "run",
    "gpio": "pins",
    "camera": "controls",
    "terminal": "terminal",
}
# Resources with items, and the methods of an item. The collection itself can only be read.
_PARTS = {"users": "PUT", "processes": "GET POST", "services": "GET POST", "gpio": "GET PUT", "terminal": "DELETE"}


async def serve(request):
    _, _, name, rest = (request.path + "//").split("/", 3)
    rest = rest.rstrip("/")
    if name == "openapi.json":
        return description(request)
    route = _ROUTES.get(name)
    if not route or (rest and name not in _PARTS):
        raise HTTPError(404, "no such resource")
    session.used.add(route)
    route = "services.http." + route
    if route not in sys.modules:
        session.free_memory()
        gc.collect()  # so that resident data stays close together
        __import__(route)
    module = sys.modules[route]
    method = "GET" if request.method == "HEAD" else request.method
    allowed = verbs(module, name, rest)
    if method not in allowed:
        fields = {"Allow": ", ".join(allowed)}
        if method == "OPTIONS":
            return "", 204, fields
        raise HTTPError(405, "method not allowed", fields)
    request.begun = True
    found = getattr(module, f"{method.lower()}_{name}")(request, rest)
    if hasattr(found, "send"):
        found = await found
    if isinstance(found, (dict, list)):
        return found, 200, {"Cache-Control": "no-store"}
    return found


def verbs(module, name, rest):
    """The methods of a resource or of an item."""
    if name == "gpio" and rest == "rgb":
        return ["PUT"]
    if name in _PARTS:
        return (_PARTS[name] if rest else "GET").split()
    return [verb for verb in ("GET", "POST", "PATCH") if hasattr(module, f"{verb.lower()}_{name}")]


def body(request, **kinds):
    """The JSON object of a request; HTTPError if it is invalid or a value has the wrong type: body(request, name=str)."""
    content = request.content
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and kind != "application/json":  # what the page of another site can send is of other types
        raise HTTPError(415, "expected a JSON object")
    if b"\\ud" in content or b"\\uD" in content:
        content = join_surrogates(content)
    try:
        found = json.loads(content)
    except (ValueError, UnicodeError):
        raise HTTPError(400, "invalid JSON")
    if not isinstance(found, dict):
        raise HTTPError(400, "expected a JSON object")
    for name in found:
        if name not in kinds:
            raise HTTPError(400, "unknown field: " + str(name)[:40])
        kind = kinds[name]
        if kind is int:
            found[name] = whole(found[name])
        if not isinstance(found[name], kind) or (
            isinstance(found[name], bool) and kind is not bool and kind is not object
        ):
            raise HTTPError(400, name + ": wrong type")
    return found


def join_surrogates(data):
    r"""A JSON text without surrogate pairs (\ud83d\ude00), which MicroPython's json decodes wrongly; HTTPError for a lone one."""
    out = []
    start = at = 0
    while (at := data.find(b"\\", at)) >= 0:
        high = unit(data, at)
        if not 0xD800 <= high < 0xE000:
            at += 2
            continue
        low = unit(data, at + 6)
        if high >= 0xDC00 or not 0xDC00 <= low < 0xE000:
            raise HTTPError(400, "lone surrogate")
        out.append(data[start:at])
        out.append(chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00).encode())
        start = at = at + 12
    out.append(data[start:])
    return b"".join(out)


def unit(data, at):
    """The code in an escape \\uXXXX at this place, or 0."""
    text = data[at + 2 : at + 6]
    if data[at : at + 2] != b"\\u" or len(text) < 4 or text.strip(b"0123456789abcdefABCDEF"):
        return 0
    return int(text, 16)


def whole(value):
    """A number of JSON as an int, if it is one: 5.0 is 5."""
    if isinstance(value, float) and abs(value) < 1e9 and value == int(value):
        return int(value)
    return value


def description(request):
    from services.http import static  # late: only for the description

    request.path = "/openapi.json"
    return static.serve(request)
