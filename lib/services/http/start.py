# The start of httpd: its settings, and the certificate of HTTPS.

import gc

from micropython import const

from base import config, users
from base.errors import Failure, reason
from process.process import evict
from services import daemon
from services.http.server import WebServer

_PORT = const(80)
_CLIENTS = const(16)
_UNAUTHENTICATED = const(8)
_IDLE_MS = const(15_000)  # how long a connection is kept for the next request
_MEMORY = const(24_576)  # bytes free for another connection: a command at the console needs some, too
_TLS_PORT = const(443)
_FILE_MAX = const(8192)  # bytes of a certificate or key
_TLS_MEMORY = const(65_536)  # where it is encrypted
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n%s\n"
)


def context(certificate, key):
    """The SSLContext with the certificate and key of files in DER; Failure if they are invalid."""
    try:
        import ssl
    except ImportError:
        raise Failure("", "this firmware has no TLS")
    if not key:
        raise Failure(certificate, 'a certificate needs its "key"')
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    parts = []
    for path in (certificate, key):
        try:
            with open(path, "rb") as file:
                parts.append(file.read(_FILE_MAX))
        except OSError as e:
            raise Failure(path, reason(e))
    try:
        found.load_cert_chain(*parts)
    except ValueError:
        raise Failure(certificate, "is no certificate in DER, or " + key + " not its key")
    return found


def begin(name):
    """Start the service; Failure or OSError if it cannot start."""
    users.require_password()
    options = config.section(name)
    certificate = options.get("certificate")
    tls = context(certificate, options.get("key")) if certificate else None
    if tls:
        evict()
        if gc.mem_free() < _TLS_MEMORY:
            raise Failure("", f"HTTPS requires {_TLS_MEMORY >> 10} KB of free memory, and {gc.mem_free() >> 10} free")
    server = WebServer(
        name,
        "services.http",
        options.get("port", _TLS_PORT if tls else _PORT),
        options.get("clients", _CLIENTS),
        _UNAUTHENTICATED,
        _IDLE_MS,
        b"" if tls else _FULL,
        _TLS_MEMORY if tls else _MEMORY,
    )
    server.tls = tls
    daemon.start(server)
    return server
