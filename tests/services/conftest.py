"""Fixtures for services: a board that runs them, with a console."""

import fcntl
import json
import re
import shutil
import socket
import subprocess
import time

import pytest
from harness import PATIENCE, ROOT

from services import browser
from services.clients import PASSWORD, unavailable
from services.desktop import Line
from services.web import Web
from simulator import environment

QUICK = {"login_ms": 20}  # a login that takes no time

MEASURE = """import gc
from process import memory
def __main__(args):
  gc.collect()
  memory.evict(True)
  gc.collect()
  print(gc.mem_alloc())
"""


class Board:
    """A running simulator: run() types a line at its console, connect() opens a connection to a service."""

    def __init__(self, console, offset):
        self.console = console
        self.offset = offset
        self.measures = False

    def run(self, line, timeout=PATIENCE):
        """Run a line of commands; returns (output, status)."""
        child = self.console.child
        child.send(line + "; echo e''nd-$?-\r")
        child.expect(r"end-(\d+)-", timeout=timeout)
        before = child.before.decode(errors="replace")
        status = int(child.match[1])
        child.expect_exact("$: ")
        text = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", before).replace("\r\n", "\n")
        return text.partition("-$?-\n")[2], status

    def configure(self, **settings):
        """Write system.conf."""
        text = json.dumps(settings)
        _, status = self.run(f"echo '{text}' > /etc/system.conf; loadconfig > /dev/null")
        assert status == 0

    def start(self, service, auth=True, **settings):
        """Start a service: with the user root, or without passwords."""
        self.configure(**QUICK, **settings, **({} if auth else {"auth": "none"}))
        if auth:
            output, status = self.run(f"setauth root {PASSWORD} {PASSWORD}")
            assert status == 0, output
        output, status = self.run(f"{service} start")
        assert status == 0, output

    def port(self, number):
        return number + self.offset

    def connect(self, number, timeout=PATIENCE):
        """A TCP connection to a service."""
        return socket.create_connection(("127.0.0.1", self.port(number)), timeout)

    def heap(self):
        """Bytes in use, without what is kept to be quick."""
        if not self.measures:
            self.run("printf '" + MEASURE.replace("\n", "\\n") + "' > /tmp/heap.py")
            self.measures = True
        output, status = self.run("/tmp/heap")
        assert status == 0
        return int(output)

    def wait(self, command, wanted, timeout=PATIENCE):
        """Run a command until its output has a text in it."""
        end = time.monotonic() + timeout
        while wanted not in (output := self.run(command)[0]):
            assert time.monotonic() < end, f"{wanted!r} is not in {output!r}"
        return output


@pytest.fixture(scope="session")
def installed():
    """Callable: the directory that the packages of a dependency group are installed in, without what those need."""

    def installed(group):
        wanted = environment.pins(group)
        place = ROOT / ".sim" / wanted[0].replace("==", "-")
        place.parent.mkdir(exist_ok=True)
        with open(f"{place}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (place / "installed").exists():
                command = [
                    environment.PYTHON,
                    "-m",
                    "pip",
                    "install",
                    "-q",
                    "--no-deps",
                    "--target",
                    str(place),
                    *wanted,
                ]
                done = subprocess.run(command, capture_output=True, text=True)
                if done.returncode:
                    unavailable(f"{wanted[0]} cannot be installed: {done.stderr[-300:]}")
                (place / "installed").touch()
        return place

    return installed


@pytest.fixture
def board(console, port_offset):
    """A running Board; options of the simulator are those of its console."""

    def board(**options):
        options = {"image": "romfs", "port_offset": port_offset, **options}
        console(**options)
        console.expect("$: ")
        return Board(console, options["port_offset"])

    return board


@pytest.fixture
def web(board):
    """Callable: a board with its web server, as Web; settings are those of system.conf."""

    def web(auth=True, settings=None, **options):
        return Web(board(**options), auth, **(settings or {}))

    return web


@pytest.fixture
def line(server):
    line = Line(server.port)
    yield line
    line.cut()
    line.listener.close()


@pytest.fixture
def page(server, line, tmp_path, require):
    """A page with the desktop, logged in."""
    next(filter(shutil.which, browser.NAMES), None) or require("chromium")
    page = browser.Browser(tmp_path / "profile")
    try:
        page.go(f"http://localhost:{line.port}/")
        page.wait("document.querySelector('#login')?.hidden === false")
        page.fill("#login [name=password]", PASSWORD)
        page.click("#login button")
        page.wait("document.querySelector('#app')?.hidden === false")
        page.messages.clear()  # the 401 that led to the login
        yield page
    finally:
        page.close()
