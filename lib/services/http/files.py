# /fs/ and /cp/: the files of the board, as version 4 of CircuitPython's web workflow has them.
#
#   /fs/DIR/   GET: what is in it, as JSON   PUT: make it      DELETE: with all below it   MOVE: to X-Destination
#   /fs/FILE   GET, with ETag and ranges     PUT: write it     DELETE                      MOVE
#
# An upload goes to a temporary file, which replaces the old one when it is complete. If-Match and If-None-Match: *
# keep an editor from overwriting another client's changes.

import json
import os
import sys
from binascii import crc32

from micropython import const

from base import VERSION, board, config, generation, users
from base.files import Replacement, entries, inside, pieces, remove, rename, sized, unlink
from base.paths import dirname, exists, isdir, normal, space
from services import protected
from services.http import static
from services.http.access import is_allowed
from services.http.protocol import HTTPError, pause
from services.http.session import decode

_API = 4  # the version of the web workflow that /fs/ follows
_PIECE = const(2048)  # bytes of an upload written at a time
_TURN = const(8)
_SPARE = const(8192)  # bytes that stay free
_SUMMED = const(32768)  # bytes up to which an ETag tells the content and not only size and time
_ENTRIES_MAX = const(512)  # in a listing

LIBRARIES = "/lib"  # where clients of CircuitPython expect a directory; with the system in ROMFS there may be none

_METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "MOVE")
_RAW = "sandbox; default-src 'none'"  # what a browser may do with a file of the user's: show it


def top(request):
    """The root directory of the user's files."""
    login = request.login
    if not login.options:
        return "/"
    from services import policy  # late: few users have any

    return policy.root(login)


def is_writable(login):
    """True if the user may change files."""
    return users.option(login.options, "ro") is None


def path_of(request, text):
    """The path behind /fs; HTTPError for files that no service serves."""
    path = protected.real(top(request), normal(text))
    if users.secret(path):
        raise HTTPError(403, "access to this file is forbidden")
    return path


def changeable(request, path):
    """HTTPError for a path that must not be written, renamed or removed."""
    why = protected.unwritable(path, top(request))
    if why:
        raise HTTPError(403, why)
    return path


def allow_removal(path):
    """HTTPError for a directory that must not be renamed or removed."""
    why = protected.irremovable(path)
    if why:
        raise HTTPError(403, why)


def cors(request, fields):
    """The CORS fields for an origin that system.conf allows."""
    origin = request.headers.get("origin")
    if origin and is_allowed(origin):
        fields["Access-Control-Allow-Origin"] = origin
        fields["Access-Control-Allow-Credentials"] = "true"
        fields["Vary"] = "Origin"
    return fields


async def serve(request):
    if request.path[:3] != "/fs":
        return await serve_workflow(request)
    text = request.path[3:]
    method = request.method
    if not text:
        return "", 308, {"Location": "/fs/"}
    if method == "OPTIONS":
        fields = cors(request, {"Allow": ", ".join(_METHODS)})
        if "Vary" in fields:
            fields["Access-Control-Allow-Methods"] = fields["Allow"]
            fields["Access-Control-Allow-Headers"] = "X-Timestamp, X-Destination, Content-Type, Authorization, If-Match"
        return "", 204, fields
    if method not in _METHODS:
        return "", 405, {"Allow": ", ".join(_METHODS)}
    path = path_of(request, text)
    if method in ("GET", "HEAD"):
        answer = listing(request, path, text) if text[-1] == "/" else await content(request, path, text)
        return answer[0], answer[1], cors(request, answer[2])
    changeable(request, path)
    directory = text[-1] == "/"
    if method == "PUT":
        status = make_directory(path) if directory else await put(request, path)
    elif method == "DELETE":
        status = await delete(path, directory)
    else:
        status = move(request, path)
    fields = cors(request, {})
    if status in (201, 204) and method == "PUT" and not directory:
        fields["ETag"] = await tag(path, os.stat(path))
    return "", status, fields


async def tag(path, st):
    """The ETag of a file; that of a short file depends on its content."""
    if st[6] > _SUMMED:
        return static.tag(st)
    total = 0

    def add(data):
        nonlocal total
        total = crc32(data, total)

    await pieces(path, st[6], add)
    return f'"{st[6]:x}-{total:08x}"'


async def content(request, path, text):
    """The answer with a file."""
    st = os.stat(path)
    if st[0] & 0x4000:
        return "", 308, {"Location": "/fs" + quote(normal(text)) + "/"}
    fields = {"Content-Type": static.kind(path), "Cache-Control": "no-cache", "Content-Security-Policy": _RAW}
    if protected.is_virtual(path):  # generated when opened, always different: no ETag
        why = protected.unreadable(path)
        if why:
            raise HTTPError(403, why)
        file, size = sized(path)
        fields["Content-Length"] = str(size)
        return file, 200, fields
    fields["ETag"] = await tag(path, st)
    return static.part(request, path, st, fields)


def quote(path):
    """A path encoded for a URL."""
    out = []
    for c in path.encode():
        char = chr(c)
        plain = c < 128 and (char.isalpha() or char.isdigit() or char in "/-._~")
        out.append(char if plain else f"%{c:02X}")
    return "".join(out)


def shown(directory):
    """The entries of a directory that a listing has."""
    found = entries(directory)[:_ENTRIES_MAX]
    return [entry for entry in found if not users.secret(protected.real(directory, "/" + entry[0]))]


class Listing:
    """The body of an answer: a directory as JSON, a few entries at a time. A next() without memory can be repeated."""

    def __init__(self, path, writable):
        self.path = path
        self.writable = writable
        self.names = shown(path) if isdir(path) else []
        self.at = -1

    async def next(self):
        if self.at < 0:
            place = self.path if isdir(self.path) else "/"
            total, free = space(place)
            size = os.statvfs(place)[0]
            free, total = free // size if size else 0, total // size if size else 0
            found = {"free": free, "total": total, "block_size": size, "writable": self.writable}
            data = (json.dumps(found)[:-1] + ', "files": [').encode()
            self.at = 0
            return data
        if self.at > len(self.names):
            return b""
        rows = []
        for name, directory in self.names[self.at : self.at + 8]:
            try:
                st = os.stat(protected.real(self.path, "/" + name))
            except OSError:
                continue
            row = {"name": name, "directory": directory, "modified_ns": st[8] * 1_000_000_000, "file_size": st[6]}
            row["file_size"] = 0 if directory else st[6]
            rows.append(json.dumps(row))
        text = (", " if self.at and rows else "") + ", ".join(rows)
        last = self.at + 8 >= len(self.names)
        data = (text + "]}\n" if last else text or " ").encode()
        self.at = len(self.names) + 1 if last else self.at + 8
        await pause()
        return data


def listing(request, path, text):
    """The answer with a directory."""
    if not isdir(path) and path != LIBRARIES:
        raise HTTPError(404, "no such directory")
    if "json" not in request.headers.get("accept", ""):
        return "", 302, {"Location": "/#files" + quote(normal(text))}
    return (
        Listing(path, is_writable(request.login)),
        200,
        {"Content-Type": "application/json", "Cache-Control": "no-store"},
    )


def make_directory(path):
    """Make a directory."""
    if isdir(path):
        return 204
    if exists(path):
        raise HTTPError(409, "a file of that name exists")
    parent(path)
    generation.note()
    os.mkdir(path)
    return 201


def parent(path):
    """HTTPError if the directory of path does not exist."""
    directory = dirname(path)
    if not isdir(directory):
        if directory != LIBRARIES:
            raise HTTPError(404, "no such directory")
        generation.note()
        os.mkdir(directory)


async def put(request, path):
    """Write a file."""
    body = request.body
    headers = request.headers
    parent(path)
    if isdir(path):
        raise HTTPError(409, "is a directory")
    there = exists(path)
    wanted = headers.get("if-match")
    if wanted and (not there or (wanted != "*" and await tag(path, os.stat(path)) not in wanted)):
        raise HTTPError(412, "modified by another client")
    if headers.get("if-none-match") == "*" and there:
        raise HTTPError(412, "already exists")
    if not body:
        raise HTTPError(411, "")
    free = space(dirname(path))[1] - _SPARE
    if body.left > free:
        raise HTTPError(417 if body.expects else 413, "not enough space")
    turn = 0
    with Replacement(path) as file:
        while data := await body.read(_PIECE):
            free -= len(data)
            if free < 0:  # the length was not announced
                raise HTTPError(413, "not enough space")
            file.write(data)
            turn += 1
            if turn >= _TURN:
                turn = 0
                await pause()
    return 204 if there else 201


async def delete(path, directory):
    if isdir(path) != directory:
        raise HTTPError(404, "no such file or directory")
    if directory:
        allow_removal(path)
        await remove(path)
        generation.note()
    else:
        unlink(path)
    return 204


def move(request, path):
    target = decode(request.headers.get("x-destination", ""))
    if target[:4] != "/fs/":
        raise HTTPError(400, "X-Destination: expected a path below /fs/")
    target = changeable(request, path_of(request, target[3:]))
    if not exists(path):
        raise HTTPError(404, "no such file or directory")
    if isdir(path):
        allow_removal(path)
    parent(target)
    if exists(target):
        raise HTTPError(412, "already exists")
    if inside(target, path):
        raise HTTPError(409, "cannot move a directory into itself")
    rename(path, target)
    return 201


async def serve_workflow(request):
    """/cp/: what clients of the web workflow ask besides files. /edit/ and the like lead to the desktop."""
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
    from net.address import local  # late: only for the version

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
