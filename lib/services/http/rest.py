# /rest/MODULE/FUNCTION/ARGUMENT...: calls of Load Modules, in the form of micrOS (docs/micros.md).
#
# A call changes something, whatever its method: pages of other sites cannot make one. Without a login it takes the password of
# micrOS's clients in X-micros-auth, or the node's setting `rest`: lan (addresses in rest_lan) or open (everybody).

import json
import sys

from services.http import access
from services.http.protocol import HTTPError

_PREFIX = "/rest"
_NEVER_OPEN = ("/fs/", "/config")  # not without a login or a password


async def admits(request):
    """Whether a request without a login may call; HTTPError for an address that has failed too often."""
    from services.micros import settings  # late: most callers have a login

    password = request.headers.get("x-micros-auth")
    if password is not None:
        return await knows(request, settings.USER, password)
    if request.path.startswith(_NEVER_OPEN):
        return False
    address = request.connection.address
    mode = settings.get("rest")
    if mode == "lan":
        from text.pattern import match  # late: as above

        return any(match(pattern.strip(), address) for pattern in settings.get("rest_lan").split(";"))
    return mode == "open"


async def knows(request, name, password):
    """Whether it is the password of clients; one that was right is not hashed again for some minutes."""
    from services.http import auth  # late: as above

    digest = auth.digest_of(request.server, f"{name}:{password}")
    if not access.known(request.server, digest):
        auth.add(request.server, digest, await auth.password_of(request, name, password), auth.BASIC_S)
    return True


def serve(request):
    if request.method not in ("GET", "HEAD"):
        raise HTTPError(405, "method not allowed", {"Allow": "GET, HEAD"})
    from services import daemon, micros  # late: loaded with the first call

    if not daemon.find_process(micros.NAME):
        raise HTTPError(503, "micros is not running")
    from services.micros import commands, settings  # late: as above

    line = command(request.path[len(_PREFIX) :])
    if line:
        state, text = commands.run(line, True)
        return answer(result(text), state)
    about = {"micrOS": settings.VERSION, "node": settings.get("devfid"), "usr_endpoints": endpoints()}
    about["auth"] = settings.get("rest") == "secure"
    return answer(about, True)


def endpoints():
    """The paths that Load Modules serve, and those of the camera."""
    from services.http import auth  # late: only for this list

    found = sys.modules.get("services.micros.endpoints")
    names = found.names() if found else []
    if auth.has_camera():
        names += [name for name in ("cam/snapshot", "cam/stream") if name not in names]
    return names


def answer(found, state):
    return {"result": found, "state": state}, 200, {"Cache-Control": "no-store"}


def result(text):
    """What a command has printed: what its JSON says, or the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def command(path):
    """The command in a path: a slash and a hyphen separate words, except in quotes and in the name of a host."""
    quote = ""
    out = []
    head, mark, host = path.rpartition(">>")
    if not mark or "'" in host or '"' in host:
        head, mark, host = path, "", ""
    for c in head:
        if quote:
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "/-":
            c = " "
        out.append(c)
    return ("".join(out) + mark + host.rstrip("/")).strip()
