# /cp/: what clients of CircuitPython's web workflow ask besides files. /edit/ and the like lead to the desktop.

import os
import sys

from base import board, config
from base.paths import space
from services.http.files import cors, is_writable, quote

_API = 4  # the version of the web workflow that /fs/ follows


async def serve(request):
    path = request.path
    if path[:4] != "/cp/":
        if request.method in ("GET", "HEAD"):
            return "", 302, {"Location": "/#files" + quote(path[5:] or "/")}
        return "", 405, {"Allow": "GET, HEAD"}
    if request.method == "OPTIONS":
        return "", 204, cors(request, {"Allow": "GET, OPTIONS"})
    if request.method not in ("GET", "HEAD"):
        return "", 405, {"Allow": "GET, HEAD, OPTIONS"}
    name = path[4:]
    answer = _ANSWERS.get("serial" if name == "serial/" else name)
    if not answer:
        return "Not found\n", 404
    if answer is serial:
        return await serial(request)
    return answer(request), 200, cors(request, {"Cache-Control": "no-store"})


async def serial(request):
    if "upgrade" not in request.headers:
        return "", 302, {"Location": "/#terminal"}
    from services.http import terminal  # late: who wants a terminal pays

    return await terminal.serve(request, True)


def devices(request):
    return {"total": 0, "devices": []}


def version(request):
    from base import VERSION
    from net.address import local

    server = request.server
    name = board.read().get("board", {})
    return {
        "web_api_version": _API,
        "version": VERSION,
        "build_date": "",
        "board_name": name.get("name", "") if isinstance(name, dict) else str(name),
        "mcu_name": board.machine(),
        "board_id": sys.platform,
        "creator_id": 0,
        "creation_id": 0,
        "hostname": config.hostname(),
        "port": server.port,
        "ip": local(request.connection.address),
    }


def disks(request):
    total, free = space("/")
    size = os.statvfs("/")[0]
    return [
        {
            "root": "/",
            "free": free,
            "total": total,
            "block_size": size,
            "writable": is_writable(request.login),
        }
    ]


_ANSWERS = {"version.json": version, "devices.json": devices, "diskinfo.json": disks, "serial": serial}
