# An HTTP/1.1 client (RFC 9112): one request for each connection, the body as a stream.

from binascii import b2a_base64
from time import ticks_diff, ticks_ms

from micropython import const

from base.errors import Failure
from net.link import CONNECT_MS, IDLE_MS, connect
from net.url import Url

_LINE_MAX = const(4096)  # of a header: addresses of signed downloads are long
_HEADERS_MAX = const(64)
_SLOW = const(4)  # after this multiple of idle_ms, a server must have sent `least` bytes a second
_ECONNRESET = const(104)
REDIRECTS = (301, 302, 303, 307, 308)
REDIRECTS_MAX = const(10)


class Response:
    """A response: status, reason, headers as (lower-case name, value), and the body as a stream."""

    least = 0  # the minimum of bytes a second
    chunk = 0  # bytes left of this chunk
    chunked = False
    got = 0  # bytes of the body read so far

    def __init__(self, link, url):
        self.link = link
        self.url = url
        self.headers = []
        self.length = None  # bytes of the body, if known
        self.begun = ticks_ms()

    async def head(self, method):
        """Read the status and the headers."""
        while True:
            line = (await self.text()).split(None, 2)
            if len(line) < 2 or not line[0].startswith("HTTP/1.") or not line[1].isdigit():
                raise Failure(self.url.place, "not an HTTP server")
            self.version = line[0]
            self.status = int(line[1])
            self.reason = line[2] if len(line) > 2 else ""
            self.headers = []
            while line := await self.text():
                name, colon, value = line.partition(":")
                if len(self.headers) >= _HEADERS_MAX:
                    raise Failure(self.url.place, "too many lines in the header")
                self.headers.append((name.lower(), value.strip()))
            if self.status >= 200 or self.status == 101:
                break
        length = self.header("content-length")
        if length.isdigit():
            self.length = int(length)
        coding = self.header("transfer-encoding").lower()
        if coding == "chunked":
            self.chunked = True
            self.length = None
        elif coding not in ("", "identity"):
            raise Failure(self.url.place, f"unsupported transfer encoding {coding[:20]}")
        if method == "HEAD" or self.status in (101, 204, 304):
            self.length = 0
            self.chunked = False

    async def text(self):
        line = await self.link.line(_LINE_MAX)
        try:
            return line.decode()
        except UnicodeError:
            return "".join([chr(c) if c < 128 else "?" for c in line])

    def header(self, name):
        """The value of a header, "" if it is missing."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""

    async def readinto(self, buffer):
        """Read at least one byte of the body into buffer; 0 at the end. OSError if the connection breaks."""
        if self.chunked:
            if not self.chunk and not await self.next_chunk():
                return 0
            n = await self.link.readinto(memoryview(buffer)[: min(self.chunk, len(buffer))])
            if not n:
                raise OSError(_ECONNRESET)
            self.chunk -= n
            if not self.chunk and await self.link.line(_LINE_MAX):
                raise Failure(self.url.place, "invalid chunked encoding")
        elif self.length is None:
            n = await self.link.readinto(buffer)
        else:
            left = self.length - self.got
            if not left:
                return 0
            n = await self.link.readinto(memoryview(buffer)[:left] if left < len(buffer) else buffer)
            if not n:
                raise OSError(_ECONNRESET)
        self.got += n
        if self.least:
            taken = ticks_diff(ticks_ms(), self.begun)
            if taken > _SLOW * self.link.idle_ms and self.got < taken // 1000 * self.least:
                raise Failure("", "the server is too slow")
        return n

    def at_once(self, buffer):
        """Like readinto(), but without waiting; None if readinto() must be used."""
        if self.chunked or (self.length is not None and self.length - self.got < len(buffer)):
            return None
        n = self.link.at_once(buffer)
        if n:
            self.got += n
        return n or None

    async def next_chunk(self):
        """Read the size of the next chunk; 0 at the end."""
        size = (await self.text()).partition(";")[0].strip()
        try:
            self.chunk = int(size, 16)
        except ValueError:
            self.chunk = -1
        if self.chunk < 0:
            raise Failure(self.url.place, "invalid chunked encoding")
        if not self.chunk:
            for _ in range(_HEADERS_MAX):  # trailers
                if not await self.link.line(_LINE_MAX):
                    break
            self.length = self.got
            self.chunked = False
        return self.chunk

    async def close(self):
        self.link.close()


class Request:
    """A request and its settings; open() sends it, to several addresses if there are redirects."""

    method = "GET"
    body = None  # an object with `length` and `async def send(link)`
    context = None  # the SSLContext, once created
    insecure = False
    ca = None
    user = None
    password = ""
    connect_ms = CONNECT_MS
    idle_ms = IDLE_MS
    agent = "Diatom"
    on_unverified = None  # called with the name of a host whose certificate is not verified
    on_request = None  # called with the lines of each request, for -v
    on_answer = None  # called with each Response, for -v and -i

    def __init__(self):
        self.headers = []  # lines "Name: value"

    async def open(self, text):
        """Send the request to a URL; returns the Response."""
        url = Url(text)
        if url.secure and not self.context:
            from net import tls  # late: only for https

            self.context, checked = tls.context(self.insecure, self.ca)
            if not checked and not self.insecure and self.on_unverified:
                self.on_unverified(url.host)
        link = await connect(url.host, url.port, self.connect_ms, self.idle_ms, self.context if url.secure else None)
        response = Response(link, url)
        try:
            head = self.lines(url)
            if self.on_request:
                self.on_request(head)
            await link.send(("\r\n".join(head) + "\r\n\r\n").encode())
            if self.body:
                await self.body.send(link)
            await response.head(self.method)
            if self.on_answer:
                self.on_answer(response)
            link = None
            return response
        finally:
            if link:
                link.close()

    def lines(self, url):
        """The lines of the request."""
        given = [line.partition(":")[0].lower() for line in self.headers]
        head = [f"{self.method} {url.path} HTTP/1.1"]
        own = [("Host", url.place), ("User-Agent", self.agent), ("Accept", "*/*"), ("Connection", "close")]
        user, password = (url.user, url.password) if url.user is not None else (self.user, self.password)
        if user is not None:
            own.append(("Authorization", "Basic " + b2a_base64(f"{user}:{password}".encode()).decode().strip()))
        if self.body:
            own.append(("Content-Length", self.body.length))
        for name, value in own:
            if name.lower() not in given:
                head.append(f"{name}: {value}")
        head.extend([line for line in self.headers if line.partition(":")[2].strip()])
        return head

    async def follow(self, text, most=REDIRECTS_MAX, downgrade=True):
        """Like open(), but follow redirects."""
        for _ in range(most + 1):
            response = await self.open(text)
            target = response.header("location")
            if response.status not in REDIRECTS or not target:
                return response
            await response.close()
            before = response.url
            text = before.join(target)
            url = Url(text)
            if before.secure and not url.secure and not downgrade:
                raise Failure(before.host, "redirected to an insecure address")
            if url.host != before.host or url.port != before.port or url.scheme != before.scheme:
                self.user = None  # no credentials for another host
                self.headers = [
                    line for line in self.headers if line.partition(":")[0].lower() not in ("authorization", "cookie")
                ]
            if response.status == 303 or (response.status in (301, 302) and self.method == "POST"):
                self.method = "HEAD" if self.method == "HEAD" else "GET"
                self.body = None
                self.headers = [line for line in self.headers if not line.lower().startswith("content-")]
        raise Failure(text, "too many redirects", 47)
