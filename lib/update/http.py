# Files of a release over HTTP, from an offset on where the server can do that. net.http does the talking; with TLS the
# certificate is checked where /etc/ca.der or /etc/ca.pem has the authority (a release is signed in any case).

from micropython import const

from base.errors import Failure
from net.http import Request

_CONNECT_MS = const(20_000)
_SLOW_RATE = const(200)  # bytes that a server must send a second
_REDIRECTS_MAX = const(5)
_NO_CONNECTION = const(7)  # the status of a Failure of net.link
_ECONNREFUSED = const(111)


def warner():
    """What warns, once, where nobody knows who answers: for all the requests of one command."""
    warned = []

    def warn(host):
        if not warned:
            from net import tls
            from process import cpu

            tls.warn(cpu.current, host)
            warned.append(host)

    return warn


async def get(url, offset, idle_ms, on_unverified):
    """The Response to GET url, from offset on where the server can do that (`at` tells). Failure; OSError: try again."""
    request = Request()
    request.on_unverified = on_unverified
    request.connect_ms = _CONNECT_MS
    request.idle_ms = idle_ms  # how long the server may be silent
    if offset:
        request.headers.append(f"Range: bytes={offset}-")
    try:
        response = await request.follow(url, _REDIRECTS_MAX, False)
    except Failure as e:
        if e.status == _NO_CONNECTION:
            raise OSError(_ECONNREFUSED)
        e.status = 1  # as all other failures
        raise
    response.at = 0
    if response.status == 206:
        first = response.header("content-range")[6:].partition("-")[0]  # "bytes FIRST-..."
        response.at = int(first) if first.isdigit() else -1
    if response.status == 200 or (response.status == 206 and response.at == offset):
        response.least = _SLOW_RATE
        return response
    await response.close()
    raise Failure(url, f"server returned {response.status}")
