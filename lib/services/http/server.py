# The server of httpd and its state between connections. Resident while the service runs, so it is small. In __init__ it
# would take 1.1 kB more with a client.

import os
import sys

from services.server import Server


class Login:
    """A user who has logged in; services.http.access manages it."""

    def __init__(self, user, life, csrf):
        self.name = user.name
        self.hash = user.hash
        self.options = user.options
        self.life = life  # seconds of disuse after which it expires
        self.csrf = csrf
        self.used = 0  # ticks of its last use
        self.epoch = 0  # base.generation.count then


class WebServer(Server):
    """The server and its state between connections.

    That is nothing of a class whose module is given back meanwhile: it would keep it all in memory beside the next copy.
    """

    tls = None  # the SSLContext of HTTPS
    wait_ms = 20_000
    streams = 0  # of Load Modules that are being sent
    cast = None  # the stream of the camera while somebody watches
    frames = None  # [frames, bytes, frames that a viewer has missed] of the camera since it was first used
    called = None  # the last name by which it was called that is its own, and base.generation.count then

    def __init__(self, *limits):
        super().__init__(*limits)
        self.key = os.urandom(16)  # for the hashes of passwords sent with requests
        self.logins = {}  # token: Login
        self.checking = set()  # the hashes that are being checked
        self.pins = {}  # GPIO: its state as services.http.pins has set it
        self.terminals = {}  # name: services.http.terminal.Port, also while no browser looks at it

    def enter(self, token, user, life, csrf):
        self.logins[token] = login = Login(user, life, csrf)
        return login

    def unload_idle(self):
        session = sys.modules.get("services.http.session")
        if session:
            session.evict(self)

    def is_unused(self):
        return not self.terminals
