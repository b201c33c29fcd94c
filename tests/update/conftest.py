"""Fixtures for updates: two releases, a board with the older one, and a server that a test controls."""

import http.server
import threading
from pathlib import Path

import pytest
from littlefs_check import Image

from release import serve
from update.proof import Proof
from update.releases import Releases, fresh


@pytest.fixture(scope="session")
def releases(tmp_path_factory):
    """The Releases; made once. Tests make others beside them."""
    return Releases(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def delivered(releases, tmp_path_factory):
    """A board with the older release, which knows what it has; tests take copies."""
    board = fresh(tmp_path_factory.mktemp("board") / "board.img", releases.old, releases.directory)
    run = board.run("upgrade -f /mnt/release/old")
    assert run.returncode == 0, run.stdout + run.stderr
    return board


@pytest.fixture
def board(delivered, tmp_path):
    """A test's own board, whose file system is checked after the test."""
    board = delivered.copy(tmp_path / "flash.img")
    yield board
    assert not Image(board.image).problems


@pytest.fixture(scope="session")
def proof(releases, tmp_path_factory):
    """The Proof; its phases are gone through once."""
    return Proof(releases, tmp_path_factory.mktemp("proof"))


class Server:
    """A server whose files a test can replace: files[name] is bytes or a function of the handler."""

    def __init__(self, directory, address="127.0.0.1"):
        self.files = {}
        self.requests = []  # (path, the range that was asked for)
        self.limit = None  # bytes of a body before the connection is cut
        outer = self

        class Handler(serve.Handler):
            quiet = True

            def __init__(self, *args):
                http.server.SimpleHTTPRequestHandler.__init__(self, *args, directory=directory)

            def do_GET(self):  # noqa: N802 (the name that http.server calls)
                outer.requests.append((self.path, self.headers.get("Range", "")))
                answer = outer.files.get(self.path[1:])
                if callable(answer):
                    answer(self)
                elif answer is not None:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                else:
                    if outer.limit and self.path.endswith(".tar"):
                        self.wfile = Cut(self.wfile, self.connection, outer.limit)
                    super().do_GET()

        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = "http://127.0.0.1:%d/" % self.port
        self.directory = Path(directory)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Cut:
    """A writer that cuts the connection after so many bytes, head and all."""

    def __init__(self, file, connection, limit):
        self.file = file
        self.connection = connection
        self.left = limit

    def write(self, data):
        if self.left < len(data):
            self.file.write(data[: self.left])
            self.file.flush()
            self.connection.shutdown(2)
            raise ConnectionAbortedError
        self.left -= len(data)
        return self.file.write(data)

    def __getattr__(self, name):
        return getattr(self.file, name)


@pytest.fixture
def server(releases):
    """The newer release on a Server."""
    server = Server(releases.directory / "new")
    yield server
    server.close()
