# HTTP/1.0 as a client, for downloads: a stream from an offset on, redirects, time limits. TLS where the firmware has it;
# the certificate is checked where /etc/ca.der or /etc/ca.pem has the authority (a release is signed in any case).

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure

_CONNECT_MS = const(20_000)
_SLOW_MS = const(60_000)  # after this a server must have sent _SLOW_RATE bytes for each second
_SLOW_RATE = const(200)
_LINE_MAX = const(2048)  # of a header: addresses of signed downloads are long
_PIECE = const(256)
_HEADERS_MAX = const(60)
_REDIRECTS_MAX = const(5)
idle_ms = 15_000  # how long a server may be silent; system.conf can say it: "upgrade": {"timeout": SECONDS}


class Response:
    """The body of an answer, from the offset `at` on; `length` is what is to come, None where the server does not say."""

    def __init__(self, stream, writer):
        self.stream = stream
        self.writer = writer
        self.status = 0
        self.at = 0
        self.length = None
        self.location = ""
        self.got = 0
        self.rest = b""  # read behind the head
        self.begun = ticks_ms()

    async def readinto(self, buffer):
        """Some bytes into buffer, at least one; 0 at the end. OSError for a connection that has been cut."""
        if self.length is not None and self.got >= self.length:
            return 0
        if self.rest:
            n = min(len(self.rest), len(buffer))
            buffer[:n] = self.rest[:n]
            self.rest = self.rest[n:]
        else:
            n = await self._wait(self.stream.readinto(buffer))
        if not n:
            if self.length is not None:
                raise OSError(104)  # ECONNRESET
            return 0
        self.got += n
        if self.length is not None and self.got > self.length:
            n -= self.got - self.length
            self.got = self.length
        taken = ticks_diff(ticks_ms(), self.begun)
        if taken > _SLOW_MS and self.got < taken // 1000 * _SLOW_RATE:
            raise Failure("", "the server is too slow")
        return n

    async def _head(self):
        line = await self._line()
        parts = line.split(None, 2)
        if len(parts) < 2 or not line.startswith("HTTP/1.") or not parts[1].isdigit():
            raise Failure("", "this is no HTTP server")
        self.status = int(parts[1])
        for _ in range(_HEADERS_MAX):
            line = await self._line()
            if not line:
                return
            name, _, value = line.partition(":")
            name = name.lower()
            value = value.strip()
            if name == "content-length" and value.isdigit():
                self.length = int(value)
            elif name == "location":
                self.location = value
            elif name == "content-range" and value[:6] == "bytes ":
                first = value[6:].partition("-")[0]
                self.at = int(first) if first.isdigit() else -1
            elif name in ("transfer-encoding", "content-encoding") and value.lower() != "identity":
                raise Failure("", f"the server sends in a way that was not asked for ({value[:20]})")
        raise Failure("", "the server's answer has too many lines")

    async def _line(self):
        while (end := self.rest.find(b"\n")) < 0:
            if len(self.rest) > _LINE_MAX:
                raise Failure("", "a line of the server's answer is too long")
            more = await self._wait(self.stream.read(_PIECE))
            if not more:
                raise OSError(104)  # ECONNRESET
            self.rest += more
        line = self.rest[:end]
        self.rest = self.rest[end + 1 :]
        try:
            return line.decode().rstrip("\r")
        except UnicodeError:
            raise Failure("", "this is no HTTP server")

    async def _wait(self, reading):
        try:
            return await asyncio.wait_for_ms(reading, idle_ms)
        except asyncio.TimeoutError:
            raise OSError(110)  # ETIMEDOUT

    async def close(self):
        try:
            self.writer.close()
            await self.writer.wait_closed()
        except OSError:  # the other side was quicker
            pass


def split(url):
    """(True for TLS, host, port, path) of an address; Failure where it is none."""
    scheme, found, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    name, colon, port = host.partition(":")
    if scheme not in ("http", "https") or not name or "@" in host or (colon and not port.isdigit()):
        raise Failure(url, "not an address (http://HOST[:PORT]/...)")
    for c in path:
        if c <= " " or c > "~":
            raise Failure(url, "not an address: blanks are written %20")
    secure = scheme == "https"
    return secure, name, int(port) if colon else 443 if secure else 80, "/" + path


async def get(url, offset=0):
    """The Response to GET url, from offset on where the server can do that (`at` tells). Failure, OSError."""
    for _ in range(_REDIRECTS_MAX):
        secure, host, port, path = split(url)
        try:
            if secure:
                from net import tls  # a board whose releases come over the local network never loads it

                opening = asyncio.open_connection(host, port, tls.context()[0], server_hostname=host)
            else:
                opening = asyncio.open_connection(host, port)
            stream, writer = await asyncio.wait_for_ms(opening, _CONNECT_MS)
        except asyncio.TimeoutError:
            raise Failure(host, "does not answer")
        response = Response(stream, writer)
        try:
            extra = f"Range: bytes={offset}-\r\n" if offset else ""
            name = host if port in (80, 443) else f"{host}:{port}"
            writer.write(f"GET {path} HTTP/1.0\r\nHost: {name}\r\nUser-Agent: Diatom\r\n{extra}\r\n".encode())
            await asyncio.wait_for_ms(writer.drain(), idle_ms)
            await response._head()
            status = response.status
            if status in (301, 302, 303, 307, 308):
                target = response.location
                if target.startswith("/"):
                    target = url[: url.find("/", 8)] + target if url.find("/", 8) > 0 else url + target
                if secure and not target.startswith("https://"):
                    raise Failure(host, "redirects to an address without TLS")
                url = target
                continue
            if status == 200:
                response.at = 0
            if status == 200 or (status == 206 and response.at == offset):
                found, response = response, None
                return found
            raise Failure(url, f"the server answers {status}")
        except asyncio.TimeoutError:
            raise Failure(host, "does not answer")
        finally:
            if response:
                await response.close()
    raise Failure(url, "redirected too often")
