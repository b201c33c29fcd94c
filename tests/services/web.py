"""A client of the web server: http.client with a password, and raw sockets for requests that no client would send."""

import base64
import http.client
import json
import re
import socket

from harness import PATIENCE

from services.clients import PASSWORD

PORT = 80
BASIC = {"Authorization": "Basic " + base64.b64encode(f"root:{PASSWORD}".encode()).decode()}


class Answer:
    """A reply: status, headers (any case), data."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.data = response.read()

    @property
    def text(self):
        return self.data.decode()

    @property
    def json(self):
        return json.loads(self.data)


class Web:
    """A board whose web server runs."""

    def __init__(self, board, auth=True, **settings):
        self.board = board
        board.start("uhttpd", auth=auth, **settings)
        self.port = board.port(PORT)
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def connect(self, timeout=PATIENCE):
        """An http.client connection, for several requests."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, headers=None, auth=True, connection=None):
        """Send a request; body may be bytes or what becomes JSON."""
        fields = {**(BASIC if auth else {}), **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        used = connection or self.connect()
        try:
            used.request(method, path, body, fields)
            return Answer(used.getresponse())
        finally:
            if not connection:
                used.close()

    def get(self, path, headers=None, **options):
        return self.ask("GET", path, None, headers, **options)

    def get_again(self, path):
        """get(), up to three times: a server that is short of memory may let a connection go, as it documents."""
        for _ in range(2):
            try:
                return self.get(path)
            except ConnectionError:
                pass
        try:
            return self.get(path)
        except ConnectionError as e:
            said = self.board.run("dmesg | tail -n 6; free; uhttpd status")[0]
            raise AssertionError(f"three times: {e!r}; the board says:\n{said}") from None

    def login(self, password=PASSWORD, user="root"):
        """Log in as a browser does; returns (the answer, the fields that its next requests have)."""
        answer = self.ask("POST", "/api/login", {"user": user, "password": password}, auth=False)
        if answer.status != 200:
            return answer, {}
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return answer, {"Cookie": cookie, "X-CSRF-Token": answer.json["csrf"]}

    def raw(self, data, timeout=PATIENCE):
        """Send bytes on a connection of their own; returns all that comes until the other end closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as sock:
            try:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return everything(sock)


def everything(sock):
    """Everything from a socket until its end."""
    found = b""
    try:
        while data := sock.recv(65536):
            found += data
    except ConnectionError:
        pass
    return found


def statuses(data):
    """The statuses of the replies in a stream of bytes."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+) ", data)]
