# The files of /www: ETag, ranges, and texts that were compressed when the image was made (NAME.gz for NAME).

import os
from binascii import hexlify
from time import ticks_diff, ticks_ms

from micropython import const

from base import generation
from base.paths import DIRECTORY, normal
from services.http.protocol import HTTPError

TOP = "/www"
_KNOWN_MAX = const(16)
_FRESH_MS = const(1000)  # a file is checked again after so long, even in the same generation
_known = {}  # path of a request: (base.generation.count, ticks, path, os.stat, ETag, whether there is a .gz, size without it)

_KINDS = const(
    "html=text/html; charset=UTF-8 js=text/javascript; charset=UTF-8 css=text/css; charset=UTF-8 json=application/json "
    "svg=image/svg+xml png=image/png jpg=image/jpeg jpeg=image/jpeg gif=image/gif ico=image/x-icon webp=image/webp "
    "txt=text/plain; charset=UTF-8 md=text/plain; charset=UTF-8 py=text/x-python; charset=UTF-8 "
    "sh=text/x-sh; charset=UTF-8 log=text/plain; charset=UTF-8 conf=text/plain; charset=UTF-8 csv=text/csv "
    "xml=application/xml pdf=application/pdf wasm=application/wasm woff2=font/woff2 gz=application/gzip "
    "webmanifest=application/manifest+json mp3=audio/mpeg wav=audio/wav mp4=video/mp4 "
)


def kind(path):
    """The MIME type for the name of a file."""
    ending = path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    found = (" " + _KINDS).partition(" " + ending + "=")[2]
    if not found or not ending:
        return "application/octet-stream"
    found, semicolon, rest = found.partition(" ")
    return found + " charset=UTF-8" if found[-1] == ";" else found


def tag(st):
    """An ETag for the result of os.stat."""
    return f'"{st[6]:x}-{st[8]:x}"'


def span(text, size):
    """(first byte, behind the last) of a Range field; None unless it is a single range; HTTPError(416) outside the file."""
    if text[:6] != "bytes=" or "," in text:
        return None
    first, dash, last = text[6:].strip().partition("-")
    if not dash or (first and not first.isdigit()) or (last and not last.isdigit()) or not (first or last):
        return None
    if not first:
        if not int(last) or not size:
            raise HTTPError(416)
        return max(size - int(last), 0), size
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise HTTPError(416)
    return start, end


def is_known(request, fields):
    """True if the client's ETag is that in fields."""
    wanted = request.headers.get("if-none-match")
    return bool(wanted and (fields["ETag"] in wanted or wanted.strip() == "*"))


def part(request, path, st, fields):
    """The answer with the file at path, or a range of it; fields has its ETag."""
    if is_known(request, fields):
        return b"", 304, fields
    size = st[6]
    fields["Accept-Ranges"] = "bytes"
    bounds = None
    text = request.headers.get("range")
    if text and request.method == "GET" and request.headers.get("if-range", fields["ETag"]) == fields["ETag"]:
        try:
            bounds = span(text, size)
        except HTTPError:
            return b"", 416, {"Content-Range": f"bytes */{size}"}
    file = open(path, "rb")
    status = 200
    if bounds:
        status = 206
        fields["Content-Range"] = f"bytes {bounds[0]}-{bounds[1] - 1}/{size}"
        file.seek(bounds[0])
        size = bounds[1] - bounds[0]
    fields["Content-Length"] = str(size)
    return file, status, fields


def serve(request):
    if request.method not in ("GET", "HEAD"):
        return "", 405, {"Allow": "GET, HEAD"}
    path = request.path
    if path == "/camera":
        return "", 302, {"Location": "/#camera"}
    found = _known.get(path)
    if not found or found[0] != generation.count or ticks_diff(ticks_ms(), found[1]) > _FRESH_MS:
        name = normal(path)
        if "/." in name or "\\" in name:
            return "Not found\n", 404
        found = look_up(name, path[-1] == "/")
        if not found:
            from services.http.files import quote  # late: a link without its slash is rare

            return "", 308, {"Location": quote(name) + "/"}
        if len(_known) >= _KNOWN_MAX:
            _known.clear()
        _known[path] = found
    _, _, path, st, etag, packed, size = found
    fields = {"Content-Type": kind(path), "Cache-Control": "no-cache", "ETag": etag}
    if not packed:
        return part(request, path, st, fields)
    fields["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("accept-encoding", ""):
        fields["Content-Encoding"] = "gzip"
        return part(request, path + ".gz", st, fields)
    from services.http import inflate  # late: every browser accepts gzip

    return inflate.whole(request, path + ".gz", size, fields)


def look_up(name, slash):
    """What _known has of a file; None for a directory that needs a slash, OSError for nothing."""
    path = TOP + name if name != "/" else TOP
    if slash:
        path += "/index.html"
    packed = size = None
    try:
        st = os.stat(path)
        if st[0] & DIRECTORY:
            if slash:
                raise OSError(2)
            return None
    except OSError:
        st = None
    try:
        if st is None or path[-3:] != ".gz":
            zipped = os.stat(path + ".gz")
            with open(path + ".gz", "rb") as file:  # its last eight bytes: the CRC-32 of the content, and its size
                file.seek(-8, 2)
                sums = file.read(8)
            st, packed, size = zipped, hexlify(sums).decode(), int.from_bytes(sums[4:], "little")
    except OSError:
        if st is None:
            raise
    return generation.count, ticks_ms(), path, st, f'"{packed}"' if packed else tag(st), packed, size
