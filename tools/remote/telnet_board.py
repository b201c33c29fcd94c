"""A board in the network of which only telnet is running: a terminal, and no files."""

from urllib.parse import urlsplit

from remote.board import Board
from remote.line import TelnetLine

PORT = 23


class TelnetBoard(Board):
    """The terminal at a telnet address."""

    def __init__(self, host, port, user, password, address):
        parts = urlsplit(address)
        self.address = "telnet://%s%s" % (parts.hostname, ":%d" % parts.port if parts.port else "")
        self.login = host, port, user, password

    def terminal(self):
        return TelnetLine(*self.login)
