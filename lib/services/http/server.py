# The server of httpd, and what it keeps for its clients between their connections.
#
# It stays as long as the service runs, and with it all that this module has; so that is as little as can be.

import os
import sys

from services.server import Server


class Login:
    """Somebody who has logged in; services.http.access looks after it."""

    def __init__(self, user, life, csrf):
        self.name = user.name
        self.hash = user.hash
        self.options = user.options
        self.life = life  # seconds that it may be unused
        self.csrf = csrf
        self.used = 0  # when it was last
        self.epoch = 0  # base.generation.count then


class WebServer(Server):
    """The server, and what it keeps for clients between their connections.

    That is nothing of a class whose module is given back meanwhile: it would keep it all in memory beside the next copy.
    """

    libraries = "microdot_parts"
    tls = None  # the SSLContext of HTTPS
    wait_ms = 20_000
    called = None  # the last name by which it was called that is its own, and base.generation.count then

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

    def rest(self):
        session = sys.modules.get("services.http.session")
        if session:
            session.evict(self)

    def is_left(self):
        return not self.terminals
