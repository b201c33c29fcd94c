"""A node: a board with the service micros, and the Load Modules of the real micrOS."""

import contextlib
import os
import subprocess
import sys

import pytest
from harness import PATIENCE, Console, copy_flash, free_ports, wait_until

from services.clients import receive
from services.conftest import Board

PORT = 9008
PASSWORD = "ADmin123"
END = b" $ "
KEY = bytes(range(32)).hex()  # of a fleet


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


def begin(board, settings, **more):
    """Start the service on a board on which /mods has the Load Modules; returns the Node."""
    board.configure(login_ms=20, micros=settings or {}, **more)
    lines = (
        "mkdir -p /local",
        "cp -r /mods /local/modules",
        f"printf '{PASSWORD}\\n{PASSWORD}\\n' | passwd micros",
    )
    for line in (*lines, "service start micros"):
        output, status = board.run(line)
        assert status == 0, output
    return Node(board)


def written(directory, files):
    """A directory with Load Modules: their text by name."""
    directory.mkdir(exist_ok=True)
    for name, text in dict(files).items():
        (directory / name).write_text(text)
    return directory


def give_key(node, key=KEY):
    output, status = node.board.run(f"echo {key} | micros key set")
    assert status == 0, output
    return output


def call(node, line):
    """What a call of another node has answered."""
    started, status = node.lm(f"'{line}'")
    assert status == 0 and started.endswith("'Starting'}"), started
    tag = started.split("'")[1]
    return wait_until(lambda: node.lm(f"task show {tag}")[0], tag)


@pytest.fixture
def node(board, tmp_path):
    """Callable: a Node; files are Load Modules by name, settings those of the node."""

    def node(files=(), settings=None, mount=None, **options):
        modules = written(tmp_path / "modules", files)
        found = board(mount=[f"{mount or modules}:/mods"], **options)
        return begin(found, settings, hostname="simulator")

    return node


@pytest.fixture(scope="module")
def nodes(pristine, tmp_path_factory):
    """Callable: another Node, as node() makes one, with a name; each has a simulator for the whole file."""
    with contextlib.ExitStack() as stack:

        def nodes(name, files=(), settings=None, **options):
            place = tmp_path_factory.mktemp(name)
            console = Console(lambda **image: copy_flash(pristine(**image), place / "flash.img"))
            stack.callback(console.close)
            offset = stack.enter_context(free_ports())
            mount = [f"{written(place / 'modules', files)}:/mods"]
            console(image="romfs", port_offset=offset, mount=mount, **options)
            console.expect("$: ")
            return begin(Board(console, offset), settings, hostname=name)

        yield nodes


@pytest.fixture(scope="session")
def toolkit(installed):
    """The directory that micrOS's own client is installed in."""
    return installed("micros")


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
