# httpd: the web desktop, the files of the board and its JSON API, on microdot.
#
# In system.conf: "httpd": {"port": 80, "clients": 16, "hosts": [], "origins": []}; hosts are more names by which the
# board may be called, origins the web pages of others that may use /fs/ and /cp/ with a password. With "certificate"
# and "key", files in DER, it is HTTPS on port 443.

import gc
import os

from micropython import const

from base import config, users
from base.errors import Failure, reason
from process.process import drop
from services import daemon
from services.server import Server

NAME = "httpd"
_PORT = const(80)
_CLIENTS = const(16)
_STRANGERS = const(8)
_IDLE_MS = const(15_000)  # how long a connection is kept for the next request
_MEMORY = const(24_576)  # bytes free for another connection: a command at the console needs some, too
_TLS_PORT = const(443)
_FILE_MAX = const(8192)  # bytes of a certificate or key
_TLS_MEMORY = const(65_536)  # where it is encrypted
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Login:
    """Somebody who has logged in; services.http.access looks after it."""

    def __init__(self, user, life, csrf):
        self.user = user.name
        self.hash = user.hash
        self.life = life  # seconds that it may be unused
        self.csrf = csrf
        self.readonly = False
        self.used = 0  # when it was last
        self.epoch = 0  # base.changes.count then


class WebServer(Server):
    """The server, and what it keeps for clients between their connections.

    That is nothing of a class whose module is given back meanwhile: it would keep it all in memory beside the next copy.
    """

    libraries = "microdot_parts"
    tls = None  # the SSLContext of HTTPS
    wait_ms = 4000
    called = None  # the last name by which it was called that is its own, and base.changes.count then

    def __init__(self, *limits):
        super().__init__(*limits)
        self.key = os.urandom(16)  # passwords that came with requests are kept as hashes with this
        self.logins = {}  # token: Login
        self.checking = set()  # of those passwords, what is being looked at
        self.pins = {}  # GPIO: what services.http.pins has made of it
        self.terminals = {}  # name: services.http.terminal.Port, also while no browser looks at it

    def enter(self, token, user, life, csrf):
        self.logins[token] = login = Login(user, life, csrf)
        return login

    def is_left(self):
        return not self.terminals


def context(certificate, key):
    """The SSLContext with the certificate and key of files in DER; Failure where that cannot be."""
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


def begin():
    """Start the service; Failure or OSError where it cannot be."""
    users.require_password()
    options = config.get(NAME) or {}
    certificate = options.get("certificate")
    tls = context(certificate, options.get("key")) if certificate else None
    if tls:
        drop()
        if gc.mem_free() < _TLS_MEMORY:
            raise Failure("", f"HTTPS needs {_TLS_MEMORY >> 10} KB of free memory, and {gc.mem_free() >> 10} are free")
    server = WebServer(
        NAME,
        "services.http",
        options.get("port", _TLS_PORT if tls else _PORT),
        options.get("clients", _CLIENTS),
        _STRANGERS,
        _IDLE_MS,
        b"" if tls else _FULL,
        _TLS_MEMORY if tls else _MEMORY,
    )
    server.tls = tls
    daemon.start(server)
    return server
