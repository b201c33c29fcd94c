# httpd: the web desktop, the files of the board and its JSON API, on microdot.
#
# In system.conf: "httpd": {"port": 80, "clients": 16, "hosts": [], "origins": []}; hosts are more names by which the
# board may be called, origins the web pages of others that may use /fs/ and /cp/ with a password.

import os

from micropython import const

from base import config, users
from services import daemon
from services.server import Server

NAME = "httpd"
_PORT = const(80)
_CLIENTS = const(16)
_STRANGERS = const(8)
_IDLE_MS = const(15_000)  # how long a connection is kept for the next request
_MEMORY = const(16_384)  # bytes free for another connection


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

    libraries = "microdot"

    def __init__(self, *limits):
        super().__init__(*limits)
        self.key = os.urandom(16)  # passwords that came with requests are kept as hashes with this
        self.logins = {}  # token: Login
        self.pins = {}  # GPIO: what services.http.pins has made of it
        self.terminals = {}  # name: services.http.terminal.Port, also while no browser looks at it

    def enter(self, token, user, life, csrf):
        self.logins[token] = login = Login(user, life, csrf)
        return login

    def is_left(self):
        return not self.terminals


def begin():
    """Start the service; Failure or OSError where it cannot be."""
    users.require_password()
    options = config.get(NAME) or {}
    server = WebServer(
        NAME,
        "services.http",
        options.get("port", _PORT),
        options.get("clients", _CLIENTS),
        _STRANGERS,
        _IDLE_MS,
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        _MEMORY,
    )
    daemon.start(server)
    return server
