# /config: the settings of a micrOS node, in the form of its module `web`.
#
# GET /config/api (and /config) is all that can be set, POST a dict of what to change. It takes a login, or the clients' password
# in X-micros-auth, whatever the setting `rest`. No password is shown, and none is changed here (passwd micros).

import asyncio
import json

from micropython import const

from services.http.protocol import HTTPError

_DELAY_MS = const(500)  # between the answer and the restart
_HIDDEN = ("hwuid", "guimeta", "socport", "version", "soctout")  # which micrOS does not tell here
_METHODS = {"": ("GET", "HEAD"), "api": ("GET", "HEAD", "POST"), "packregs": ("GET", "HEAD"), "reboot": ("POST",)}
_NONE = const("n/a")  # what micrOS keeps for an empty text


def serve(request):
    word = request.path.strip("/").partition("/")[2]
    allowed = _METHODS.get(word)
    if not allowed:
        raise HTTPError(404)
    if request.method not in allowed:
        raise HTTPError(405, "method not allowed", {"Allow": ", ".join(allowed)})
    from services import daemon, micros  # late: as in rest

    if not daemon.find_process(micros.NAME):
        raise HTTPError(503, "micros is not running")
    if not word and "text/html" in request.headers.get("accept", ""):
        return "", 302, {"Location": "/dashboard/#config"}
    if word == "reboot":
        found = reboot()
    elif word == "packregs":
        found = []  # lists of packages on the Internet, of which this board needs none
    else:
        found = post(request) if request.method == "POST" else get()
    return found, 200, {"Cache-Control": "no-store"}


def get():
    from services.micros import settings  # late: as above

    return {key: settings.shown(key) for key in settings.keys() if key not in _HIDDEN}


def post(request):
    """Change settings; says which could not be."""
    try:
        wanted = json.loads(request.content)
        if not isinstance(wanted, dict):
            raise ValueError("expected an object")
    except ValueError as e:
        return {"state": False, "result": str(e)}
    failed = [said for said in [put(key, wanted[key]) for key in wanted] if said]
    if failed:
        return {"state": False, "result": "Config update failed", "failed": failed}
    return {"state": True, "result": "Config updated"}


def put(key, value):
    """Change one; why it cannot be, or None."""
    from services.micros import settings  # late: as above

    if value == settings.HIDDEN:  # as it was shown
        return None
    if value is None or (isinstance(value, str) and not value.strip()):
        value = _NONE if settings.default(key) == _NONE else ""
    try:
        settings.put(key, value)
    except KeyError:
        return key
    except (ValueError, OSError) as e:
        return f"{key}: {e}"
    return None


def reboot():
    asyncio.create_task(restart())
    return {"state": True, "result": "Soft reboot scheduled"}


async def restart():
    from process import process as processes  # late: only to end

    await asyncio.sleep_ms(_DELAY_MS)
    await processes.get(1).run(["reboot"])
