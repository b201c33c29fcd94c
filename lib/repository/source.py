# Where a release or a package comes from: a directory, or a directory of an HTTP server. Both give files as streams from
# an offset on.

import asyncio

from micropython import const

from base.errors import Failure
from base.paths import dirname, isdir, isfile, join, normal

SERVICE = "_diatom-release._tcp.local"  # what `diatom serve` announces
GITHUB = "https://github.com/diatom-os/diatom/releases/"  # used where system.conf has no "upgrade": {"url": ...}
LATEST = "latest/download/"  # the last release there

_CONNECT_MS = const(20_000)
_SLOW_RATE = const(200)  # bytes that a server must send a second
REDIRECTS_MAX = const(5)
_NO_CONNECTION = const(7)  # the status of a Failure of net.link
_ECONNREFUSED = const(111)
_LAN_MS = const(1500)  # how long computers of the network may take to answer


class File:
    """A file of a directory, as a stream."""

    def __init__(self, path, offset):
        self.file = open(path, "rb")
        self.file.seek(offset)
        self.at = offset

    async def readinto(self, buffer):
        return self.file.readinto(buffer)

    async def close(self):
        self.file.close()


class Source:
    """A directory at base; get() opens one of its files."""

    def __init__(self, base, manifest):
        self.base = base
        self.manifest = manifest  # the name of the manifest there
        self.remote = "://" in base
        self.foreign = manifest.endswith(".inf")  # each file by its own name, and a list as upyOS has it
        self.warn = None  # shared by the connections of this Source

    async def get(self, name, offset=0):
        """A file as a stream; its `at` is its first offset: the requested one or, from some servers, 0."""
        if self.remote:
            from base import config  # late: a directory needs none

            seconds = config.section("upgrade").get("timeout", 15)
            self.warn = self.warn or warner()
            return await get(self.base + name, offset, int(seconds * 1000), self.warn)
        return File(join(self.base, name), offset)


def default(test):
    """The address of the releases: the last one, or the last one for tests."""
    from base import config  # late: a SOURCE that is given needs none

    base = config.section("upgrade").get("url", GITHUB)
    if base == GITHUB:
        return base + ("download/test/" if test else LATEST)
    return join(base, "test/") if test else base


def find(place, kind, cwd):
    """The Source for what the user has given: an address, a directory, or either with the name of a manifest."""
    if place.endswith("etc/upgrade.inf"):
        base = place[:-15] or "./"
        return Source(base if "://" in base else normal(base, cwd), place[-15:])
    manifest = f"manifest-{kind}.json"
    if "://" in place:
        if place.endswith(".json"):
            place, _, manifest = place.rpartition("/")
        return Source(place if place.endswith("/") else place + "/", manifest)
    path = normal(place, cwd)
    if isfile(path):
        return Source(dirname(path), path.rpartition("/")[2])
    if not isdir(path):
        raise Failure(place, "No such directory")
    return Source(path, manifest)


async def fetch(source, name, path, limit):
    """Save a whole file to path; Failure if it is longer than limit."""
    stream = await source.get(name)
    try:
        length = getattr(stream, "length", None)
        if length is not None and length > limit:
            raise Failure(name, f"longer than {limit} bytes")
        buffer = bytearray(512)
        have = 0
        with open(path, "wb") as file:
            while n := await stream.readinto(buffer):
                have += n
                if have > limit:
                    raise Failure(name, f"longer than {limit} bytes")
                if file.write(memoryview(buffer)[:n]) != n:
                    raise OSError(28)  # ENOSPC
                await asyncio.sleep_ms(0)
    finally:
        await stream.close()


def warner():
    """Return a function that warns of an unverified server, once for all requests of a command."""
    warned = []

    def warn(host):
        if not warned:
            from net import tls  # late: only to warn
            from process import cpu

            tls.warn(cpu.current, host)
            warned.append(host)

    return warn


async def get(url, offset, idle_ms, on_unverified):
    """The Response to GET url, from offset on where the server can do that (`at` tells). Failure; OSError: try again.

    With TLS the certificate is checked where /etc/ca.der or /etc/ca.pem has the authority; a release is signed in any case.
    """
    from net.http import Request  # late: a directory needs no network

    request = Request()
    request.on_unverified = on_unverified
    request.connect_ms = _CONNECT_MS
    request.idle_ms = idle_ms  # how long the server may be silent
    if offset:
        request.headers.append(f"Range: bytes={offset}-")
    try:
        response = await request.follow(url, REDIRECTS_MAX, False)
    except Failure as e:
        if e.status == _NO_CONNECTION:
            raise OSError(_ECONNREFUSED)
        e.status = 1  # as all other failures
        raise
    response.at = 0
    if response.status == 206:
        response.at = first_byte(response.header("content-range"))
    if response.status == 200 or (response.status == 206 and response.at == offset):
        response.least = _SLOW_RATE
        return response
    await response.close()
    raise Failure(url, f"server returned {response.status}")


def first_byte(content_range):
    """Where the range "bytes FIRST-..." begins; -1 if it is not one."""
    first = content_range[6:].partition("-")[0]
    return int(first) if first.isdigit() else -1


async def find_in_network():
    """The address of the first release in the local network: `diatom serve` on a computer answers a multicast DNS query."""
    from net import dns  # late: only for the network's own source

    try:
        message = await dns.ask(dns.MULTICAST, SERVICE, dns.TYPES["PTR"], dns.MULTICAST_PORT, _LAN_MS)
    except OSError:
        raise Failure("lan", "no release found in this network (run `diatom serve` on a computer)")
    host = port = None
    for record in message.records:
        if record[1] == dns.TYPES["A"]:
            host = host or message.text(record)
        elif record[1] == dns.TYPES["SRV"] and record[0].endswith(SERVICE):
            port = message.text(record).split()[2]
    if not host or not port:
        raise Failure("lan", "no address in the answer")
    return f"http://{host}:{port}/"
