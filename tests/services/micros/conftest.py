"""A node: a board with the service micros, and the Load Modules of the real micrOS."""

import fcntl
import os
import subprocess
import sys

import pytest
from harness import PATIENCE, ROOT

from services.clients import receive
from simulator import environment

PORT = 9008
PASSWORD = "ADmin123"
END = b" $ "


class Node:
    """A board that runs the service."""

    def __init__(self, board):
        self.board = board

    def lm(self, line):
        """Run lm: (what it prints, status)."""
        output, status = self.board.run("lm " + line)
        return output.rstrip("\n"), status

    def open(self, password=PASSWORD):
        """A client's connection, logged in: its socket."""
        sock = self.board.connect(PORT)
        receive(sock, END)
        assert self.ask(sock, password) == "AuthOk"
        return sock

    def ask(self, sock, line, timeout=PATIENCE):
        """The answer to a line, without the prompt behind it."""
        sock.sendall(line.encode())
        text = receive(sock, END, timeout).decode()
        return text[: text.rfind("\n") + 1].rstrip("\n")


@pytest.fixture
def node(board, tmp_path):
    """Callable: a Node; files are Load Modules by name, settings those of the node."""

    def node(files=(), settings=None, mount=None, **options):
        modules = tmp_path / "modules"
        modules.mkdir(exist_ok=True)
        for name, text in dict(files).items():
            (modules / name).write_text(text)
        found = board(mount=[f"{mount or modules}:/mods"], **options)
        found.configure(login_ms=20, hostname="simulator", micros=settings or {})
        lines = (
            "mkdir -p /local",
            "cp -r /mods /local/modules",
            f"printf '{PASSWORD}\\n{PASSWORD}\\n' | passwd micros",
        )
        for line in (*lines, "service start micros"):
            output, status = found.run(line)
            assert status == 0, output
        return Node(found)

    return node


@pytest.fixture(scope="session")
def toolkit():
    """The directory that micrOS's own client is installed in, without what its desktop needs; once for all runs."""
    wanted = environment.pins("micros")
    place = ROOT / ".sim" / wanted[0].replace("==", "-")
    place.parent.mkdir(exist_ok=True)
    with open(f"{place}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "installed").exists():
            command = [environment.PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--target", str(place), *wanted]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                message = f"{wanted[0]} cannot be installed: {done.stderr[-300:]}"
                if os.environ.get("CI") == "true":
                    pytest.fail(message)
                pytest.skip(message)
            (place / "installed").touch()
    return place


@pytest.fixture
def client(toolkit, tmp_path):
    """Callable: run micrOS's client against a node's port, with words of its own or `SystemTest`: its output."""

    def client(node, *words, timeout=240):
        script = os.path.join(os.path.dirname(__file__), "client.py")
        port = str(node.board.port(PORT))
        command = [sys.executable, script, str(toolkit), port, str(tmp_path / "devices.json"), PASSWORD, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return client
